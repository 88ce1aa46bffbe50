package biscotti.tools.bench;

import biscotti.tools.boot.Collector;
import biscotti.tools.guest.Guest;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.machine.MachineOptions.Type;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What processes, threads, signals, mappings, paths and events cost on 1, 2 and 4 CPUs, each kept busy by a copy of the benchmark.
 *
 * <p>Where instructions are counted, those of all CPUs count together: the cost of an operation is then the machine's for all copies,
 * shared out among them, and stays the same from one CPU to four where the copies do not meet in the kernel. Times tell of as many
 * CPUs as the host has.
 */
final class ProcessBench {
    /**
     * A benchmark of tests/bench.
     *
     * @param rounds as many as it takes until the JIT has compiled what there is to compile
     */
    private record Bench(String name, String title, int rounds) {}

    private static final List<Bench> BENCHES = List.of(
            new Bench("spawn", "fork, exec and wait", 60),
            new Bench("thread", "thread made and joined", 80),
            new Bench("yield", "switch between processes", 40),
            new Bench("pipe", "pipe, one way", 100),
            new Bench("bandwidth", "pipe, 64 KB", 60),
            new Bench("futex", "futex hand-over", 100),
            new Bench("signal", "signal handled", 160),
            new Bench("fault", "fault, zero page", 400),
            new Bench("fault_copy", "fault, copy on write", 400),
            new Bench("fault_file", "fault, mapped file", 240),
            new Bench("huge", "4 KB of a huge page", 120),
            new Bench("mapping", "mmap, touch, munmap", 120),
            new Bench("path", "stat, ten directories deep", 160),
            new Bench("epoll", "epoll wake among 1000", 160));

    private static final List<Integer> CPUS = List.of(1, 2, 4);

    /** A kernel that was compiled at home needs only this part of the rounds. */
    private static final int COMPILED_ALREADY = 8;

    private final BenchMachine machine;
    private final Guest biscotti;
    private final Guest linux;
    private final List<Bench> benches;
    private final List<Integer> cpuCounts;

    /**
     * The benchmark of {@code biscotti} beside {@code linux}.
     *
     * @param kinds which ones; all if it is empty
     * @param cpus on how many CPUs; 1, 2 and 4 if it is empty
     */
    ProcessBench(BenchMachine machine, Guest biscotti, Guest linux, List<String> kinds, List<Integer> cpus) {
        benches = BENCHES.stream()
                .filter(bench -> kinds.isEmpty() || kinds.contains(bench.name()))
                .toList();
        cpuCounts = cpus.isEmpty() ? CPUS : cpus;
        this.machine = machine;
        this.biscotti = biscotti;
        this.linux = linux;
    }

    /** Runs it and prints the figures. */
    void run(Collector collector, Table table) throws IOException {
        for (boolean instructions : new boolean[] {true, false}) {
            String unit = instructions ? "instructions" : "nanoseconds";
            for (int cpus : cpuCounts) {
                MachineOptions options = new MachineOptions(Type.Q35, cpus, 1024, 64, collector);
                table.heading(unit + ", " + cpus + (cpus == 1 ? " CPU" : " CPUs"));
                String ours = machine.output(biscotti, options, instructions, line(cpus, 1), table);
                String theirs = machine.output(linux, options, instructions, line(cpus, COMPILED_ALREADY), table);
                for (Bench bench : benches) {
                    compare(bench, Series.of(bench.name(), ours), Series.of(bench.name(), theirs), cpus, table);
                }
            }
        }
    }

    private static void compare(Bench bench, Series our, Series their, int copies, Table table) {
        if (our.isEmpty() || their.isEmpty()) {
            table.missing(bench.title(), "did not run");
            return;
        }
        table.row(bench.title(), our.steady() / copies, their.steady() / copies);
    }

    /** Runs all benchmarks one after the other, each in so many copies at once, with a part of their rounds. */
    private String line(int copies, int part) {
        return benches.stream()
                .map(bench -> atOnce("/bench/" + bench.name() + " " + bench.rounds() / part, copies))
                .collect(Collectors.joining("; "));
    }

    private static String atOnce(String command, int copies) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < copies; i++) {
            all.add(command + " &");
        }
        return String.join(" ", all) + " wait";
    }
}
