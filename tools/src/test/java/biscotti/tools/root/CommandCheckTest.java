package biscotti.tools.root;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import biscotti.tools.ToolFailure;
import biscotti.tools.archive.Content;
import biscotti.tools.archive.FileTree;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CommandCheckTest {
    private final FileTree root = new FileTree();

    @BeforeEach
    void fillRoot() {
        root.directory("usr/bin", 0755);
        root.link("bin", "usr/bin");
        root.file("usr/bin/static", 0755, Content.of(elf(62, 2, "")));
        root.file("usr/bin/dynamic", 0755, Content.of(elf(62, 3, "/lib64/ld.so")));
        root.file("usr/bin/script", 0755, Content.of("#! /bin/static -x\n"));
        root.file("usr/bin/orphan", 0755, Content.of("#!/no/such\n"));
        root.file("usr/bin/text", 0755, Content.of("text\n"));
        root.file("usr/bin/arm", 0755, Content.of(elf(183, 2, "")));
        root.file("usr/bin/data", 0644, Content.of(elf(62, 2, "")));
    }

    @Test
    void programsAndScriptsPass() {
        assertDoesNotThrow(() -> CommandCheck.check(root, "static"));
        assertDoesNotThrow(() -> CommandCheck.check(root, "/bin/static"));
        assertDoesNotThrow(() -> CommandCheck.check(root, "bin/static"));
        assertDoesNotThrow(() -> CommandCheck.check(root, "script"));
    }

    @Test
    void aMissingCommandIs127() {
        fails(127, "nosuch: command not found in the root's PATH", "nosuch");
        fails(127, "/nosuch: no such file in the root", "/nosuch");
        fails(127, "the command's name is empty", "");
    }

    @Test
    void aMissingInterpreterIs127() {
        fails(127, "dynamic: the program's interpreter '/lib64/ld.so' is not in the root", "dynamic");
        fails(127, "orphan: the script's interpreter '/no/such' is not in the root", "orphan");
        root.file("lib64/ld.so", 0755, Content.of(elf(62, 3, "")));
        assertDoesNotThrow(() -> CommandCheck.check(root, "dynamic"));
    }

    @Test
    void whatCannotBeExecutedIs126() {
        fails(126, "/usr/bin: is a directory", "/usr/bin");
        fails(126, "data: is not executable (permission denied)", "data");
        fails(126, "text: is neither an ELF program nor a script (exec format error)", "text");
        fails(126, "arm: is an ELF file of another architecture than x86-64 (exec format error)", "arm");
    }

    private void fails(int status, String message, String command) {
        ToolFailure failure = assertThrows(ToolFailure.class, () -> CommandCheck.check(root, command));
        assertEquals(message, failure.getMessage());
        assertEquals(status, failure.status());
    }

    /** An ELF header with one program header, PT_INTERP if {@code interpreter} is given. */
    private static byte[] elf(int machine, int type, String interpreter) {
        ByteBuffer elf = ByteBuffer.allocate(64 + 56 + interpreter.length() + 1).order(ByteOrder.LITTLE_ENDIAN);
        elf.putInt(0, 0x464c457f).put(4, (byte) 2).putShort(16, (short) type).putShort(18, (short) machine);
        elf.putLong(32, 64).putShort(56, (short) 1);
        elf.putInt(64, interpreter.isEmpty() ? 1 : 3).putLong(64 + 8, 120).putLong(64 + 32, interpreter.length() + 1);
        elf.put(120, interpreter.getBytes(StandardCharsets.US_ASCII));
        return elf.array();
    }
}
