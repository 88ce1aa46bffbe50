package biscotti.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees who mistypes: one line that says what is wrong, and a status that is not zero. */
final class MainTest {
    @TempDir
    Path directory;

    private record Outcome(int status, List<String> errors) {}

    @Test
    void wrongOptions() {
        complains(125, "Unknown option: '--nosuch'", "run", "--nosuch");
        complains(125, "--cpus", "run", "--cpus", "many");
        complains(125, "--cpus 0: from 1 to 64 are possible", "run", "--cpus", "0");
        complains(125, "no amount of memory", "run", "--memory", "lots");
        complains(125, "--memory: 16 MB are too little", "run", "--memory", "16M");
        complains(125, "--kernel-heap: 900 MB leave too little", "run", "--memory", "1G", "--kernel-heap", "900M");
        complains(125, "--gc", "run", "--gc", "fast");
        complains(125, "--machine", "run", "--machine", "pdp11");
        complains(125, "--timeout", "run", "--timeout", "soon");
        complains(125, "which command?");
        complains(125, "nosuch", "nosuch");
    }

    @Test
    void wrongRoots() throws IOException {
        complains(125, "--root /no/such: no such file or directory", "run", "--root", "/no/such");
        Path text = Files.writeString(directory.resolve("text"), "no archive");
        complains(125, text + ": no tar archive", "run", "--root", text.toString());
        complains(125, "/dev/null: not a file that can be read", "run", "--root", "/dev/null");
    }

    @Test
    void wrongCopies() throws IOException {
        String root = Files.createDirectory(directory.resolve("root")).toString();
        complains(125, "--copy x: not of the form HOST:GUEST", "run", "--root", root, "--copy", "x");
        complains(125, "--copy x:y: not of the form HOST:GUEST", "run", "--root", root, "--copy", "x:y");
        complains(125, "--copy /no/such: no such file", "run", "--root", root, "--copy", "/no/such:/x");
    }

    @Test
    void wrongCommands() throws IOException {
        Path root = Files.createDirectory(directory.resolve("root"));
        complains(127, "nosuch: command not found", "run", "--root", root.toString(), "nosuch");
        Files.writeString(root.resolve("text"), "x");
        complains(126, "/text: is not executable", "run", "--root", root.toString(), "--", "/text", "--nosuch");
    }

    @Test
    void exceptionsOfTheJdkAreToldInWords() {
        assertEquals("/x: no such file or directory", Main.describe(new NoSuchFileException("/x")));
        assertEquals("broken", Main.describe(new IOException("broken\nand more")));
    }

    private void complains(int status, String part, String... arguments) {
        Outcome outcome = execute(arguments);
        assertEquals(status, outcome.status, () -> outcome.errors.toString());
        List<String> complaints = outcome.errors.stream()
                .filter(line -> !line.startsWith("biscotti: making the root file system"))
                .toList();
        assertEquals(1, complaints.size(), complaints::toString);
        assertTrue(complaints.getFirst().contains(part), complaints::toString);
        assertFalse(complaints.getFirst().contains("internal error"), complaints::toString);
    }

    private Outcome execute(String... arguments) {
        PrintStream before = System.err;
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        String home = System.getProperty("biscotti.home", "");
        System.setProperty("biscotti.home", directory.resolve("home").toString());
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        try {
            return new Outcome(
                    Main.execute(arguments),
                    errors.toString(StandardCharsets.UTF_8).lines().toList());
        } finally {
            System.setErr(before);
            System.setProperty("biscotti.home", home);
        }
    }
}
