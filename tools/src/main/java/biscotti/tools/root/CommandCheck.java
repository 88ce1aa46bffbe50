package biscotti.tools.root;

import biscotti.tools.ToolFailure;
import biscotti.tools.archive.FileTree;
import biscotti.tools.archive.Node;
import biscotti.tools.archive.Node.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Whether a command can start from a root, found out before a machine is.
 *
 * <p>The rules are those of execve(2) and of the shell's search through PATH, the statuses those of {@code docker run}: 127 for
 * what is not there, 126 for what cannot be executed.
 */
public final class CommandCheck {
    /** Where the kernel looks for a command without a slash. */
    public static final List<String> PATH =
            List.of("usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin", "sbin", "bin");

    private static final int EXECUTE = 0111;
    private static final int HEAD = 4096;
    private static final int PT_INTERP = 3;
    private static final int MACHINE_X86_64 = 62;

    private final FileTree root;
    private final String command;

    private CommandCheck(FileTree root, String command) {
        this.root = root;
        this.command = command;
    }

    /** Fails unless {@code command} is an executable file of {@code root}. */
    public static void check(FileTree root, String command) throws IOException {
        new CommandCheck(root, command).check();
    }

    private void check() throws IOException {
        if (command.isEmpty()) {
            throw new ToolFailure(ToolFailure.NOT_FOUND, "the command's name is empty");
        }
        String name = new String(command.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        Node node = (name.contains("/") ? root.node(name) : search(name))
                .orElseThrow(() -> new ToolFailure(
                        ToolFailure.NOT_FOUND,
                        command
                                + (name.contains("/")
                                        ? ": no such file in the root"
                                        : ": command not found in the root's PATH")));
        if (!(node instanceof RegularFile file)) {
            throw notExecutable("is a directory");
        }
        if ((file.attributes().permissions() & EXECUTE) == 0) {
            throw notExecutable("is not executable (permission denied)");
        }
        byte[] head = file.content().head(HEAD);
        if (head.length >= 2 && head[0] == '#' && head[1] == '!') {
            checkInterpreter(scriptInterpreter(head), "script");
        } else {
            checkElf(head);
        }
    }

    private Optional<Node> search(String name) {
        return PATH.stream()
                .map(directory -> root.node(directory + "/" + name))
                .flatMap(Optional::stream)
                .filter(RegularFile.class::isInstance)
                .findFirst();
    }

    private void checkElf(byte[] head) {
        ByteBuffer elf = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        if (head.length < 64 || elf.getInt(0) != 0x464c457f) { // "\177ELF"
            throw notExecutable("is neither an ELF program nor a script (exec format error)");
        }
        if (elf.get(4) != 2 || elf.getShort(18) != MACHINE_X86_64) {
            throw notExecutable("is an ELF file of another architecture than x86-64 (exec format error)");
        }
        if (elf.getShort(16) != 2 && elf.getShort(16) != 3) { // ET_EXEC, ET_DYN
            throw notExecutable("is an ELF file but no program (exec format error)");
        }
        programInterpreter(elf).ifPresent(interpreter -> checkInterpreter(interpreter, "program"));
    }

    private static Optional<String> programInterpreter(ByteBuffer elf) {
        long table = elf.getLong(32);
        int count = elf.getShort(56) & 0xffff;
        for (int i = 0; i < count; i++) {
            long header = table + 56L * i;
            if (header < 0 || header + 56 > elf.limit()) {
                break;
            }
            if (elf.getInt((int) header) == PT_INTERP) {
                long offset = elf.getLong((int) header + 8);
                long size = elf.getLong((int) header + 32);
                if (offset < 0 || size < 1 || offset + size > elf.limit()) {
                    break;
                }
                return Optional.of(new String(elf.array(), (int) offset, (int) size - 1, StandardCharsets.ISO_8859_1));
            }
        }
        return Optional.empty();
    }

    /** The program that the first line of a script names (execve(2), "Interpreter scripts"). */
    private static String scriptInterpreter(byte[] head) {
        String line = new String(head, 2, head.length - 2, StandardCharsets.ISO_8859_1)
                .lines()
                .findFirst()
                .orElse("");
        return line.strip().split("[ \t]", 2)[0];
    }

    private void checkInterpreter(String interpreter, String kind) {
        if (root.node(interpreter).isEmpty()) {
            throw new ToolFailure(
                    ToolFailure.NOT_FOUND,
                    command + ": the " + kind + "'s interpreter '" + interpreter + "' is not in the root");
        }
    }

    private ToolFailure notExecutable(String why) {
        return new ToolFailure(ToolFailure.NOT_EXECUTABLE, command + ": " + why);
    }
}
