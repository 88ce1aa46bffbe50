package biscotti.tools.boottest;

import biscotti.tools.Repository;
import biscotti.tools.guest.BiscottiGuest;
import biscotti.tools.guest.LinuxGuest;
import biscotti.tools.guest.TestPrograms;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.test.Totals;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The programs of tests/programs and tests/scripts: their output must be what it is on Linux, kept in tests/expected. */
final class ProgramTests {
    private final Repository repository;
    private final TestPrograms programs;
    private final List<String> names;
    private final Map<String, String> known;

    /** The programs of {@code repository} whose names begin with {@code prefix}. */
    ProgramTests(Repository repository, String prefix) throws IOException {
        this.repository = repository;
        this.programs = TestPrograms.of(repository);
        this.names = programs.names().stream()
                .filter(name -> name.startsWith(prefix))
                .toList();
        this.known = programs.knownFailures();
    }

    /** Runs all of them on this kernel in one kind of machine, which reports call {@code machineName}. */
    Totals run(MachineOptions machine, String machineName, PrintStream out) throws IOException {
        Tally tally = new Tally(out);
        Path log = repository.made("log").resolve("boot-" + machineName);
        new SuiteRun(repository, new BiscottiGuest(repository), machine, log)
                .run(
                        names,
                        (name, outcome) -> {
                            Optional<String> problem = Difference.between(expected(name), outcome.text());
                            if (known.containsKey(name)) {
                                tally.checkKnown(name, known.get(name), problem);
                            } else {
                                tally.check(name + " (" + outcome.milliseconds() + " ms)", problem);
                            }
                        },
                        tally::fail);
        return tally.totals();
    }

    /** Runs all of them on Linux and keeps what they print. */
    void record(MachineOptions machine, PrintStream out) throws IOException {
        Path log = repository.made("log").resolve("boot-linux");
        new SuiteRun(repository, new LinuxGuest(repository), machine, log)
                .run(
                        names,
                        (name, outcome) -> {
                            write(programs.expectation(name), outcome.text());
                            out.println(name + ": " + outcome.end() + ", " + outcome.milliseconds() + " ms");
                        },
                        (name, why) -> out.println(name + ": NOT RECORDED: " + why));
    }

    private String expected(String name) {
        Path file = programs.expectation(name);
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
