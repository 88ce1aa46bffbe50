package biscotti.tools.bounds.code;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Removes the phis that join nothing and those that nobody uses. */
final class PhiCleaner {
    private final List<Block> blocks;
    private final Map<Node, Node> replaced = new IdentityHashMap<>();

    PhiCleaner(List<Block> blocks) {
        this.blocks = blocks;
    }

    void clean() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Block block : blocks) {
                for (Node node : block.nodes()) {
                    changed |= node.op() == Op.PHI && !replaced.containsKey(node) && simplify(node);
                }
            }
        }
        for (Block block : blocks) {
            block.nodes().removeIf(replaced::containsKey);
            block.nodes().forEach(node -> node.inputs().replaceAll(this::resolve));
            if (block.branch != null) {
                Block.Branch old = block.branch;
                block.branch = new Block.Branch(
                        old.relation(), resolve(old.left()), resolve(old.right()), old.taken(), old.otherwise());
            }
        }
        removeUnused();
    }

    /** A phi whose inputs are all one value, but for itself, is that value. */
    private boolean simplify(Node phi) {
        Node only = null;
        for (Node input : phi.inputs()) {
            Node value = resolve(input);
            if (value != phi && value != only) {
                if (only != null) {
                    return false;
                }
                only = value;
            }
        }
        if (only == null) {
            return false;
        }
        replaced.put(phi, only);
        return true;
    }

    private Node resolve(Node node) {
        Node at = node;
        for (Node next = replaced.get(at); next != null; next = replaced.get(at)) {
            at = next;
        }
        return at;
    }

    private void removeUnused() {
        Set<Node> used = new HashSet<>();
        Deque<Node> open = new ArrayDeque<>();
        for (Block block : blocks) {
            block.nodes().stream()
                    .filter(node -> node.op() != Op.PHI && node.op() != Op.PI)
                    .forEach(open::push);
            block.branch().ifPresent(branch -> {
                open.push(branch.left());
                open.push(branch.right());
            });
        }
        while (!open.isEmpty()) {
            Node node = open.pop();
            if (used.add(node)) {
                node.inputs().forEach(open::push);
            }
        }
        blocks.forEach(block -> block.nodes().removeIf(node -> !used.contains(node)));
    }
}
