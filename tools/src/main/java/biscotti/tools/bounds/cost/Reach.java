package biscotti.tools.bounds.cost;

import biscotti.tools.bounds.code.Block;
import biscotti.tools.bounds.code.Body;
import biscotti.tools.bounds.code.Node;
import biscotti.tools.bounds.code.Op;
import biscotti.tools.bounds.flow.MethodClone;
import biscotti.tools.bounds.range.Ranges;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which blocks of a method can be reached at all, given the numbers that it tests. */
final class Reach {
    private final Ranges ranges;
    private final Map<Body, Set<Block>> returning = new HashMap<>();
    private final Map<MethodClone, Set<Block>> reached = new HashMap<>();

    Reach(Ranges ranges) {
        this.ranges = ranges;
    }

    /** Whether the test at a block's end may lead to {@code to}. */
    boolean isOpen(MethodClone clone, Block from, Block to) {
        return from.branch()
                .map(branch -> branch.taken() == branch.otherwise()
                        || ranges.mayHold(
                                clone,
                                branch.left(),
                                to == branch.taken()
                                        ? branch.relation()
                                        : branch.relation().negated(),
                                branch.right()))
                .orElse(true);
    }

    /**
     * Whether a block of the JDK can only lead to an exception that the JDK throws: the kernel calls it with arguments for
     * which it does not, so this is a bug of the kernel's.
     */
    boolean isComplaint(MethodClone clone, Block block) {
        return !clone.method().owner().isKernel()
                && !returning
                        .computeIfAbsent(clone.body().orElseThrow(), Reach::returning)
                        .contains(block);
    }

    /** The blocks from which a method can still return. */
    private static Set<Block> returning(Body body) {
        Set<Block> returning = new HashSet<>();
        boolean grew = true;
        while (grew) {
            grew = false;
            for (Block block : body.blocks()) {
                boolean returns = block.nodes().stream().anyMatch(node -> node.op() == Op.RETURN)
                        || block.successors().stream().anyMatch(returning::contains);
                grew |= returns && returning.add(block);
            }
        }
        return returning;
    }

    /** Whether a block can be reached without a bug. */
    boolean isReached(MethodClone clone, Block block) {
        return !isComplaint(clone, block)
                && reached.computeIfAbsent(clone, this::reach).contains(block);
    }

    private Set<Block> reach(MethodClone clone) {
        Set<Block> found = new HashSet<>();
        Deque<Block> open = new ArrayDeque<>();
        clone.body().ifPresent(body -> open.push(body.blocks().getFirst()));
        while (!open.isEmpty()) {
            Block block = open.pop();
            if (found.add(block)) {
                block.successors().stream()
                        .filter(next -> isOpen(clone, block, next))
                        .forEach(open::push);
                block.handlers().forEach(open::push);
            }
        }
        return found;
    }

    /** The methods that a method may call. */
    List<MethodClone> callees(MethodClone clone) {
        Set<MethodClone> all = new LinkedHashSet<>();
        for (Node node : clone.callingNodes()) {
            if (node == null || isReached(clone, node.block())) {
                clone.calls(node).forEach(target -> all.add(target.target()));
            }
        }
        return List.copyOf(all);
    }
}
