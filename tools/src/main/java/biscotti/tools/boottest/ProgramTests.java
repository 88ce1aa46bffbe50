package biscotti.tools.boottest;

import biscotti.tools.Repository;
import biscotti.tools.guest.BiscottiGuest;
import biscotti.tools.guest.KernelFailures;
import biscotti.tools.guest.LinuxGuest;
import biscotti.tools.guest.TestPrograms;
import biscotti.tools.guest.TestSet;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.test.Totals;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Runs sets of tests on this kernel and compares what they print with what is kept of Linux. */
final class ProgramTests {
    private final Repository repository;
    private final TestSet tests;
    private final Map<String, String> known;

    /** The tests of a set of {@code repository}. */
    ProgramTests(Repository repository, TestSet tests) throws IOException {
        this.repository = repository;
        this.tests = tests;
        this.known = TestPrograms.of(repository).knownFailures();
    }

    /** Runs all of them on this kernel in one kind of machine, which reports call {@code machineName}. */
    Totals run(MachineOptions machine, String machineName, PrintStream out) throws IOException {
        Tally tally = new Tally(out);
        Path log = repository.made("log").resolve("boot-" + machineName);
        new SuiteRun(repository, tests, new BiscottiGuest(repository).withPackages(tests.packages()), machine, log)
                .run(
                        (name, outcome) -> {
                            Optional<String> problem = Difference.between(expected(name), outcome.text());
                            if (known.containsKey(name)) {
                                tally.checkKnown(name, known.get(name), problem);
                            } else {
                                tally.check(name + " (" + outcome.milliseconds() + " ms)", problem);
                            }
                        },
                        tally::fail);
        tally.check("the kernel reports no failure of its own", KernelFailures.in(log));
        return tally.totals();
    }

    /** Runs all of them on Linux and keeps what they print. */
    void record(MachineOptions machine, PrintStream out) throws IOException {
        Path log = repository.made("log").resolve("boot-linux");
        new SuiteRun(repository, tests, new LinuxGuest(repository).withPackages(tests.packages()), machine, log)
                .run(
                        (name, outcome) -> {
                            write(tests.expectation(name), outcome.text());
                            out.println(name + ": " + outcome.end() + ", " + outcome.milliseconds() + " ms");
                        },
                        (name, why) -> out.println(name + ": NOT RECORDED: " + why));
    }

    private String expected(String name) {
        Path file = tests.expectation(name);
        try {
            return Files.exists(file)
                    ? Files.readString(file, StandardCharsets.ISO_8859_1)
                    : "(nothing recorded: biscotti test --record)\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
