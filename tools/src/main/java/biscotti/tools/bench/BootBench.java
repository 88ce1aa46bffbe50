package biscotti.tools.bench;

import biscotti.tools.boot.Collector;
import biscotti.tools.guest.Guest;
import biscotti.tools.guest.GuestMachine;
import biscotti.tools.guest.MachineFailure;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.machine.MachineOptions.Type;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From power-on to the shell's first output; what is left of the memory then; what an idle machine costs the host. */
final class BootBench {
    private static final int RUNS = 5;
    private static final double TIME_LIMIT = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration CALM = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final BenchMachine machine;
    private final Guest biscotti;
    private final Guest linux;

    /** The benchmark of {@code biscotti} beside {@code linux}. */
    BootBench(BenchMachine machine, Guest biscotti, Guest linux) {
        this.machine = machine;
        this.biscotti = biscotti;
        this.linux = linux;
    }

    /** Runs it and prints the figures. */
    void run(Collector collector, Table table) throws IOException {
        for (Type type : Type.values()) {
            for (int cpus = 1; cpus <= 2; cpus++) {
                MachineOptions options = new MachineOptions(type, cpus, 1024, 64, collector);
                table.heading(type + ", " + (cpus == 1 ? "1 CPU" : cpus + " CPUs"));
                try {
                    compare(options, table);
                } catch (MachineFailure e) {
                    table.missing("boot", e.getMessage());
                }
            }
        }
    }

    private void compare(MachineOptions options, Table table) throws IOException {
        table.row(
                "power-on to the shell's first output, ms",
                firstOutput(biscotti, options),
                firstOutput(linux, options),
                OptionalDouble.of(TIME_LIMIT));
        Idle ours = idle(biscotti, options);
        Idle theirs = idle(linux, options);
        table.row("memory free at the shell, MB", ours.freeMegabytes(), theirs.freeMegabytes());
        table.row("host CPU of an idle shell, %", ours.share() * 100, theirs.share() * 100);
    }

    /** The best of some runs, in milliseconds. */
    private double firstOutput(Guest guest, MachineOptions options) throws IOException {
        double best = Double.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) {
            try (GuestMachine running = machine.start(guest, options, false, "echo first output")) {
                running.awaitText("first output", PATIENCE);
                best = Math.min(best, running.sinceStart().toMillis());
                running.awaitExit(PATIENCE);
            }
        }
        return best;
    }

    /** A machine with nothing to do. */
    private record Idle(double freeMegabytes, double share) {}

    private Idle idle(Guest guest, MachineOptions options) throws IOException {
        try (GuestMachine running =
                machine.start(guest, options, false, "grep MemFree /proc/meminfo; echo ready; sleep 1000")) {
            String shown = running.awaitText("ready", PATIENCE);
            Matcher free = Pattern.compile("MemFree: *(\\d+) kB").matcher(shown);
            double megabytes = free.find() ? Long.parseLong(free.group(1)) / 1024.0 : Double.NaN;
            pause(CALM);
            long cpu = running.hostCpuTime().toMillis();
            pause(IDLE);
            return new Idle(megabytes, (running.hostCpuTime().toMillis() - cpu) / (double) IDLE.toMillis());
        }
    }

    /** The passing of time is what is measured here; nothing is waited for. */
    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
