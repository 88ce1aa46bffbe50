package biscotti.tools.boottest;

import biscotti.tools.HostProgram;
import biscotti.tools.Repository;
import biscotti.tools.test.Totals;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The command {@code biscotti} as a person types it: the README's lines, exit statuses, standard streams, one line for each mistake. */
final class CommandTests {
    private final Repository repository;

    /** Tests of the command in {@code repository}. */
    CommandTests(Repository repository) {
        this.repository = repository;
    }

    /** What the command did. */
    private record Result(int status, String output, String errors) {}

    /** Runs them. */
    Totals run(PrintStream out) throws IOException {
        Tally tally = new Tally(out);
        check(
                tally,
                "the README's first command",
                result(
                        "",
                        "run",
                        "--",
                        "busybox",
                        "sh",
                        "-c",
                        "echo hello from $(uname -s) pid $(($$ > 0)); ls -l / | wc -l | grep -c .; (sleep 1; echo late) & wait;"
                                + " seq 1 100000 | sort -rn | head -1; exit 7"),
                7,
                "hello from Linux pid 1\n1\nlate\n100000\n");
        check(
                tally,
                "dynamic programs of Debian's packages",
                result(
                        "",
                        "run",
                        "--package",
                        "coreutils",
                        "--package",
                        "bash",
                        "--",
                        "bash",
                        "-c",
                        "printf \"%s\\n\" {1..5} | tac"),
                0,
                "5\n4\n3\n2\n1\n");
        check(
                tally,
                "standard input reaches the command, and its end",
                result("three\nlines\nin\n", "run", "--", "busybox", "wc", "-l"),
                0,
                "3\n");
        check(
                tally,
                "a command killed by a signal gives 128 + its number",
                result("", "run", "--", "busybox", "sh", "-c", "sh -c 'kill -9 $$'; exit $?"),
                137,
                "Killed\n");
        check(
                tally,
                "arguments arrive as they are",
                result("", "run", "--", "busybox", "printf", "[%s]", "a b", "", "ü\t%20", "--cpus"),
                0,
                "[a b][][ü\t%20][--cpus]");
        Path copied = Files.writeString(Files.createTempFile("biscotti", ".txt"), "copied\n");
        check(
                tally,
                "--copy puts a file of the host into the root",
                result("", "run", "--copy", copied + ":/etc/copied", "--", "busybox", "cat", "/etc/copied"),
                0,
                "copied\n");
        Files.delete(copied);
        mistakes(tally);
        return tally.totals();
    }

    private void mistakes(Tally tally) throws IOException {
        mistake(tally, "a command that does not exist", 127, "run", "--", "nonesuch");
        mistake(tally, "a command that is no program", 126, "run", "--", "/etc/passwd");
        mistake(tally, "a time-out", 124, "run", "--timeout", "20", "--", "busybox", "sleep", "1000");
        mistake(tally, "an option that does not exist", 125, "run", "--nonesuch");
        mistake(tally, "a root that does not exist", 125, "run", "--root", "/nonesuch", "--", "true");
        mistake(
                tally,
                "a root that is no archive",
                125,
                "run",
                "--root",
                repository.home().resolve("pom.xml").toString(),
                "--",
                "true");
        mistake(tally, "a package that does not exist", 125, "run", "--package", "nonesuch-package", "--", "true");
        mistake(tally, "a file to copy that does not exist", 125, "run", "--copy", "/nonesuch:/x", "--", "true");
        mistake(tally, "too little memory", 125, "run", "--memory", "16M", "--", "true");
        mistake(tally, "no CPU", 125, "run", "--cpus", "0", "--", "true");
    }

    private static void check(Tally tally, String name, Result result, int status, String output) {
        Optional<String> problem = Difference.between(output, result.output());
        if (result.status() != status) {
            problem = Optional.of("status " + result.status() + " instead of " + status + "\n"
                    + problem.orElse("(the output is right)"));
        }
        tally.check(name, problem.map(text -> text + "\nstandard error:\n" + result.errors()));
    }

    private void mistake(Tally tally, String name, int status, String... arguments) throws IOException {
        Result result = result("", arguments);
        long lines = result.errors()
                .lines()
                .filter(line -> !line.startsWith("biscotti: making") && !line.startsWith("biscotti: downloading"))
                .count();
        boolean good =
                result.status() == status && lines == 1 && !result.errors().contains("Exception");
        tally.check(
                name + " gets one line and status " + status,
                good ? Optional.empty() : Optional.of("status " + result.status() + "\n" + result.errors()));
    }

    private Result result(String input, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(repository.home().resolve("biscotti").toString()));
        command.addAll(List.of(arguments));
        Path in = Files.writeString(Files.createTempFile("biscotti", ".in"), input);
        Path out = Files.createTempFile("biscotti", ".out");
        Path errors = Files.createTempFile("biscotti", ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(errors.toFile())
                    .start();
            int status = HostProgram.waitFor(process);
            return new Result(status, Files.readString(out), Files.readString(errors, StandardCharsets.UTF_8));
        } finally {
            Files.delete(in);
            Files.delete(out);
            Files.delete(errors);
        }
    }
}
