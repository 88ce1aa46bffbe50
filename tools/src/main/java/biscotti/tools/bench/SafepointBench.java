package biscotti.tools.bench;

import biscotti.tools.Repository;
import biscotti.tools.boot.Collector;
import biscotti.tools.guest.BiscottiGuest;
import biscotti.tools.guest.Guest;
import biscotti.tools.guest.MachineFailure;
import biscotti.tools.guest.TestPrograms;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.machine.MachineOptions.Type;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long the kernel's JVM takes to bring all its threads to a safepoint while programs keep all CPUs busy. A millisecond is a
 * million instructions of the machine: a busy host would take a CPU away for longer than anything that is measured here.
 */
final class SafepointBench {
    private static final int SECONDS = 10;
    private static final int WORKERS = 6;
    private static final double LIMIT_MILLISECONDS = 5;

    /** Upper bounds of the histogram's classes, in milliseconds. */
    private static final double[] BOUNDS = {0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, Double.POSITIVE_INFINITY};

    /** A line of HotSpot's log, tag safepoint. */
    private static final Pattern LINE =
            Pattern.compile("Safepoint \"(\\w+)\".*?Reaching safepoint: +(\\d+) ns.*?Total: +(\\d+) ns");

    private final Repository repository;
    private final BenchMachine machine;

    /** The benchmark of the kernel in {@code repository}. */
    SafepointBench(Repository repository, BenchMachine machine) {
        this.repository = repository;
        this.machine = machine;
    }

    /** Runs it and prints the histogram. */
    void run(Collector collector, Table table) throws IOException {
        MachineOptions options = new MachineOptions(Type.Q35, 2, 1024, 64, collector);
        Guest guest = new BiscottiGuest(repository, "-Xlog:safepoint");
        try {
            machine.run(guest, options, true, TestPrograms.SOAK + " " + SECONDS + " " + WORKERS);
        } catch (MachineFailure e) {
            table.missing("time to safepoint", e.getMessage());
            return;
        }
        Matcher lines = LINE.matcher(Files.readString(machine.log(guest), StandardCharsets.ISO_8859_1));
        int[] reaching = new int[BOUNDS.length];
        double longest = 0;
        double longestTotal = 0;
        String culprit = "none";
        while (lines.find()) {
            double milliseconds = Long.parseLong(lines.group(2)) / 1e6;
            reaching[classOf(milliseconds)]++;
            if (milliseconds > longest) {
                longest = milliseconds;
                culprit = lines.group(1);
            }
            longestTotal = Math.max(longestTotal, Long.parseLong(lines.group(3)) / 1e6);
        }
        print(table, reaching);
        table.note(String.format(
                Locale.ROOT,
                "longest: %.2f ms (%s)%s; longest safepoint with its work: %.2f ms",
                longest,
                culprit,
                longest <= LIMIT_MILLISECONDS ? "" : "  MISSED, at most " + LIMIT_MILLISECONDS,
                longestTotal));
    }

    private static void print(Table table, int[] counts) {
        table.note("time to safepoint under load (" + SECONDS
                + " s of the soak on 2 CPUs); 1 ms is a million instructions");
        double from = 0;
        for (int i = 0; i < BOUNDS.length; i++) {
            table.note(String.format(Locale.ROOT, "%6.1f ms to %8.1f ms: %d", from, BOUNDS[i], counts[i]));
            from = BOUNDS[i];
        }
    }

    private static int classOf(double milliseconds) {
        int i = 0;
        while (milliseconds >= BOUNDS[i]) {
            i++;
        }
        return i;
    }
}
