package biscotti.tools.bounds;

import biscotti.tools.bounds.code.Node;
import biscotti.tools.bounds.cost.Costs;
import biscotti.tools.bounds.flow.MethodClone;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where an entry's bytes come from.
 *
 * @param text a method with the line that calls it, or an object with the line that makes it
 * @param live the most that is reachable at once
 * @param kept what stays of it
 * @param parts what it calls and makes, the most expensive first
 */
public record CallTree(String text, long live, long kept, List<CallTree> parts) {
    private static final int MAX_DEPTH = 24;
    private static final int MAX_PARTS = 8;

    /** The tree below a method. */
    public static CallTree of(Costs costs, MethodClone root) {
        return method(costs, root, root.toString(), new HashSet<>(), 0);
    }

    private static CallTree method(Costs costs, MethodClone clone, String text, Set<MethodClone> seen, int depth) {
        List<CallTree> parts = new ArrayList<>();
        if (seen.add(clone) && depth < MAX_DEPTH) {
            for (Node node : clone.callingNodes()) {
                if (!costs.runs(clone, node)) {
                    continue;
                }
                clone.calls(node).stream()
                        .map(MethodClone.Target::target)
                        .filter(costs::runs)
                        .max(Comparator.comparingLong(costs::live))
                        .filter(callee -> costs.live(callee) > 0)
                        .ifPresent(callee ->
                                parts.add(method(costs, callee, callee + " at line " + node.line(), seen, depth + 1)));
            }
            for (Node node : made(clone)) {
                long bytes = costs.made(clone, node);
                if (bytes > 0) {
                    parts.add(new CallTree(describe(costs, clone, node), bytes, 0, List.of()));
                }
            }
            parts.sort(Comparator.comparingLong(CallTree::live).reversed());
        }
        List<CallTree> worst = List.copyOf(parts.subList(0, Math.min(MAX_PARTS, parts.size())));
        return new CallTree(text, costs.live(clone), costs.kept(clone), worst);
    }

    private static Set<Node> made(MethodClone clone) {
        Set<Node> nodes = new HashSet<>(clone.makingNodes());
        nodes.addAll(clone.declaringNodes());
        return nodes;
    }

    private static String describe(Costs costs, MethodClone clone, Node node) {
        String objects = clone.made(node).stream()
                .map(object -> object.describe() + (costs.escapes(clone, object) ? "" : " (dies here)"))
                .distinct()
                .collect(Collectors.joining(", "));
        String rules = clone.declared(node).stream().map(rule -> rule.method()).collect(Collectors.joining(", "));
        String both = objects.isEmpty() ? rules : objects;
        return both + " at line " + (node == null ? 0 : node.line());
    }

    /** Whether it is an object rather than a method. */
    boolean isLeaf() {
        return parts.isEmpty();
    }
}
