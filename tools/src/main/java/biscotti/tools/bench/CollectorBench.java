package biscotti.tools.bench;

import biscotti.tools.HostProgram;
import biscotti.tools.Repository;
import biscotti.tools.ToolFailure;
import biscotti.tools.boot.Collector;
import biscotti.tools.boot.HeapLayout;
import biscotti.tools.boot.JavaRuntime;
import biscotti.tools.boot.JvmOptions;
import biscotti.tools.guest.BiscottiGuest;
import biscotti.tools.guest.MachineFailure;
import biscotti.tools.guest.TestPrograms;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.machine.MachineOptions.Type;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The garbage collectors as collectors of a kernel: what a boot and the usual system calls cost with each, how long it stops the
 * kernel, what it needs beside the heap, and how much of the heap it lets live objects have. All but the last is counted in
 * instructions of the guest, so that the host's load does not matter; a pause of a million instructions is shown as 1 ms.
 */
final class CollectorBench {
    /** A load of tests/bench/heap.c: as many files as make about so many megabytes live. */
    private record Load(int heapMegabytes, int cpus, int files) {}

    private static final List<Load> LOADS = List.of(
            new Load(64, 1, 12_000), new Load(64, 2, 12_000), new Load(256, 1, 40_000), new Load(256, 2, 40_000));

    private static final int ROUNDS = 8;
    private static final int WORKERS = 4;
    private static final int MEMORY = 1024;

    /** Bounds of the histogram's classes, in milliseconds. */
    private static final double[] BOUNDS = {0, 0.2, 1, 5, 20, 100, Double.POSITIVE_INFINITY};

    /** Sizes of the objects that a heap is filled with. */
    private static final List<Integer> OBJECT_SIZES = List.of(40, 8 << 10, 64 << 10);

    /** The kernel log's first line of the first process. */
    private static final Pattern BOOTED =
            Pattern.compile("^\\[ *([\\d.]+)\\] .*asked for by busybox", Pattern.MULTILINE);

    private final Repository repository;
    private final BenchMachine machine;
    private final PrintStream out;

    /** The benchmark of the kernel in {@code repository}, with its figures on {@code out}. */
    CollectorBench(Repository repository, BenchMachine machine, PrintStream out) {
        this.repository = repository;
        this.machine = machine;
        this.out = out;
    }

    /** Measures all collectors. */
    void run() throws IOException {
        for (Collector collector : Collector.values()) {
            out.println(collector);
            try {
                boot(collector);
                systemCalls(collector);
                for (Load load : LOADS) {
                    pauses(collector, load);
                }
            } catch (MachineFailure e) {
                out.println("  " + e.getMessage());
            }
            ceiling(collector);
        }
    }

    private void boot(Collector collector) throws IOException {
        BiscottiGuest guest = new BiscottiGuest(repository);
        machine.run(guest, new MachineOptions(Type.Q35, 1, MEMORY, 64, collector), true, "echo booted");
        Matcher line = BOOTED.matcher(log(guest));
        if (line.find()) {
            row("power-on to the first system call, million instructions", Double.parseDouble(line.group(1)) * 1e3);
        }
    }

    private void systemCalls(Collector collector) throws IOException {
        MachineOptions options = new MachineOptions(Type.Q35, 1, MEMORY, 64, collector);
        for (String name : List.of("getpid", "fault", "futex", "pipe")) {
            String output = machine.run(
                    new BiscottiGuest(repository), options, true, TestPrograms.BENCHES + "/" + name + " 25");
            row(name + ", instructions", Series.of(name, output).best());
        }
    }

    private void pauses(Collector collector, Load load) throws IOException {
        MachineOptions options = new MachineOptions(Type.Q35, load.cpus, MEMORY, load.heapMegabytes, collector);
        BiscottiGuest guest = new BiscottiGuest(repository, "-Xlog:gc,safepoint");
        String line = TestPrograms.BENCHES + "/heap " + ROUNDS + " " + load.files + " " + WORKERS;
        String output = machine.run(guest, options, true, line);
        PauseLog pauses = PauseLog.of(log(guest));
        out.printf(
                Locale.ROOT,
                "  heap %d MB, at most %d MB left, %d CPU(s): %.0f instructions a round steady, %.0f on average%n",
                load.heapMegabytes,
                pauses.liveMegabytes(),
                load.cpus,
                Series.of("heap", output).steady(),
                Series.of("heap", output).mean());
        StringBuilder histogram = new StringBuilder("    stops:");
        for (int i = 0; i + 1 < BOUNDS.length; i++) {
            histogram.append(String.format(
                    Locale.ROOT, " %d from %.1f ms,", pauses.between(BOUNDS[i], BOUNDS[i + 1]), BOUNDS[i]));
        }
        out.println(histogram);
        out.printf(
                Locale.ROOT,
                "    longest %.1f ms, all %.1f ms, to safepoint at most %.2f ms, forced collections %d%n",
                pauses.longest(),
                pauses.total(),
                pauses.reaching(),
                pauses.forced());
    }

    /** On the host: how full a heap may be does not depend on what is under HotSpot. */
    private void ceiling(Collector collector) throws IOException {
        for (int size : OBJECT_SIZES) {
            List<String> command = new ArrayList<>(
                    List.of(JavaRuntime.of(repository).launcher().toString()));
            command.addAll(JvmOptions.forHost(collector, 64));
            command.addAll(List.of(
                    "-Dreference=" + HeapLayout.of(collector).referenceBytes(),
                    "-cp",
                    classPath(),
                    HeapFiller.class.getName(),
                    Integer.toString(size),
                    "64"));
            String said = HostProgram.of(command).output().strip();
            row("share of 64 MB that objects of " + size + " bytes fill", Double.parseDouble(said));
        }
    }

    private static String classPath() {
        try {
            return Path.of(CollectorBench.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new ToolFailure("the tool does not know where its classes are");
        }
    }

    private String log(BiscottiGuest guest) throws IOException {
        return Files.readString(machine.log(guest), StandardCharsets.ISO_8859_1);
    }

    private void row(String name, double value) {
        out.printf(Locale.ROOT, "  %-60s %10.2f%n", name, value);
    }
}
