package biscotti.tools.syscalls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table of system calls, and its page in docs. */
class SystemCallTableTest {
    private static final Path KERNEL = Path.of("..", "kernel", "target", "classes");

    @Test
    void thePageInDocsIsWhatTheAnnotationsSay() throws IOException {
        String committed = Files.readString(Path.of("..", "docs", "syscalls.md"));
        try (BufferedReader lines = Files.newBufferedReader(KERNEL.resolve(SystemCallTable.RESOURCE))) {
            assertEquals(
                    SystemCallTable.read(lines).page(), committed, "run ./biscotti syscalls --page >docs/syscalls.md");
        }
    }

    @Test
    void whatIsThereInFullInPartAndNotIsTold() {
        SystemCallTable table = SystemCallTable.read(new BufferedReader(new StringReader("""
                0\tread\tfull\tFileCalls\t
                1\twrite\tENOSYS\t\t
                157\tprctl\tpartial\tControlCalls\tno a|b
                """)));
        assertTrue(table.text().contains("   1  write                    ENOSYS\n"));
        assertTrue(table.page().contains("| 0 | read | done | |\n"));
        assertTrue(table.page().contains("| 157 | prctl | partial | no a\\|b |\n"));
        assertTrue(table.page().contains("1 done, 1 partial, 1 ENOSYS."));
    }
}
