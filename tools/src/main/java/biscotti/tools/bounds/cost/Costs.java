package biscotti.tools.bounds.cost;

import biscotti.tools.bounds.code.Block;
import biscotti.tools.bounds.code.Body;
import biscotti.tools.bounds.code.DynamicCall;
import biscotti.tools.bounds.code.Node;
import biscotti.tools.bounds.code.Op;
import biscotti.tools.bounds.code.Region;
import biscotti.tools.bounds.code.Types;
import biscotti.tools.bounds.flow.CallGraph;
import biscotti.tools.bounds.flow.Finding;
import biscotti.tools.bounds.flow.HeapObject;
import biscotti.tools.bounds.flow.MethodClone;
import biscotti.tools.bounds.flow.Rule;
import biscotti.tools.bounds.flow.SizeExpression;
import biscotti.tools.bounds.range.Amount;
import biscotti.tools.bounds.range.Ranges;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * How much of the heap each method may take.
 *
 * <p>A method is looked at three times. <em>Allocated</em> is the sum of all that it and its callees make. <em>Kept</em>, seen
 * by a caller, is the part of it that is among a set of objects: those that outlive the caller, say. <em>Live</em> is the most
 * that is reachable at once: what the method itself makes adds up until it returns, but of what a callee makes only that which
 * the callee lets escape; and of a loop's round only what the next one can reach. The frames of a thread that sleeps are in
 * what is allocated only: {@link #asleep}.
 */
public final class Costs {
    private static final String ROUND = "biscotti/bounded/Round";

    /** An exception of the JDK with its message and where it was thrown: what {@link Reach#isComplaint} costs. */
    private static final long COMPLAINT = 2048;

    private record Seen(MethodClone of, BitSet kept) {}

    private record Loop(MethodClone of, Region region) {}

    private final CallGraph graph;
    private final Ranges ranges;
    private final ObjectLayout layout;
    private final Set<MethodClone> apart;
    private final LoopBounds bounds;
    private final Escape escape;
    private final Reach reach;
    private final CallOrder order;
    private final Map<MethodClone, BitSet> makes = new HashMap<>();
    private final Map<MethodClone, Summary> allocated = new HashMap<>();
    private final Map<MethodClone, Summary> live = new HashMap<>();
    private final Map<Seen, Summary> kept = new HashMap<>();
    private final Map<Body, Region> regions = new HashMap<>();
    private final Map<Loop, Long> rounds = new HashMap<>();
    private final Map<Loop, BitSet> survivors = new HashMap<>();
    private final Map<String, Finding> findings = new LinkedHashMap<>();
    private final Set<MethodClone> endless = new HashSet<>();
    private long asleep;

    /**
     * Finds the costs of all that {@code entries} may run.
     *
     * @param apart those of them whose cost is no part of that of others that call them
     */
    public Costs(
            CallGraph graph,
            Ranges ranges,
            ObjectLayout layout,
            Collection<MethodClone> entries,
            Set<MethodClone> apart) {
        this.graph = graph;
        this.ranges = ranges;
        this.layout = layout;
        this.apart = apart;
        this.bounds = new LoopBounds(ranges);
        this.escape = new Escape(graph);
        this.reach = new Reach(ranges);
        this.order = new CallOrder(entries, reach);
        for (List<MethodClone> group : order.groups()) {
            computeMakes(group);
            computeAllocated(group);
            group.forEach(clone -> live.put(clone, computeLive(clone)));
        }
    }

    // Results.

    /** All that a method may allocate in one round of the reservation. */
    public long allocated(MethodClone clone) {
        return allocated.get(clone).normal().worst();
    }

    /** The most that it may have reachable at once, on ways by which it returns. */
    public long live(MethodClone clone) {
        return live.get(clone).normal().worst();
    }

    /** The same on ways by which an exception leaves it. */
    public long liveOfException(MethodClone clone) {
        return live.get(clone).abrupt().worst();
    }

    /** What is left of it when it has returned. */
    public long kept(MethodClone clone) {
        return kept(clone, escape.of(clone)).normal().left();
    }

    /** What an instruction itself makes, without those it calls. */
    public long made(MethodClone clone, Node node) {
        return own(clone, node, object -> true, true).worst();
    }

    /** The most that a thread has for itself while it sleeps: no method's cost has that in it, but for what it allocates. */
    public long asleep() {
        return asleep;
    }

    /** Whether an object outlives the method that makes it. */
    public boolean escapes(MethodClone clone, HeapObject object) {
        return escape.of(clone).get(object.id());
    }

    /** The methods that may run, callees first. */
    public List<MethodClone> clones() {
        return order.groups().stream().flatMap(List::stream).toList();
    }

    /** Whether an instruction may run. */
    public boolean runs(MethodClone clone, Node node) {
        return order.contains(clone) && (node == null || reach.isReached(clone, node.block()));
    }

    /** Whether a method may run. */
    public boolean runs(MethodClone clone) {
        return order.contains(clone);
    }

    /** How often a loop goes round at most. */
    public long rounds(MethodClone clone, Region loop) {
        return rounds.computeIfAbsent(new Loop(clone, loop), l -> bounds.rounds(clone, loop));
    }

    /** The loops of a method. */
    public Region region(Body body) {
        return regions.computeIfAbsent(body, Region::of);
    }

    /** What makes a bound impossible. */
    public Collection<Finding> findings() {
        return findings.values();
    }

    private void report(MethodClone clone, Node node, Finding.Kind kind, String what) {
        Finding finding = new Finding(clone, node, kind, what);
        findings.putIfAbsent(finding.toString(), finding);
    }

    // What is made.

    private void computeMakes(List<MethodClone> group) {
        BitSet all = new BitSet();
        for (MethodClone clone : group) {
            clone.makingNodes().forEach(node -> clone.made(node).forEach(object -> all.set(object.id())));
            for (MethodClone callee : reach.callees(clone)) {
                if (makes.containsKey(callee)) {
                    all.or(makes.get(callee));
                }
            }
        }
        group.forEach(clone -> makes.put(clone, all));
    }

    private void computeAllocated(List<MethodClone> group) {
        boolean recursive = group.size() > 1 || calls(group.getFirst(), group.getFirst());
        for (MethodClone clone : group) {
            Summary sum = walk(
                    clone,
                    node -> cost(clone, node, () -> own(clone, node, object -> true, true), allocated::get),
                    (loop, round) -> Cost.repeated(rounds(clone, loop), round, round));
            allocated.put(clone, sum);
        }
        if (recursive
                && group.stream()
                        .anyMatch(clone -> allocated.get(clone).normal().worst() > 0)) {
            MethodClone first = group.getLast();
            report(
                    first,
                    null,
                    Finding.Kind.RECURSION,
                    "recursion that allocates: " + cycle(group) + "; walk in a loop instead");
            Cost unbounded = Cost.keeping(Amount.UNBOUNDED);
            group.forEach(clone -> {
                endless.add(clone);
                allocated.put(clone, new Summary(unbounded, unbounded));
            });
        }
    }

    private static boolean makesAnything(Summary summary) {
        return summary.normal().worst() > 0 || summary.abrupt().worst() > 0;
    }

    private boolean calls(MethodClone caller, MethodClone callee) {
        return reach.callees(caller).contains(callee);
    }

    /** A shortest way round within a group. */
    private String cycle(List<MethodClone> group) {
        MethodClone start = group.getLast();
        Map<MethodClone, MethodClone> from = new LinkedHashMap<>();
        List<MethodClone> open = new ArrayList<>(List.of(start));
        for (int i = 0; i < open.size(); i++) {
            for (MethodClone next : group) {
                if (calls(open.get(i), next) && from.putIfAbsent(next, open.get(i)) == null) {
                    open.add(next);
                }
            }
        }
        List<String> names = new ArrayList<>(List.of(start.toString()));
        for (MethodClone at = from.get(start); at != start && at != null; at = from.get(at)) {
            names.addFirst(at.toString());
        }
        names.addFirst(start.toString());
        return String.join(" -> ", names);
    }

    // What is live.

    private Summary computeLive(MethodClone clone) {
        if (endless.contains(clone)) {
            return allocated.get(clone);
        }
        if (!makesAnything(allocated.get(clone))) {
            return allocated.get(clone);
        }
        return walk(
                clone,
                node -> cost(clone, node, () -> own(clone, node, object -> true, false), this::seenByCaller),
                (loop, round) -> Cost.repeated(rounds(clone, loop), round, survivingRound(clone, loop)));
    }

    private Summary seenByCaller(MethodClone callee) {
        return live.get(callee).forgetting(kept(callee, escape.of(callee)));
    }

    private Cost survivingRound(MethodClone clone, Region loop) {
        BitSet left = survivors.computeIfAbsent(new Loop(clone, loop), l -> escape.survivors(clone, loop));
        Cost round = keptWalk(clone, left).round(loop);
        if (round.kept() > 0 && round.kept() < Amount.UNBOUNDED && rounds(clone, loop) >= Amount.UNBOUNDED) {
            report(
                    clone,
                    loop.header().nodes().stream()
                            .filter(node -> node.line() > 0)
                            .findFirst()
                            .orElse(null),
                    Finding.Kind.LOOP,
                    "a loop without a provable bound keeps " + Amount.text(round.kept())
                            + " bytes a round: limit it by a test against a constant, or begin a new round of the"
                            + " reservation in it");
        }
        return round;
    }

    /** What stays of a method's work among {@code wanted}. */
    private Summary kept(MethodClone clone, BitSet wanted) {
        if (endless.contains(clone)) {
            return allocated.get(clone);
        }
        BitSet relevant = (BitSet) makes.get(clone).clone();
        relevant.and(wanted);
        Seen seen = new Seen(clone, relevant);
        Summary known = kept.get(seen);
        if (known == null) {
            known = keptWalk(clone, relevant).of(region(clone.body().orElseThrow()));
            kept.put(seen, known);
        }
        return known;
    }

    private Walk keptWalk(MethodClone clone, BitSet wanted) {
        return new Walk(
                node -> cost(
                        clone,
                        node,
                        () -> own(clone, node, object -> wanted.get(object.id()), false),
                        callee -> kept(callee, wanted)),
                (loop, round) -> Cost.repeated(rounds(clone, loop), round, round),
                ways(clone),
                beginsRound(clone));
    }

    // What an instruction costs.

    private Summary walk(MethodClone clone, Function<Node, Summary> nodes, Walk.Loops loops) {
        return clone.body()
                .map(body -> new Walk(nodes, loops, ways(clone), beginsRound(clone)).of(region(body)))
                .orElse(Summary.NOTHING);
    }

    /** What the instruction makes itself, then the worst of what it may call. */
    private Summary cost(MethodClone clone, Node node, Supplier<Cost> itself, Function<MethodClone, Summary> callee) {
        if (reach.isComplaint(clone, node.block())) {
            return node.op() == Op.THROW ? new Summary(Cost.NOTHING, Cost.keeping(COMPLAINT)) : Summary.NOTHING;
        }
        Cost own = itself.get();
        Summary sum = own == Cost.NOTHING ? Summary.NOTHING : new Summary(own, own);
        Summary called = null;
        for (MethodClone.Target target : clone.calls(node)) {
            boolean counts = !order.isRecursive(clone, target.target()) && !isApart(clone, target.target());
            Summary one = counts ? callee.apply(target.target()) : Summary.NOTHING;
            called = called == null ? one : called.or(one);
        }
        if (called != null && clone.declared(node).isEmpty()) {
            sum = sum.then(called);
        } else if (called != null) {
            sum = sum.then(called.or(Summary.NOTHING));
        }
        return beginsRoundAlways(clone, node) ? sum.then(new Summary(Cost.ROUND, Cost.NEVER)) : sum;
    }

    private boolean isApart(MethodClone caller, MethodClone callee) {
        return apart.contains(callee) && !apart.contains(caller);
    }

    /**
     * What an instruction makes itself.
     *
     * @param counts which objects count as kept
     * @param allocating whether all that is made is counted: then what it makes for itself counts as kept, and also what its
     *     thread has while it sleeps
     */
    private Cost own(MethodClone clone, Node node, Predicate<HeapObject> counts, boolean allocating) {
        Set<HeapObject> made = clone.made(node);
        Set<Rule> rules = clone.declared(node);
        if (made.isEmpty() && rules.isEmpty()) {
            return Cost.NOTHING;
        }
        long all = 0;
        long stays = 0;
        for (HeapObject object : made) {
            long size = size(clone, node, object);
            all = Amount.add(all, size);
            stays = counts.test(object) ? Amount.add(stays, size) : stays;
        }
        long garbage = Amount.multiply(steps(node, allocating), all);
        long sleeps = 0;
        for (Rule rule : rules) {
            if (rule.kept().isPresent()) {
                long bytes = bytes(clone, node, rule.kept().get());
                all = Amount.add(all, bytes);
                stays = Amount.add(stays, bytes);
            }
            if (rule.garbage().isPresent()) {
                garbage = Math.max(garbage, bytes(clone, node, rule.garbage().get()));
            }
            if (rule.asleep().isPresent()) {
                sleeps = Math.max(sleeps, bytes(clone, node, rule.asleep().get()));
                asleep = Math.max(asleep, sleeps);
            }
            if (rule.bootOnly()) {
                report(
                        clone,
                        node,
                        Finding.Kind.START_ONLY,
                        rule.method() + " is for the kernel's start only: " + rule.reason());
            }
        }
        long passing = Amount.add(garbage, allocating ? sleeps : 0);
        return Cost.of(allocating ? Amount.add(stays, passing) : stays, Amount.add(all, passing));
    }

    /**
     * How many strings a concatenation makes on the way to its last one, at most as long as that: each argument's, and one for each
     * part that is joined. Two of them are needed at once.
     */
    private static long steps(Node node, boolean allocating) {
        if (node.op() != Op.INVOKE_DYNAMIC || !((DynamicCall) node.payload()).isConcatenation()) {
            return 0;
        }
        return allocating ? 3L * node.inputs().size() : 2;
    }

    private long size(MethodClone clone, Node node, HeapObject object) {
        if (!Types.isArray(object.type())) {
            if (graph.isLambda(object)) {
                return layout.lambda(graph.capturedTypes(object));
            }
            return layout.object(object.type());
        }
        long length = ranges.length(object);
        long size = layout.array(object.type(), length);
        if (node.op() == Op.NEW_ARRAY) {
            int dimension = ((String) node.payload()).length() - object.type().length();
            for (int i = 0; i < dimension; i++) {
                size = Amount.multiply(
                        size, Math.max(0, ranges.of(clone, node.input(i)).high()));
            }
        }
        if (size >= Amount.UNBOUNDED) {
            report(
                    clone,
                    node,
                    Finding.Kind.ARRAY,
                    "the length of " + object.describe()
                            + " has no provable limit: compare it with a constant, or make it smaller of the two");
        }
        return size;
    }

    private long bytes(MethodClone clone, Node node, SizeExpression expression) {
        return expression.evaluate(unit -> switch (unit) {
            case SizeExpression.One one -> 1;
            case SizeExpression.LengthOf length -> ranges.longest(clone.variable(node.input(length.argument())));
            case SizeExpression.ValueOf value -> {
                long greatest = ranges.of(clone, node.input(value.argument())).high();
                yield greatest >= Integer.MAX_VALUE ? Amount.UNBOUNDED : Math.max(0, greatest);
            }
            case SizeExpression.Least least -> Math.min(bytes(clone, node, least.a()), bytes(clone, node, least.b()));
            case SizeExpression.ObjectOf object -> layout.object(object.type());
            case SizeExpression.ArrayOf array -> layout.array("[" + array.type(), bytes(clone, node, array.length()));
            case SizeExpression.Named named ->
                switch (named.name()) {
                    case "park" -> layout.machine().park();
                    case "backtrace" -> layout.machine().backtrace();
                    default -> throw new IllegalArgumentException("no such size: " + named.name());
                };
        });
    }

    private BiPredicate<Block, Block> ways(MethodClone clone) {
        return (from, to) -> reach.isOpen(clone, from, to);
    }

    // Rounds of the reservation.

    private boolean isRound(MethodClone clone, Node node) {
        return node.op() == Op.INVOKE
                && clone.calls(node).stream()
                        .anyMatch(target ->
                                target.target().method().annotation(ROUND).isPresent());
    }

    private boolean beginsRoundAlways(MethodClone clone, Node node) {
        return node.kind().slotSize() == 0 && isRound(clone, node);
    }

    private Predicate<Node> beginsRound(MethodClone clone) {
        return node -> node.kind().slotSize() == 1 && isRound(clone, node);
    }
}
