package biscotti.tools.bounds.cost;

import biscotti.tools.bounds.code.Block;
import biscotti.tools.bounds.code.Node;
import biscotti.tools.bounds.code.Op;
import biscotti.tools.bounds.code.Region;
import biscotti.tools.bounds.code.Relation;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/** Adds up the costs of a method's instructions along all ways through it, and takes the worst. */
final class Walk {
    /** What a loop's rounds cost: how often it goes round is a question of the loop, what survives a round too. */
    interface Loops {
        /** The cost of going round, up to its header again. */
        Cost repeated(Region loop, Cost round);
    }

    /** What leaves a region: to which blocks, by return, by exception. */
    private static final class Exits {
        final Map<Block, Cost> to = new HashMap<>();
        Cost normal = Cost.NEVER;
        Cost abrupt = Cost.NEVER;

        void add(Block block, Cost cost) {
            to.merge(block, cost, Cost::or);
        }
    }

    private final Function<Node, Summary> nodes;
    private final Loops loops;
    private final BiPredicate<Block, Block> ways;
    private final Predicate<Node> beginsRound;

    /**
     * @param nodes what each instruction costs
     * @param loops what loops cost
     * @param ways where it can go
     * @param beginsRound whether a number is the answer of a method that begins a new round of the reservation
     */
    Walk(Function<Node, Summary> nodes, Loops loops, BiPredicate<Block, Block> ways, Predicate<Node> beginsRound) {
        this.nodes = nodes;
        this.loops = loops;
        this.ways = ways;
        this.beginsRound = beginsRound;
    }

    /** The cost of a method. */
    Summary of(Region method) {
        Exits exits = walk(method);
        return new Summary(exits.normal, exits.abrupt);
    }

    /** The cost of one round of a loop. */
    Cost round(Region loop) {
        return walk(loop).to.getOrDefault(loop.header(), Cost.NEVER);
    }

    private Exits walk(Region region) {
        Exits exits = new Exits();
        Map<Block, Cost> reached = new HashMap<>();
        reached.put(region.header(), Cost.NOTHING);
        for (Region.Part part : region.parts()) {
            Block start = switch (part) {
                case Region.Single single -> single.block();
                case Region.Inner inner -> inner.loop().header();
            };
            Cost before = reached.get(start);
            if (before != null && before.isPossible()) {
                Exits out = switch (part) {
                    case Region.Single single -> leave(single.block(), before);
                    case Region.Inner inner -> leave(inner.loop(), before);
                };
                exits.normal = exits.normal.or(out.normal);
                exits.abrupt = exits.abrupt.or(out.abrupt);
                out.to.forEach((to, cost) -> {
                    if (to != region.header() && region.blocks().contains(to)) {
                        reached.merge(to, cost, Cost::or);
                    } else {
                        exits.add(to, cost);
                    }
                });
            }
        }
        return exits;
    }

    private Exits leave(Region loop, Cost before) {
        Exits once = walk(loop);
        Cost round = once.to.getOrDefault(loop.header(), Cost.NEVER);
        Cost all = before.then(loops.repeated(loop, round));
        Exits out = new Exits();
        once.to.forEach((to, cost) -> {
            if (to != loop.header()) {
                out.add(to, all.then(cost));
            }
        });
        out.normal = all.then(once.normal);
        out.abrupt = all.then(once.abrupt);
        return out;
    }

    private Exits leave(Block block, Cost before) {
        Exits out = new Exits();
        Cost now = before;
        Cost thrown = Cost.NEVER;
        for (Node node : block.nodes()) {
            Summary cost = nodes.apply(node);
            if (node.op() == Op.THROW) {
                thrown = thrown.or(now);
            }
            thrown = thrown.or(now.then(cost.abrupt()));
            now = now.then(cost.normal());
            if (node.op() == Op.RETURN) {
                out.normal = now;
            }
        }
        out.abrupt = thrown;
        for (Block next : block.successors()) {
            if (ways.test(block, next)) {
                out.add(next, beginsRound(block, next) ? now.then(Cost.ROUND) : now);
            }
        }
        Cost interrupted = before.or(now).or(thrown);
        block.handlers().forEach(handler -> out.add(handler, interrupted));
        return out;
    }

    /** Whether a block goes to {@code next} only if a new round has begun. */
    private boolean beginsRound(Block block, Block next) {
        if (block.branch().isEmpty()) {
            return false;
        }
        Block.Branch branch = block.branch().get();
        Relation relation =
                next == branch.taken() ? branch.relation() : branch.relation().negated();
        return branch.taken() != branch.otherwise()
                && beginsRound.test(branch.left())
                && branch.right().isConstant(0)
                && relation == Relation.NE;
    }
}
