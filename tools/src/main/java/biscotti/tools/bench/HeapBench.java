package biscotti.tools.bench;

import biscotti.tools.boot.Collector;
import biscotti.tools.guest.BiscottiGuest;
import biscotti.tools.guest.MachineFailure;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.machine.MachineOptions.Type;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What it costs to reserve the kernel's heap: the same benchmarks with reservations and without, in instructions. */
final class HeapBench {
    private static final double MOST_PERCENT = 2;

    /**
     * A benchmark of tests/bench.
     *
     * @param promised whether it is among those that the promise is about
     */
    private record Bench(String name, String title, int rounds, boolean promised) {}

    private static final List<Bench> BENCHES = List.of(
            new Bench("getpid", "getpid", 100, true),
            new Bench("pipe", "pipe, one way", 60, true),
            new Bench("fault", "demand-zero fault", 60, false));

    private final BenchMachine machine;
    private final BiscottiGuest kernel;

    /** The benchmark of {@code kernel}. */
    HeapBench(BenchMachine machine, BiscottiGuest kernel) {
        this.machine = machine;
        this.kernel = kernel;
    }

    /** Runs it and prints the figures. */
    void run(Collector collector, Table table) throws IOException {
        table.note("guest instructions without reservation, with it, and what it adds; best rounds, 1 CPU");
        try {
            String without = output("heap=off", collector);
            String with = output("heap=on", collector);
            for (Bench bench : BENCHES) {
                print(table, bench, Series.of(bench.name(), without), Series.of(bench.name(), with));
            }
        } catch (MachineFailure e) {
            table.missing("heap", e.getMessage());
        }
    }

    private static void print(Table table, Bench bench, Series without, Series with) {
        if (without.isEmpty() || with.isEmpty()) {
            table.missing(bench.title(), "did not run");
            return;
        }
        double percent = (with.best() / without.best() - 1) * 100;
        String verdict = bench.promised() && percent > MOST_PERCENT ? "  MISSED, at most " + MOST_PERCENT + " %" : "";
        table.note(String.format(
                Locale.ROOT,
                "%-20s %8.0f %8.0f %+6.1f %%%s",
                bench.title(),
                without.best(),
                with.best(),
                percent,
                verdict));
    }

    private String output(String option, Collector collector) throws IOException {
        StringBuilder line = new StringBuilder();
        for (Bench bench : BENCHES) {
            line.append("/bench/")
                    .append(bench.name())
                    .append(' ')
                    .append(bench.rounds())
                    .append("; ");
        }
        MachineOptions options = new MachineOptions(Type.Q35, 1, 1024, 64, collector);
        return machine.run(
                kernel.with(option),
                options,
                true,
                line.append("cat /proc/biscotti/heap").toString());
    }
}
