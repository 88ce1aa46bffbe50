package biscotti.tools.bench;

import biscotti.tools.Repository;
import biscotti.tools.boot.Collector;
import biscotti.tools.hogs.GoodResult;
import biscotti.tools.hogs.HogExperiment;
import biscotti.tools.hogs.HogResult;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.machine.MachineOptions.Type;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Biscuit's experiment: how programs that behave fare beside one that takes all it can get, and what becomes of that one. */
final class HogBench {
    private static final int CPUS = 2;
    private static final int MEMORY = 512;
    private static final int HEAP = 64;
    private static final double MICROS_PER_MILLI = 1000;

    private final Repository repository;
    private final int seconds;
    private final List<String> kinds;

    /** An experiment of so many seconds with each of some kinds of hogs; all if {@code kinds} is empty. */
    HogBench(Repository repository, int seconds, List<String> kinds) {
        this.repository = repository;
        this.seconds = seconds;
        this.kinds = kinds.isEmpty() ? HogExperiment.KINDS : kinds;
    }

    /** Runs it and prints a row for each kind as it ends; the first is without a hog. */
    void run(Collector collector, Table table) throws IOException {
        List<String> all = new ArrayList<>(kinds);
        all.addFirst(HogExperiment.NONE);
        MachineOptions machine = new MachineOptions(Type.Q35, CPUS, MEMORY, HEAP, collector);
        table.note(String.format(
                Locale.ROOT,
                "%-10s %26s %26s %26s  %s",
                "hog",
                "pipe, /s  worst, ms",
                "file, /s  worst, ms",
                "shell, /s  worst, ms",
                "what it got; processes killed; refusals"));
        new HogExperiment(repository, machine, seconds).run(all, new HogExperiment.Listener() {
            @Override
            public void ended(HogResult result, Optional<String> problem) {
                table.note(row(result));
                problem.ifPresent(why -> table.missing("FAILED " + result.kind(), why));
            }

            @Override
            public void died(String kind, String why) {
                table.missing("FAILED " + kind, why);
            }
        });
    }

    private String row(HogResult result) {
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-10s", result.kind()));
        for (GoodResult good : result.good()) {
            row.append(String.format(
                    Locale.ROOT,
                    " %12.1f %13.1f",
                    (double) good.operations() / seconds,
                    good.worstMicros() / MICROS_PER_MILLI));
        }
        return row.append("  ")
                .append(result.made())
                .append("; ")
                .append(result.killed())
                .append("; ")
                .append(result.refusals())
                .toString();
    }
}
