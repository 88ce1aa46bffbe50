package biscotti.tools.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The string constants of the JDK's classes are found by what JVMs tell of the classes that they load. */
class JdkStringsTest {
    @TempDir
    private Path directory;

    private Set<String> strings() throws IOException {
        byte[] bytes = JdkStrings.ofClassesIn(directory);
        Set<String> strings = new HashSet<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            for (int left = in.readInt(); left > 0; left--) {
                assertTrue(strings.add(in.readUTF()), "none is there twice");
            }
            assertEquals(0, in.available());
        }
        return strings;
    }

    private void loaded(String process, String... lines) throws IOException {
        String option = JdkStrings.logOfClasses(directory);
        Path file = Path.of(
                option.substring(option.indexOf("file=") + "file=".length()).replace("%p", process));
        Files.writeString(file, String.join("\n", lines) + "\n");
    }

    @Test
    void allClassesOfAllProcessesCount() throws IOException {
        loaded("1", "[0.1s][info][class,load] java.lang.Boolean source: shared objects file");
        loaded("2", "[0.1s][info][class,load] java.util.concurrent.TimeUnit source: jrt:/java.base");
        Set<String> strings = strings();
        assertTrue(strings.containsAll(Set.of("true", "NANOSECONDS")), strings.toString());
    }

    @Test
    void classesThatAreNotInTheJdkDoNotCount() throws IOException {
        loaded("1", "[0.1s][info][class,load] biscotti.boot.Main source: file:/kernel.jar", "something else");
        assertEquals(Set.of(), strings());
    }

    @Test
    void aJvmWritesWhatIsRead() throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(java, JdkStrings.logOfClasses(directory), "-version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertEquals(0, process.waitFor());
        assertTrue(strings().size() > 1000);
    }
}
