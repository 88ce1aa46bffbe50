package biscotti.tools.test;

import biscotti.tools.Repository;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tests that run in a plain JVM, with everything the build checks on the way: the compiler's and Error Prone's findings,
 * the floors of the architecture, the formatting.
 */
final class HostedTests implements Stage {
    private static final List<String> MODULES = List.of("processor", "kernel", "tools");
    private static final Pattern SUITE = Pattern.compile(
            "<testsuite [^>]*\\btests=\"(\\d+)\" errors=\"(\\d+)\" skipped=\"(\\d+)\" failures=\"(\\d+)\"");

    @Override
    public String name() {
        return "hosted";
    }

    @Override
    public boolean quick() {
        return true;
    }

    @Override
    public List<Part> parts(Repository repository) {
        return List.of(new Part("", out -> run(repository, out)));
    }

    private Totals run(Repository repository, PrintStream out) throws IOException {
        for (String module : MODULES) {
            deleteReports(repository, module);
        }
        Totals format = maven(repository, out, "spotless", "spotless:check");
        Totals build = maven(repository, out, "maven", "test", "-Dmaven.test.failure.ignore=false", "--fail-at-end");
        Totals tests = Totals.NONE;
        for (String module : MODULES) {
            tests = tests.plus(reported(repository, module));
        }
        // A build that fails without a failing test (it does not compile) is one failure.
        boolean told = tests.failed() > 0 || build.failed() == 0;
        return tests.plus(format).plus(told ? Totals.NONE : Totals.FAIL);
    }

    private static Totals maven(Repository repository, PrintStream out, String log, String... goals)
            throws IOException {
        String[] command = new String[goals.length + 6];
        System.arraycopy(
                new String[] {
                    "mvn",
                    "-B",
                    "-ntp",
                    "-f",
                    repository.home().resolve("pom.xml").toString()
                },
                0,
                command,
                0,
                5);
        command[5] = "-Dstyle.color=never";
        System.arraycopy(goals, 0, command, 6, goals.length);
        int status = Streamed.run(out, HostedTests::telling, repository.lastLogOf(log), command);
        return status == 0 ? Totals.PASS : Totals.FAIL;
    }

    /** Maven's lines that say how far it is or what failed. */
    private static boolean telling(String line) {
        return line.contains("Tests run:") || line.startsWith("[ERROR]") || line.startsWith("[INFO] Building ");
    }

    private static Path reports(Repository repository, String module) {
        return repository.home().resolve(module).resolve("target/surefire-reports");
    }

    private static void deleteReports(Repository repository, String module) throws IOException {
        Path directory = reports(repository, module);
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> reports = Files.newDirectoryStream(directory, "TEST-*.xml")) {
                for (Path report : reports) {
                    Files.delete(report);
                }
            }
        }
    }

    private static Totals reported(Repository repository, String module) throws IOException {
        Totals totals = Totals.NONE;
        Path directory = reports(repository, module);
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> reports = Files.newDirectoryStream(directory, "TEST-*.xml")) {
                for (Path report : reports) {
                    totals = totals.plus(suite(Files.readString(report)));
                }
            }
        }
        return totals;
    }

    /** The counts of one report of Surefire's. */
    static Totals suite(String xml) {
        Matcher suite = SUITE.matcher(xml);
        if (!suite.find()) {
            return Totals.FAIL;
        }
        int failed = Integer.parseInt(suite.group(2)) + Integer.parseInt(suite.group(4));
        int skipped = Integer.parseInt(suite.group(3));
        return new Totals(Integer.parseInt(suite.group(1)) - failed - skipped, failed, skipped);
    }
}
