package biscotti.tools.bounds;

import biscotti.tools.bounds.code.Body;
import biscotti.tools.bounds.code.ClassWorld;
import biscotti.tools.bounds.code.DynamicCall;
import biscotti.tools.bounds.code.LoadedClass;
import biscotti.tools.bounds.code.Method;
import biscotti.tools.bounds.code.Node;
import biscotti.tools.bounds.code.Op;
import biscotti.tools.bounds.code.Region;
import biscotti.tools.bounds.cost.Costs;
import biscotti.tools.bounds.cost.MachineLayout;
import biscotti.tools.bounds.cost.ObjectLayout;
import biscotti.tools.bounds.flow.CallGraph;
import biscotti.tools.bounds.flow.Finding;
import biscotti.tools.bounds.flow.JdkCosts;
import biscotti.tools.bounds.flow.MethodClone;
import biscotti.tools.bounds.range.Amount;
import biscotti.tools.bounds.range.Ranges;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The bounds of a kernel: what each of its entries may take from the heap, and where that could not be found. */
public final class Analysis {
    private static final String SYSTEM_CALL = "biscotti/syscall/SystemCall";
    private static final String UNIT = "biscotti/bounded/Unit";

    /** The class whose {@code main} starts the kernel. */
    private static final String MAIN = "biscotti/boot/Main";

    /** How often a thread's sleep counts: HotSpot may leave frames in the chunk of an earlier sleep, and put others into a new one. */
    private static final int SLEEPS = 2;

    private final MachineLayout machine;
    private final CallGraph graph;
    private final Costs costs;
    private final List<Entry> entries;
    private final List<String> uncalled = new ArrayList<>();
    private final Map<String, Finding> findings = new TreeMap<>();

    private Analysis(ClassWorld world, JdkCosts jdk, MachineLayout machine, Method main) {
        this.machine = machine;
        this.graph = CallGraph.of(world, jdk, main);
        this.entries = findEntries(world);
        this.costs = new Costs(
                graph,
                Ranges.of(graph),
                new ObjectLayout(world, machine),
                entries.stream().flatMap(entry -> entry.methods().stream()).toList(),
                entries.stream()
                        .filter(entry -> entry.part() == Entry.Part.FAILURE)
                        .flatMap(entry -> entry.methods().stream())
                        .collect(Collectors.toSet()));
        graph.findings().stream()
                .filter(finding -> costs.runs(finding.where(), finding.node()))
                .forEach(this::add);
        costs.findings().forEach(this::add);
        costs.clones().forEach(this::checkCalls);
        costs.clones().forEach(this::checkStatedBounds);
        if (findings.isEmpty()) {
            entries.forEach(this::checkSum);
        }
    }

    /**
     * Analyses a kernel.
     *
     * @param main the class whose {@code main} starts it
     */
    public static Analysis of(ClassWorld world, JdkCosts jdk, MachineLayout machine, String main) {
        Method start = world.get(main)
                .declared("main([Ljava/lang/String;)V")
                .orElseThrow(() -> new IllegalArgumentException(main + " has no main"));
        return new Analysis(world, jdk, machine, start);
    }

    /** Analyses this project's kernel, by its classes in a jar or a directory. */
    public static Analysis ofKernel(Path classes, MachineLayout machine) throws IOException {
        return of(ClassWorld.of(classes), JdkCosts.standard(), machine, MAIN);
    }

    private List<Entry> findEntries(ClassWorld world) {
        Map<String, Entry> found = new TreeMap<>();
        for (LoadedClass type : world.kernelClasses()) {
            for (Method method : type.methods()) {
                method.annotation(SYSTEM_CALL).ifPresent(values -> {
                    int number = (Integer) values.get("number");
                    String name = (String) values.get("name");
                    found.put("%05d".formatted(number), new Entry(number, name, clones(method), Entry.Part.WORK));
                });
                method.annotation(UNIT).ifPresent(values -> {
                    String name = (String) values.get("value");
                    List<MethodClone> all = new ArrayList<>(clones(method));
                    Optional.ofNullable(found.get("unit " + name)).ifPresent(other -> all.addAll(other.methods()));
                    Entry.Part part = Entry.Part.valueOf((String) values.getOrDefault("of", "WORK"));
                    found.put("unit " + name, new Entry(-1, name, all, part));
                });
            }
        }
        return List.copyOf(found.values());
    }

    private List<MethodClone> clones(Method method) {
        List<MethodClone> clones = graph.clones().stream()
                .filter(clone -> clone.method() == method)
                .toList();
        if (clones.isEmpty()) {
            uncalled.add(method.toString());
        }
        return clones;
    }

    private void add(Finding finding) {
        findings.putIfAbsent(finding.toString(), finding);
    }

    /** A call by a receiver that holds nothing is one that is not understood. */
    private void checkCalls(MethodClone clone) {
        if (!clone.method().owner().isKernel()) {
            return;
        }
        for (Node node : graph.callsWithoutTarget(clone)) {
            if (!costs.runs(clone, node)) {
                continue;
            }
            add(new Finding(
                    clone,
                    node,
                    Finding.Kind.UNRESOLVED,
                    "nothing is known to reach " + node.payload()
                            + ": it is never called, or made by what is not followed"));
        }
    }

    private void checkStatedBounds(MethodClone clone) {
        Body body = clone.body().orElse(null);
        if (body == null || !clone.method().owner().isKernel()) {
            return;
        }
        for (Body.StatedBound stated : body.statedBounds()) {
            Optional<Region> loop = costs.region(body).loops().stream()
                    .filter(region -> counts(stated, region))
                    .findFirst();
            if (loop.isEmpty()) {
                add(new Finding(clone, null, Finding.Kind.STATED, "@Bound(" + stated.rounds() + ") counts no loop"));
            } else if (costs.rounds(clone, loop.get()) > stated.rounds()) {
                add(new Finding(
                        clone,
                        loop.get().header().nodes().stream()
                                .filter(node -> node.line() > 0)
                                .findFirst()
                                .orElse(null),
                        Finding.Kind.STATED,
                        "@Bound(" + stated.rounds() + ") is not enforced: the code allows "
                                + Amount.text(costs.rounds(clone, loop.get()))
                                + " rounds; compare the variable with the limit"));
            }
        }
    }

    /** An entry without a bound that nothing has explained. */
    private void checkSum(Entry entry) {
        for (MethodClone clone : entry.methods()) {
            if (costs.live(clone) >= Amount.UNBOUNDED) {
                String what = entry.name() + " has no bound, though each part of it does: see --tree " + entry.name();
                add(new Finding(clone, null, Finding.Kind.SUM, what));
            }
        }
    }

    private static boolean counts(Body.StatedBound stated, Region loop) {
        int start = loop.header().start();
        return stated.from() <= start
                && start < stated.to()
                && loop.header().nodes().stream().anyMatch(node -> node.op() == Op.PHI && node.slot() == stated.slot());
    }

    // Results.

    /** What the sizes hold for. */
    public MachineLayout machine() {
        return machine;
    }

    /** All work that reserves: system calls by number, then units by name. */
    public List<Entry> entries() {
        return entries;
    }

    /** The costs of each method. */
    public Costs costs() {
        return costs;
    }

    /** The most that an entry has reachable at once. */
    public long live(Entry entry) {
        return of(entry, costs::live);
    }

    /** All that an entry may allocate in a round of its reservation. */
    public long allocated(Entry entry) {
        return of(entry, costs::allocated);
    }

    private long of(Entry entry, ToLongFunction<MethodClone> cost) {
        long work = entry.methods().stream().mapToLong(cost).max().orElse(0);
        return switch (entry.part()) {
            case WORK -> work;
            case SLEEP -> Amount.multiply(SLEEPS, costs.asleep());
            case FAILURE -> Amount.add(work, exception());
        };
    }

    /** What an entry may leave behind. */
    public long kept(Entry entry) {
        return entry.methods().stream().mapToLong(costs::kept).max().orElse(0);
    }

    /** The most that an exception may take that leaves an entry, beyond what was reserved for that. */
    public long exception() {
        return entries.stream()
                .flatMap(entry -> entry.methods().stream())
                .filter(method -> costs.live(method) < Amount.UNBOUNDED)
                .mapToLong(method -> costs.liveOfException(method) - costs.live(method))
                .max()
                .orElse(0);
    }

    /** The entries, those that need most first. */
    public List<Entry> byNeed() {
        return entries.stream()
                .sorted(Comparator.comparingLong(this::live).reversed().thenComparing(Entry::name))
                .toList();
    }

    /** What makes bounds impossible, by place. */
    public List<Finding> findings() {
        return List.copyOf(findings.values());
    }

    /** Entries that the kernel never runs, as far as the analysis knows. */
    public List<String> uncalled() {
        return uncalled;
    }

    /**
     * Call sites that HotSpot links, and makes classes for, when they are first run. Lambdas and concatenations of the kernel are
     * not among them: they get classes before it starts (biscotti.tools.boot.CallSiteClasses).
     */
    public List<String> linkedLate() {
        return costs.clones().stream()
                .flatMap(clone -> sites(clone)
                        .filter(node -> !clone.method().owner().isKernel() || !isReplaced((DynamicCall) node.payload()))
                        .map(node -> clone.method() + ", line " + node.line() + ": "
                                + ((DynamicCall) node.payload()).linker()
                                + " is linked when it is first run: write it otherwise"))
                .distinct()
                .toList();
    }

    private Stream<Node> sites(MethodClone clone) {
        return clone.body().stream()
                .flatMap(body -> body.blocks().stream())
                .flatMap(block -> block.nodes().stream())
                .filter(node -> node.op() == Op.INVOKE_DYNAMIC && costs.runs(clone, node));
    }

    private static boolean isReplaced(DynamicCall call) {
        return call.isLambda() || call.isConcatenation();
    }

    /** The classes whose initialisers must have run before the first entry does. */
    public List<String> initialised() {
        return graph.initialised().stream().map(LoadedClass::name).sorted().toList();
    }

    /** A line about the size of the work. */
    public String effort() {
        return "%d methods in %d clones, %d kinds of objects, %d variables"
                .formatted(
                        graph.clones().stream()
                                .map(MethodClone::method)
                                .distinct()
                                .count(),
                        graph.clones().size(),
                        graph.objects().size(),
                        graph.variables());
    }
}
