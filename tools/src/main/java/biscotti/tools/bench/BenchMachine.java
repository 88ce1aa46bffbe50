package biscotti.tools.bench;

import biscotti.tools.Repository;
import biscotti.tools.archive.FileTree;
import biscotti.tools.guest.Guest;
import biscotti.tools.guest.GuestMachine;
import biscotti.tools.guest.MachineFailure;
import biscotti.tools.guest.TestPrograms;
import biscotti.tools.machine.MachineOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Runs a line of shell in a machine for a benchmark. */
final class BenchMachine {
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final Repository repository;
    private final FileTree root = new FileTree();

    /** Machines whose root has the benchmarks of {@code repository}. */
    BenchMachine(Repository repository) throws IOException {
        this.repository = repository;
        TestPrograms.of(repository).addTo(root);
    }

    /** What {@code line} prints on {@code guest}. */
    String run(Guest guest, MachineOptions options, boolean countInstructions, String line) throws IOException {
        try (GuestMachine machine = start(guest, options, countInstructions, line)) {
            machine.awaitExit(PATIENCE);
            return machine.output();
        }
    }

    /** What {@code line} prints on {@code guest}, up to a failure of the machine, which the table tells. */
    String output(Guest guest, MachineOptions options, boolean countInstructions, String line, Table table)
            throws IOException {
        try (GuestMachine machine = start(guest, options, countInstructions, line)) {
            try {
                machine.awaitExit(PATIENCE);
            } catch (MachineFailure e) {
                table.missing(guest.name(), e.getMessage());
            }
            return machine.output();
        }
    }

    /** A machine that runs {@code line}. */
    GuestMachine start(Guest guest, MachineOptions options, boolean countInstructions, String line) throws IOException {
        GuestMachine.Start start =
                new GuestMachine.Start(guest, options, root, false, List.of("/bin/busybox", "sh", "-c", line));
        return GuestMachine.start(
                repository, countInstructions ? start.countingInstructions(0) : start.withParallelCpus(), log(guest));
    }

    /** Where the last machine of {@code guest} has its kernel log. */
    Path log(Guest guest) {
        return repository.made("log").resolve("bench-" + guest.name());
    }
}
