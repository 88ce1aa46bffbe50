package biscotti.tools.bench;

import biscotti.tools.boot.Collector;
import biscotti.tools.guest.BiscottiGuest;
import biscotti.tools.guest.MachineFailure;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.machine.MachineOptions.Type;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What it costs to reserve the kernel's heap: the same benchmarks with reservations and without, in instructions.
 *
 * <p>The JIT compiles by what it has seen up to then, so two boots differ by some percent whatever the kernel does. A figure is
 * therefore what an operation takes once all is compiled, and the median of several pairs of boots. The first benchmark takes
 * another number of rounds in each pair: without that all pairs would be equal, to the instruction.
 */
final class HeapBench {
    private static final double MOST_PERCENT = 2;
    private static final int PAIRS = 3;
    private static final int MORE_ROUNDS = 7;

    /**
     * A benchmark of tests/bench.
     *
     * @param rounds as many as it takes until the last half of them are the same
     * @param promised whether it is among those that the promise is about
     */
    private record Bench(String name, String title, int rounds, boolean promised) {}

    private static final List<Bench> BENCHES = List.of(
            new Bench("getpid", "getpid", 60, true),
            new Bench("pipe", "pipe, one way", 160, true),
            new Bench("fault", "demand-zero fault", 300, false));

    private final BenchMachine machine;
    private final BiscottiGuest kernel;

    /** The benchmark of {@code kernel}. */
    HeapBench(BenchMachine machine, BiscottiGuest kernel) {
        this.machine = machine;
        this.kernel = kernel;
    }

    /** Runs it and prints the figures. */
    void run(Collector collector, Table table) throws IOException {
        List<String> without = new ArrayList<>();
        List<String> with = new ArrayList<>();
        try {
            for (int pair = 0; pair < PAIRS; pair++) {
                without.add(output("heap=off", pair, collector));
                with.add(output("heap=on", pair, collector));
            }
        } catch (MachineFailure e) {
            table.missing("heap", e.getMessage());
            return;
        }
        table.note("guest instructions without reservation, with it, and what it adds; 1 CPU, median of " + PAIRS
                + " boots, in brackets the range");
        for (Bench bench : BENCHES) {
            print(table, bench, steady(bench, without), steady(bench, with));
        }
    }

    /** What an operation takes once all is compiled, in each of some boots, sorted. */
    private static List<Double> steady(Bench bench, List<String> outputs) {
        List<Double> figures = new ArrayList<>();
        for (String output : outputs) {
            Series series = Series.of(bench.name(), output);
            if (!series.isEmpty()) {
                figures.add(series.steady());
            }
        }
        Collections.sort(figures);
        return figures;
    }

    private static void print(Table table, Bench bench, List<Double> without, List<Double> with) {
        if (without.size() != PAIRS || with.size() != PAIRS) {
            table.missing(bench.title(), "did not run");
            return;
        }
        double percent = (with.get(PAIRS / 2) / without.get(PAIRS / 2) - 1) * 100;
        String verdict = bench.promised() && percent > MOST_PERCENT ? "  MISSED, at most " + MOST_PERCENT + " %" : "";
        table.note(String.format(
                Locale.ROOT,
                "%-20s %20s %20s %+6.1f %%%s",
                bench.title(),
                figure(without),
                figure(with),
                percent,
                verdict));
    }

    private static String figure(List<Double> sorted) {
        return String.format(
                Locale.ROOT, "%.0f (%.0f-%.0f)", sorted.get(PAIRS / 2), sorted.getFirst(), sorted.getLast());
    }

    private String output(String option, int pair, Collector collector) throws IOException {
        Bench first = BENCHES.getFirst();
        String line = BENCHES.stream()
                .map(bench ->
                        "/bench/" + bench.name() + " " + (bench.rounds() + (bench == first ? pair * MORE_ROUNDS : 0)))
                .collect(Collectors.joining("; "));
        MachineOptions options = new MachineOptions(Type.Q35, 1, 1024, 64, collector);
        return machine.run(kernel.with(option), options, true, line);
    }
}
