package biscotti.tools.hogs;

import biscotti.tools.Repository;
import biscotti.tools.archive.FileTree;
import biscotti.tools.guest.BiscottiGuest;
import biscotti.tools.guest.GuestMachine;
import biscotti.tools.guest.KernelFailures;
import biscotti.tools.guest.MachineFailure;
import biscotti.tools.guest.TestPrograms;
import biscotti.tools.machine.MachineOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs hogs of several kinds, one after another in one machine, each beside the same programs that behave. A machine that dies
 * costs the kind it was at; another machine takes over from the next one.
 */
public final class HogExperiment {
    /** No hog: what the programs that behave do when they are left in peace. */
    public static final String NONE = "none";

    /** The kinds of tests/guest/hogs/kinds.h. */
    public static final List<String> KINDS = List.of(
            "forks",
            "children",
            "threads",
            "files",
            "pipes",
            "mappings",
            "signals",
            "names",
            "symlinks",
            "depth",
            "arguments",
            "polls",
            "epolls",
            "groups",
            "mounts",
            "memory",
            "tables",
            "data",
            "sockets");

    /** What a kind may take beyond its time, to start, to be killed and to be cleaned up after. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Repository repository;
    private final MachineOptions machine;
    private final int seconds;

    /** Told of each kind as it ends. */
    public interface Listener {
        /** A kind has ended; {@code problem} says what is wrong with the programs that behave, or with the kernel. */
        void ended(HogResult result, Optional<String> problem);

        /** The machine died of a kind, or hung. */
        void died(String kind, String why);
    }

    /** An experiment of so many seconds a kind. */
    public HogExperiment(Repository repository, MachineOptions machine, int seconds) {
        this.repository = repository;
        this.machine = machine;
        this.seconds = seconds;
    }

    /** Runs it. */
    public void run(List<String> kinds, Listener listener) throws IOException {
        List<String> left = List.copyOf(kinds);
        for (int number = 0; !left.isEmpty(); number++) {
            int done = 0;
            Path log = repository.made("log").resolve("hogs-" + number);
            try (GuestMachine running = start(left, log)) {
                for (; done < left.size(); done++) {
                    HogResult result = await(running, left.get(done));
                    listener.ended(result, result.problem().or(() -> KernelFailures.in(log)));
                }
                running.awaitExit(PATIENCE);
            } catch (MachineFailure e) {
                listener.died(left.get(Math.min(done++, left.size() - 1)), e.getMessage());
            }
            left = left.subList(Math.min(done, left.size()), left.size());
        }
    }

    private HogResult await(GuestMachine running, String kind) throws IOException {
        String text = running.awaitText("@@end " + kind + " ", PATIENCE.plusSeconds(seconds));
        return HogResult.parse(kind, text);
    }

    private GuestMachine start(List<String> kinds, Path log) throws IOException {
        FileTree root = new FileTree();
        TestPrograms.of(repository).addTo(root);
        List<String> command = new ArrayList<>(List.of(TestPrograms.HOGS, Integer.toString(seconds)));
        command.addAll(kinds);
        return GuestMachine.start(
                repository, new GuestMachine.Start(new BiscottiGuest(repository), machine, root, false, command), log);
    }
}
