package biscotti.tools.guest;

import biscotti.tools.HostProgram;
import biscotti.tools.Repository;
import biscotti.tools.archive.Content;
import biscotti.tools.archive.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What lies in tests/: C programs, built when they are stale, and scripts. */
public final class TestPrograms {
    /** Where the machine has the test programs and scripts. */
    public static final String TESTS = "/tests";

    /** Where the machine has the scripts that try programs of Debian. */
    private static final String DEBIAN = "/debian";

    /** Seconds that a test has: a program of Debian's may start hundreds of processes, or compile. */
    private static final int TEST_SECONDS = 60;

    private static final int DEBIAN_SECONDS = 300;

    /** Where the machine has the benchmarks. */
    public static final String BENCHES = "/bench";

    /** The program that runs tests in the machine; see tests/guest/suite.c. */
    public static final String SUITE = "/tests/.suite";

    /** The program that keeps the machine busy; see tests/guest/soak.c. */
    public static final String SOAK = "/tests/.soak";

    /** The program that makes random system calls; see tests/guest/randomcalls.c. */
    public static final String RANDOM_CALLS = "/tests/.randomcalls";

    /** The program that takes all there is of something, beside others that behave; see tests/guest/hogs.c. */
    public static final String HOGS = "/tests/.hogs";

    private final Path tests;

    private TestPrograms(Path tests) {
        this.tests = tests;
    }

    /** The programs of {@code repository}. */
    public static TestPrograms of(Repository repository) throws IOException {
        Path tests = repository.home().resolve("tests");
        HostProgram.of("make", "-s", "-C", tests.toString()).output();
        return new TestPrograms(tests);
    }

    /** The host's file of a program of tests/guest. */
    public Path guestProgram(String name) {
        return tests.resolve("out/guest").resolve(name);
    }

    /** Puts the tests and what runs them into {@code root}, which on a small machine has room for little more. */
    public void addTests(FileTree root) throws IOException {
        addAll(root, "out/programs", TESTS);
        addAll(root, "scripts", TESTS);
        addAll(root, "debian/scripts", DEBIAN);
        add(root, guestProgram("suite"), SUITE);
    }

    /** Puts everything into {@code root}. */
    public void addTo(FileTree root) throws IOException {
        addTests(root);
        addAll(root, "out/bench", BENCHES);
        add(root, guestProgram("soak"), SOAK);
        add(root, guestProgram("randomcalls"), RANDOM_CALLS);
        add(root, guestProgram("hogs"), HOGS);
    }

    /** The project's own programs, and scripts for busybox. */
    public TestSet own() {
        return new TestSet(TESTS, names("out/programs", "scripts"), List.of(), TEST_SECONDS, tests.resolve("expected"));
    }

    /** Scripts that try programs of Debian's packages. */
    public TestSet debian() throws IOException {
        List<String> packages = Files.readAllLines(tests.resolve("debian/packages"));
        return new TestSet(DEBIAN, names("debian/scripts"), packages, DEBIAN_SECONDS, tests.resolve("debian/expected"));
    }

    private List<String> names(String... directories) {
        return Stream.of(directories)
                .flatMap(directory -> files(directory).stream())
                .map(file -> file.getFileName().toString())
                .sorted()
                .toList();
    }

    /** The tests that fail for a known reason, with it. */
    public Map<String, String> knownFailures() throws IOException {
        return Files.readAllLines(tests.resolve("known-failures")).stream()
                .filter(line -> !line.startsWith("#") && line.contains(": "))
                .map(line -> line.split(": ", 2))
                .collect(Collectors.toMap(part -> part[0], part -> part[1]));
    }

    /** The scripts of what is typed on a console and waited for. */
    public List<Path> consoleSessions() {
        return files("console").stream()
                .filter(file -> file.toString().endsWith(".session"))
                .toList();
    }

    private void addAll(FileTree root, String directory, String place) throws IOException {
        for (Path file : files(directory)) {
            add(root, file, place + "/" + file.getFileName());
        }
    }

    private static void add(FileTree root, Path file, String place) throws IOException {
        root.file(place.substring(1), 0755, Content.of(file, 0, Files.size(file)));
    }

    private List<Path> files(String directory) {
        try (Stream<Path> files = Files.list(tests.resolve(directory))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
