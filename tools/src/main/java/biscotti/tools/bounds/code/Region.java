package biscotti.tools.bounds.code;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Blocks in an order in which each comes after all that lead to it, but for the ways back to the region's header; loops are
 * regions of their own. A method is a region, too.
 *
 * @param header where it is entered
 * @param blocks all its blocks, those of inner loops among them
 * @param parts its blocks and inner loops, in order
 */
public record Region(Block header, Set<Block> blocks, List<Part> parts) {
    /** A block or an inner loop. */
    public sealed interface Part {}

    /** A block that is in no inner loop. */
    public record Single(Block block) implements Part {}

    /** An inner loop. */
    public record Inner(Region loop) implements Part {}

    /** The region of a whole method. */
    public static Region of(Body body) {
        return region(body.blocks().getFirst(), new LinkedHashSet<>(body.blocks()));
    }

    private static Region region(Block header, Set<Block> blocks) {
        List<List<Block>> components = new Components(header, blocks).find();
        Map<Block, Integer> component = new HashMap<>();
        for (int i = 0; i < components.size(); i++) {
            for (Block block : components.get(i)) {
                component.put(block, i);
            }
        }
        List<Part> parts = new ArrayList<>();
        for (int i = components.size() - 1; i >= 0; i--) {
            List<Block> members = components.get(i);
            Block first = members.getFirst();
            if (members.size() == 1 && (first == header || !next(first).contains(first))) {
                parts.add(new Single(first));
            } else {
                parts.add(
                        new Inner(region(entry(members, component, i, blocks, header), new LinkedHashSet<>(members))));
            }
        }
        return new Region(header, blocks, parts);
    }

    /** The member that is entered from outside; the first of them, should there be several. */
    private static Block entry(
            List<Block> members, Map<Block, Integer> component, int index, Set<Block> blocks, Block header) {
        Set<Block> entered = new HashSet<>();
        for (Block block : blocks) {
            if (component.getOrDefault(block, index) != index) {
                entered.addAll(next(block));
            }
        }
        Block best = null;
        for (Block member : members) {
            if (entered.contains(member) && (best == null || member.index() < best.index())) {
                best = member;
            }
        }
        return best == null ? header : best;
    }

    /** All blocks that may follow, by exceptions, too. */
    static List<Block> next(Block block) {
        List<Block> next = new ArrayList<>(block.successors());
        next.addAll(block.handlers());
        return next;
    }

    /** This region's loops, inner ones of inner ones among them. */
    public List<Region> loops() {
        List<Region> loops = new ArrayList<>();
        for (Part part : parts) {
            if (part instanceof Inner inner) {
                loops.add(inner.loop());
                loops.addAll(inner.loop().loops());
            }
        }
        return loops;
    }

    /** Whether each way round this loop goes through {@code block}. */
    public boolean isOnEveryRound(Block block) {
        if (block == header) {
            return true;
        }
        Set<Block> seen = new HashSet<>();
        Deque<Block> open = new ArrayDeque<>();
        open.push(header);
        while (!open.isEmpty()) {
            for (Block next : next(open.pop())) {
                if (next == header) {
                    return false;
                }
                if (next != block && blocks.contains(next) && seen.add(next)) {
                    open.push(next);
                }
            }
        }
        return true;
    }

    /** Tarjan's strongly connected components, without the ways back to the header. */
    private static final class Components {
        private final Block header;
        private final Set<Block> blocks;
        private final List<List<Block>> found = new ArrayList<>();
        private final Map<Block, Integer> number = new HashMap<>();
        private final Map<Block, Integer> low = new HashMap<>();
        private final Deque<Block> stack = new ArrayDeque<>();
        private final Set<Block> onStack = new HashSet<>();

        Components(Block header, Set<Block> blocks) {
            this.header = header;
            this.blocks = blocks;
        }

        List<List<Block>> find() {
            Deque<Block> path = new ArrayDeque<>();
            Map<Block, Integer> at = new HashMap<>();
            enter(header, path);
            while (!path.isEmpty()) {
                Block block = path.peek();
                List<Block> next = next(block);
                int i = at.merge(block, 1, Integer::sum) - 1;
                if (i < next.size()) {
                    visit(block, next.get(i), path);
                } else {
                    path.pop();
                    leave(block, path.peek());
                }
            }
            return found;
        }

        private void enter(Block block, Deque<Block> path) {
            number.put(block, number.size());
            low.put(block, number.get(block));
            stack.push(block);
            onStack.add(block);
            path.push(block);
        }

        private void visit(Block block, Block next, Deque<Block> path) {
            if (next == header || !blocks.contains(next)) {
                return;
            }
            if (!number.containsKey(next)) {
                enter(next, path);
            } else if (onStack.contains(next)) {
                low.merge(block, number.get(next), Math::min);
            }
        }

        private void leave(Block block, Block parent) {
            if (parent != null) {
                low.merge(parent, low.get(block), Math::min);
            }
            if (low.get(block).equals(number.get(block))) {
                List<Block> members = new ArrayList<>();
                Block member;
                do {
                    member = stack.pop();
                    onStack.remove(member);
                    members.add(member);
                } while (member != block);
                found.add(members);
            }
        }
    }
}
