package biscotti.tools.bounds.cost;

import biscotti.tools.bounds.code.Block;
import biscotti.tools.bounds.code.Node;
import biscotti.tools.bounds.code.Op;
import biscotti.tools.bounds.code.Region;
import biscotti.tools.bounds.flow.CallGraph;
import biscotti.tools.bounds.flow.HeapObject;
import biscotti.tools.bounds.flow.MethodClone;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Which objects outlive what made them: those that can be reached from what a method was given, from what it returns or
 * throws, or from static fields, are still there when it has returned; of the others nothing is left.
 */
final class Escape {
    private final CallGraph graph;
    private final BitSet global;
    private final Map<MethodClone, BitSet> escaping = new HashMap<>();

    Escape(CallGraph graph) {
        this.graph = graph;
        BitSet roots = new BitSet();
        graph.statics().forEach(variable -> graph.forEachHeld(variable, roots::set));
        graph.forEachHeld(graph.thrown(), roots::set);
        for (HeapObject object : graph.objects()) {
            if (object.maker().isEmpty()) {
                roots.set(object.id());
            }
        }
        this.global = reachable(roots);
    }

    /** The objects that may be reached when {@code clone} has returned. */
    BitSet of(MethodClone clone) {
        return escaping.computeIfAbsent(clone, c -> reachable(roots(c)));
    }

    private BitSet roots(MethodClone clone) {
        BitSet roots = (BitSet) global.clone();
        graph.forEachHeld(clone.result(), roots::set);
        clone.body().ifPresent(body -> {
            for (Node parameter : body.parameters()) {
                if (parameter.isReference()) {
                    graph.forEachHeld(clone.variable(parameter), roots::set);
                }
            }
        });
        return roots;
    }

    /** The objects that a round of a loop may leave to the next, or to what comes behind. */
    BitSet survivors(MethodClone clone, Region loop) {
        BitSet roots = roots(clone);
        for (Block block : clone.body().orElseThrow().blocks()) {
            boolean inside = loop.blocks().contains(block);
            for (Node node : block.nodes()) {
                if (node.isReference() && (!inside || node.op() == Op.PHI && block == loop.header())) {
                    graph.forEachHeld(clone.variable(node), roots::set);
                }
                if (!inside) {
                    addUsed(clone, loop, node, roots);
                }
            }
        }
        return reachable(roots);
    }

    private void addUsed(MethodClone clone, Region loop, Node user, BitSet roots) {
        for (Node input : user.inputs()) {
            if (input.isReference() && loop.blocks().contains(input.block())) {
                graph.forEachHeld(clone.variable(input), roots::set);
            }
        }
    }

    private BitSet reachable(BitSet roots) {
        BitSet reached = (BitSet) roots.clone();
        Deque<Integer> open = new ArrayDeque<>();
        roots.stream().forEach(open::push);
        while (!open.isEmpty()) {
            for (int variable : graph.objects().get(open.pop()).fields().values()) {
                graph.forEachHeld(variable, object -> {
                    if (!reached.get(object)) {
                        reached.set(object);
                        open.push(object);
                    }
                });
            }
        }
        return reached;
    }
}
