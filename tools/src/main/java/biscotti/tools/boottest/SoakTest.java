package biscotti.tools.boottest;

import biscotti.tools.Repository;
import biscotti.tools.archive.FileTree;
import biscotti.tools.boot.Collector;
import biscotti.tools.guest.BiscottiGuest;
import biscotti.tools.guest.GuestMachine;
import biscotti.tools.guest.MachineFailure;
import biscotti.tools.guest.TestPrograms;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.machine.MachineOptions.Type;
import biscotti.tools.test.Totals;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Forks, pipes and faults on all CPUs for minutes; the kernel must have all its memory back at the end: frames and Java objects. */
final class SoakTest {
    private static final MachineOptions MACHINE = new MachineOptions(Type.Q35, 4, 1024, 64, Collector.G1);
    private static final int WORKERS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern FRAMES = Pattern.compile("free frames before (\\d+), after (\\d+)");

    private static final Pattern LIVE = Pattern.compile("kernel's heap before (\\d+), after (\\d+)");

    /** What may live on the heap in addition, in KB: ZGC counts by pages of 2 MB, and the Java machine has objects of its own. */
    private static final long MORE_LIVE = 4096;

    private final Repository repository;

    /** A soak of the kernel in {@code repository}. */
    SoakTest(Repository repository) {
        this.repository = repository;
    }

    /** Soaks for {@code time}. */
    Totals run(Duration time, PrintStream out) throws IOException {
        Tally tally = new Tally(out);
        FileTree root = new FileTree();
        TestPrograms.of(repository).addTo(root);
        List<String> command = List.of(TestPrograms.SOAK, Long.toString(time.toSeconds()), Integer.toString(WORKERS));
        GuestMachine.Start start = new GuestMachine.Start(new BiscottiGuest(repository), MACHINE, root, false, command);
        String name = "a soak leaves as many free frames as it found, and no Java objects";
        try (GuestMachine machine =
                GuestMachine.start(repository, start, repository.made("log").resolve("soak"))) {
            int status = machine.awaitExit(time.plus(PATIENCE));
            tally.check(name, problem(status, machine.output()));
            out.print(machine.output().indent(6));
        } catch (MachineFailure e) {
            tally.fail(name, e.getMessage());
        }
        return tally.totals();
    }

    private static Optional<String> problem(int status, String output) {
        Matcher frames = FRAMES.matcher(output);
        if (status != 0 || !frames.find()) {
            return Optional.of("it exits with " + status);
        }
        if (!frames.group(1).equals(frames.group(2))) {
            return Optional.of("free frames: " + frames.group(1) + " before, " + frames.group(2) + " after");
        }
        Matcher live = LIVE.matcher(output);
        boolean kept = !live.find() || Long.parseLong(live.group(2)) - Long.parseLong(live.group(1)) > MORE_LIVE;
        return kept ? Optional.of("the kernel's heap keeps what nobody needs") : Optional.empty();
    }
}
