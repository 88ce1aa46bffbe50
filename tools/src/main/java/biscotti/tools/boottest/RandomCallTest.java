package biscotti.tools.boottest;

import biscotti.tools.Repository;
import biscotti.tools.archive.FileTree;
import biscotti.tools.boot.Collector;
import biscotti.tools.guest.BiscottiGuest;
import biscotti.tools.guest.GuestMachine;
import biscotti.tools.guest.KernelFailures;
import biscotti.tools.guest.MachineFailure;
import biscotti.tools.guest.TestPrograms;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.machine.MachineOptions.Type;
import biscotti.tools.test.Part;
import biscotti.tools.test.Stage;
import biscotti.tools.test.Totals;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Random system calls of many threads at once, on each collector: the kernel answers all of them and has no bug to report. */
public final class RandomCallTest implements Stage {
    private static final int CPUS = 2;
    private static final int MEMORY = 1024;

    /** How fast calls are made at least, by a kernel whose code is not compiled yet on a host that has other things to do. */
    private static final long CALLS_PER_SECOND = 300;

    /** A line that tells what came of it. Calls may write on the console, too. */
    private static final Pattern RESULT =
            Pattern.compile("^randomcalls: (\\d+ calls|allocation|never|thread|heap|FAILED)");

    /** Less than a hundred bytes: a mistake in the size of an object, not a class that was linked. */
    private static final Pattern SMALL_EXCESS = Pattern.compile("allocated \\d{2} bytes, its bound is \\d{2}");

    /** So many calls are enough to find a mistake that most calls show. */
    private static final long FEW = 5000;

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final long calls;

    /** So many calls on each collector. */
    public RandomCallTest(long calls) {
        this.calls = calls;
    }

    @Override
    public String name() {
        return "random";
    }

    @Override
    public boolean quick() {
        return false;
    }

    /** How a machine's calls have ended. */
    private record Ended(int status, String output, Path log) {
        /** What the log says of calls that have allocated more than their bound. */
        Optional<String> beyond() throws IOException {
            String lines = Files.readString(log, StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> line.contains("its bound is"))
                    .collect(Collectors.joining("\n"));
            return lines.isEmpty() ? Optional.empty() : Optional.of(lines);
        }

        Optional<String> problem() {
            return status == 0 ? KernelFailures.in(log) : Optional.of("it exits with " + status + "\n" + output);
        }
    }

    @Override
    public List<Part> parts(Repository repository) {
        long seed = System.nanoTime() & Integer.MAX_VALUE;
        BiscottiGuest guest = new BiscottiGuest(repository).with("heap=checked");
        List<Part> parts = new ArrayList<>();
        for (Collector collector : Collector.values()) {
            parts.add(new Part(collector.toString(), out -> run(repository, guest, seed, collector, out)));
        }
        parts.add(new Part("tested", out -> testTheTest(repository, guest.withMistakenBounds(), seed, out)));
        return parts;
    }

    private Totals run(Repository repository, BiscottiGuest guest, long seed, Collector collector, PrintStream out)
            throws IOException {
        Tally tally = new Tally(out);
        String name = calls + " random system calls, " + collector + ", seed " + seed;
        try {
            Ended ended = make(repository, guest, calls, seed, collector, "random-" + collector);
            tally.check(name, ended.problem());
            tally.check("none allocates more than its bound, " + collector, ended.beyond());
            tellResult(ended, out);
        } catch (MachineFailure e) {
            tally.fail(name, e.getMessage());
        }
        return tally.totals();
    }

    /** With bounds for objects that are smaller than they are, calls go beyond them, and that is seen. */
    private static Totals testTheTest(Repository repository, BiscottiGuest guest, long seed, PrintStream out)
            throws IOException {
        Tally tally = new Tally(out);
        String name = "a mistake in the sizes of objects is found out";
        try {
            Ended ended = make(repository, guest, FEW, seed, Collector.SERIAL, "random-tested");
            boolean found = SMALL_EXCESS.matcher(ended.beyond().orElse("")).find();
            tally.check(name, found ? Optional.empty() : Optional.of("no call went beyond its bound"));
        } catch (MachineFailure e) {
            tally.fail(name, e.getMessage());
        }
        return tally.totals();
    }

    /** Makes calls in a machine of its own. */
    private static Ended make(
            Repository repository, BiscottiGuest guest, long calls, long seed, Collector collector, String logName)
            throws IOException {
        FileTree root = new FileTree();
        TestPrograms.of(repository).addTo(root);
        MachineOptions machine =
                new MachineOptions(Type.Q35, CPUS, MEMORY, MachineOptions.defaultHeap(MEMORY), collector);
        List<String> command = List.of(TestPrograms.RANDOM_CALLS, Long.toString(calls), Long.toString(seed));
        Path log = repository.made("log").resolve(logName);
        GuestMachine.Start start = new GuestMachine.Start(guest, machine, root, false, command);
        try (GuestMachine running = GuestMachine.start(repository, start, log)) {
            int status = running.awaitExit(PATIENCE.plusSeconds(calls / CALLS_PER_SECOND));
            return new Ended(status, running.output(), log);
        }
    }

    private static void tellResult(Ended ended, PrintStream out) {
        ended.output()
                .lines()
                .filter(line -> RESULT.matcher(line).find())
                .forEach(line -> out.println("      " + line));
    }
}
