package biscotti.tools.boottest;

import biscotti.tools.Repository;
import biscotti.tools.archive.FileTree;
import biscotti.tools.guest.Guest;
import biscotti.tools.guest.GuestMachine;
import biscotti.tools.guest.MachineFailure;
import biscotti.tools.guest.TestPrograms;
import biscotti.tools.guest.TestSet;
import biscotti.tools.machine.MachineOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Runs test programs one after another in one machine. A machine that dies or hangs costs the test it was at; another machine
 * takes over from the next one.
 */
final class SuiteRun {
    /** The host's patience with a boot, and with a test beyond the time that this has. */
    private static final int BOOT_SECONDS = 60;

    /** After so many dead machines there is no point in going on. */
    private static final int MAX_DEATHS = 4;

    private final Repository repository;
    private final TestSet tests;
    private final Duration patience;
    private final Guest guest;
    private final MachineOptions machine;
    private final Path log;

    /** Tests on {@code guest} in machines like {@code machine}, whose kernel logs begin with the name {@code log}. */
    SuiteRun(Repository repository, TestSet tests, Guest guest, MachineOptions machine, Path log) {
        this.repository = repository;
        this.tests = tests;
        this.patience = Duration.ofSeconds(tests.seconds() + BOOT_SECONDS);
        this.guest = guest;
        this.machine = machine;
        this.log = log;
    }

    /**
     * Runs the tests.
     *
     * @param ended told of each test that ended, with its name
     * @param failed told of each test during which the machine failed, and of those not tried for it
     */
    void run(BiConsumer<String, Outcome> ended, BiConsumer<String, String> failed) throws IOException {
        List<String> left = new ArrayList<>(tests.names());
        for (int deaths = 0; !left.isEmpty(); deaths++) {
            if (deaths == MAX_DEATHS) {
                left.forEach(name -> failed.accept(name, "not tried: " + MAX_DEATHS + " machines have died"));
                return;
            }
            try (GuestMachine running = start(left, deaths)) {
                try {
                    while (!left.isEmpty()) {
                        String name = left.getFirst();
                        String sent = running.awaitText("\n@@end " + name + " ", patience)
                                + running.awaitText(" ms\n", patience);
                        left.removeFirst();
                        ended.accept(name, Outcome.parse(name, sent));
                    }
                    int status = running.awaitExit(patience);
                    if (status != 0) {
                        failed.accept("the end", "the suite exits with " + status);
                    }
                } catch (MachineFailure e) {
                    failed.accept(left.isEmpty() ? "the end" : left.removeFirst(), e.getMessage());
                }
            }
        }
    }

    private GuestMachine start(List<String> names, int number) throws IOException {
        FileTree root = new FileTree();
        TestPrograms.of(repository).addTests(root);
        List<String> command = new ArrayList<>(List.of(TestPrograms.SUITE, Integer.toString(tests.seconds())));
        names.forEach(name -> command.add(tests.place() + "/" + name));
        Path file = number == 0 ? log : log.resolveSibling(log.getFileName() + "-" + number);
        return GuestMachine.start(repository, new GuestMachine.Start(guest, machine, root, false, command), file);
    }
}
