package biscotti.tools.bench;

import biscotti.tools.boot.Collector;
import biscotti.tools.guest.Guest;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.machine.MachineOptions.Type;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** The cost of what programs ask a kernel for most, in time and in instructions of the guest, on one CPU and on two. */
final class SystemCallBench {
    /**
     * A benchmark of tests/bench.
     *
     * @param rounds as many as it takes until the JIT has compiled what there is to compile
     * @param timeLimit the ratio of times to Linux's that is promised
     * @param instructionLimit the ratio of instructions
     */
    private record Bench(
            String name, String title, int rounds, OptionalDouble timeLimit, OptionalDouble instructionLimit) {}

    private static final List<Bench> BENCHES = List.of(
            new Bench("getpid", "getpid", 100, OptionalDouble.of(1.2), OptionalDouble.of(1)),
            new Bench("fault", "demand-zero fault", 60, OptionalDouble.empty(), OptionalDouble.of(1.5)),
            new Bench("futex", "futex hand-over", 60, OptionalDouble.empty(), OptionalDouble.of(2)),
            new Bench("pipe", "pipe, one way", 60, OptionalDouble.empty(), OptionalDouble.of(2)));

    /** A kernel that was compiled at home needs only this part of the rounds. */
    private static final int COMPILED_ALREADY = 6;

    private final BenchMachine machine;
    private final Guest biscotti;
    private final Guest linux;

    /** The benchmark of {@code biscotti} beside {@code linux}. */
    SystemCallBench(BenchMachine machine, Guest biscotti, Guest linux) {
        this.machine = machine;
        this.biscotti = biscotti;
        this.linux = linux;
    }

    /** Runs it and prints the figures. */
    void run(Collector collector, Table table) throws IOException {
        for (int cpus = 1; cpus <= 2; cpus++) {
            MachineOptions options = new MachineOptions(Type.Q35, cpus, 1024, 64, collector);
            String size = cpus == 1 ? "1 CPU" : "2 CPUs";
            table.heading("nanoseconds, " + size);
            compare(options, false, table);
            table.heading("instructions, " + size);
            compare(options, true, table);
        }
    }

    private void compare(MachineOptions options, boolean instructions, Table table) throws IOException {
        String ours = machine.output(biscotti, options, instructions, line(1), table);
        String theirs = machine.output(linux, options, instructions, line(COMPILED_ALREADY), table);
        for (Bench bench : BENCHES) {
            Series our = Series.of(bench.name(), ours);
            Series their = Series.of(bench.name(), theirs);
            if (our.isEmpty() || their.isEmpty()) {
                table.missing(bench.title(), "did not run");
                continue;
            }
            OptionalDouble limit = instructions ? bench.instructionLimit() : bench.timeLimit();
            table.row(bench.title() + ", first", our.first(), their.first());
            table.row(bench.title() + ", steady", our.steady(), their.steady());
            table.row(bench.title() + ", best", our.best(), their.best(), limit);
        }
    }

    /** Runs all benchmarks, with a part of their rounds. */
    private static String line(int part) {
        return BENCHES.stream()
                .map(bench -> "/bench/" + bench.name() + " " + bench.rounds() / part)
                .collect(Collectors.joining("; "));
    }
}
