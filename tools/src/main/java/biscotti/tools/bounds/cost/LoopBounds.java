package biscotti.tools.bounds.cost;

import biscotti.tools.bounds.code.Block;
import biscotti.tools.bounds.code.Node;
import biscotti.tools.bounds.code.Op;
import biscotti.tools.bounds.code.Region;
import biscotti.tools.bounds.code.Relation;
import biscotti.tools.bounds.flow.MethodClone;
import biscotti.tools.bounds.range.Amount;
import biscotti.tools.bounds.range.Interval;
import biscotti.tools.bounds.range.Ranges;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How often loops go round, by a test that each round passes: of a variable that grows by a constant against something that is
 * never greater than a constant, the mirror image of that, or of a number that loses bits until it is 0.
 */
final class LoopBounds {
    /** A loop whose number loses a bit each round. */
    private static final int BITS = 64;

    private final Ranges ranges;

    LoopBounds(Ranges ranges) {
        this.ranges = ranges;
    }

    /** How often a loop is gone through as a whole at most. */
    long rounds(MethodClone clone, Region loop) {
        long least = Amount.UNBOUNDED;
        for (Block block : loop.blocks()) {
            if (block.branch().isPresent() && loop.isOnEveryRound(block)) {
                least = Math.min(least, rounds(clone, loop, block.branch().get()));
            }
        }
        return least;
    }

    private long rounds(MethodClone clone, Region loop, Block.Branch branch) {
        boolean staysIfSo = loop.blocks().contains(branch.taken());
        if (staysIfSo == loop.blocks().contains(branch.otherwise())) {
            return Amount.UNBOUNDED;
        }
        Relation stays = staysIfSo ? branch.relation() : branch.relation().negated();
        return Math.min(
                rounds(clone, loop, branch.left(), stays, branch.right()),
                rounds(clone, loop, branch.right(), stays.mirrored(), branch.left()));
    }

    /** How often {@code tested} can stand in relation {@code stays} to {@code limit}. */
    private long rounds(MethodClone clone, Region loop, Node tested, Relation stays, Node limit) {
        long offset = 0;
        Node at = plain(tested);
        while (at.op() == Op.ADD && at.input(1).op() == Op.CONSTANT && !isCounter(at, loop)) {
            offset += (Long) at.input(1).payload();
            at = plain(at.input(0));
        }
        if (!isCounter(at, loop)) {
            return Amount.UNBOUNDED;
        }
        if (losesBits(at, loop) && (stays == Relation.NE || stays == Relation.GT) && limit.isConstant(0)) {
            return BITS;
        }
        OptionalLong step = step(at, loop);
        Interval start = start(clone, at, loop);
        Interval end = ranges.of(clone, limit);
        if (step.isEmpty() || start.isEmpty() || end.isEmpty()) {
            return Amount.UNBOUNDED;
        }
        long distance;
        if (step.getAsLong() > 0 && (stays == Relation.LT || stays == Relation.LE)) {
            distance = distance(start.low(), offset, end.high(), stays == Relation.LE);
        } else if (step.getAsLong() < 0 && (stays == Relation.GT || stays == Relation.GE)) {
            distance = distance(-start.high(), -offset, -end.low(), stays == Relation.GE);
        } else {
            return Amount.UNBOUNDED;
        }
        return distance >= Integer.MAX_VALUE / 2
                ? Amount.UNBOUNDED
                : Math.ceilDiv(distance, Math.abs(step.getAsLong()));
    }

    /** From {@code start + offset} to {@code end}; not below 0. */
    private static long distance(long start, long offset, long end, boolean included) {
        if (start < -Amount.UNBOUNDED || end > Amount.UNBOUNDED || end < -Amount.UNBOUNDED) {
            return Amount.UNBOUNDED;
        }
        return Math.max(0, end - start - offset + (included ? 1 : 0));
    }

    private static boolean isCounter(Node node, Region loop) {
        return node.op() == Op.PHI && node.block() == loop.header();
    }

    /** The value itself, whatever tests it passed. */
    private static Node plain(Node node) {
        Node at = node;
        while (at.op() == Op.PI) {
            at = at.input(0);
        }
        return at;
    }

    private Interval start(MethodClone clone, Node counter, Region loop) {
        Interval start = Interval.NONE;
        for (Node input : counter.inputs()) {
            if (!loop.blocks().contains(input.block())) {
                start = start.join(ranges.of(clone, input));
            }
        }
        return start;
    }

    /** By how much a counter changes each round at least; empty if not always by a constant of one sign. */
    private static OptionalLong step(Node counter, Region loop) {
        long least = 0;
        for (Node input : counter.inputs()) {
            if (loop.blocks().contains(input.block())) {
                OptionalLong step = distance(input, counter, new HashSet<>());
                if (step.isEmpty() || step.getAsLong() == 0 || least != 0 && least > 0 != step.getAsLong() > 0) {
                    return OptionalLong.empty();
                }
                least = least == 0 || Math.abs(step.getAsLong()) < Math.abs(least) ? step.getAsLong() : least;
            }
        }
        return least == 0 ? OptionalLong.empty() : OptionalLong.of(least);
    }

    /** What was added to {@code counter} to make {@code node}; of several ways the least, if all have one sign. */
    private static OptionalLong distance(Node node, Node counter, Set<Node> seen) {
        if (node == counter) {
            return OptionalLong.of(0);
        }
        return switch (node.op()) {
            case PI -> distance(node.input(0), counter, seen);
            case ADD, SUB -> {
                OptionalLong before = distance(node.input(0), counter, seen);
                if (before.isEmpty() || node.input(1).op() != Op.CONSTANT) {
                    yield OptionalLong.empty();
                }
                long change = (Long) node.input(1).payload();
                yield OptionalLong.of(before.getAsLong() + (node.op() == Op.ADD ? change : -change));
            }
            case PHI -> seen.add(node) ? nearest(node, counter, seen) : OptionalLong.empty();
            default -> OptionalLong.empty();
        };
    }

    private static OptionalLong nearest(Node phi, Node counter, Set<Node> seen) {
        OptionalLong nearest = OptionalLong.empty();
        for (Node input : phi.inputs()) {
            OptionalLong one = distance(input, counter, seen);
            if (one.isEmpty()
                    || nearest.isPresent() && Long.signum(one.getAsLong()) != Long.signum(nearest.getAsLong())) {
                return OptionalLong.empty();
            }
            if (nearest.isEmpty() || Math.abs(one.getAsLong()) < Math.abs(nearest.getAsLong())) {
                nearest = one;
            }
        }
        return nearest;
    }

    /** Whether each round makes {@code x & (x - 1)} of it, or shifts it to the right. */
    private static boolean losesBits(Node counter, Region loop) {
        boolean loses = false;
        for (Node input : counter.inputs()) {
            if (loop.blocks().contains(input.block())) {
                if (!losesBit(plain(input), counter)) {
                    return false;
                }
                loses = true;
            }
        }
        return loses;
    }

    private static boolean losesBit(Node next, Node counter) {
        if (next.op() == Op.USHR) {
            return plain(next.input(0)) == counter
                    && next.input(1).op() == Op.CONSTANT
                    && (Long) next.input(1).payload() > 0;
        }
        if (next.op() != Op.AND || plain(next.input(0)) != counter) {
            return false;
        }
        Node less = plain(next.input(1));
        boolean minusOne = less.op() == Op.SUB && less.input(1).isConstant(1)
                || less.op() == Op.ADD && less.input(1).isConstant(-1);
        return minusOne && plain(less.input(0)) == counter;
    }
}
