package biscotti.tools.guest;

import biscotti.tools.Repository;
import biscotti.tools.archive.Content;
import biscotti.tools.archive.FileTree;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.machine.Qemu;
import biscotti.tools.root.RootBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Debian's Linux kernel, the reference. Its initial RAM file system is the root; the program tests/guest/linux-init.c makes
 * of it what Biscotti offers from the start.
 */
public final class LinuxGuest implements Guest {
    private static final String INIT = "/.linux-init";

    /** Where linux-init.c finds the command. */
    private static final String COMMAND = "command";

    /** Five levels of page tables would move the end of user space: addresses are those of a 47-bit user half, as on Biscotti. */
    private static final String COMMAND_LINE = "console=ttyS0 quiet loglevel=3 panic=-1 no5lvl rdinit=";

    private final Repository repository;
    private final List<String> packages;

    /** The reference, built in {@code repository}. */
    public LinuxGuest(Repository repository) {
        this(repository, List.of());
    }

    private LinuxGuest(Repository repository, List<String> packages) {
        this.repository = repository;
        this.packages = packages;
    }

    /** The same with Debian packages in its root. */
    public LinuxGuest withPackages(List<String> names) {
        return new LinuxGuest(repository, names);
    }

    @Override
    public String name() {
        return "Linux";
    }

    @Override
    public Qemu.Boot prepare(
            MachineOptions machine, FileTree additions, boolean tty, List<String> command, Path directory)
            throws IOException {
        FileTree files = additions.copy();
        Path init = TestPrograms.of(repository).guestProgram("linux-init");
        files.file(INIT.substring(1), 0755, Content.of(init, 0, Files.size(init)));
        files.file(COMMAND, 0444, Content.of(words(tty, command)));
        Path overlay = directory.resolve("overlay.cpio");
        RootBuilder.write(files, overlay);
        Path archive = directory.resolve("initramfs");
        try (OutputStream out = Files.newOutputStream(archive)) {
            Files.copy(new RootBuilder(repository).build(Optional.empty(), packages), out);
            Files.copy(overlay, out);
        }
        return new Qemu.Boot.Direct(LinuxKernel.vmlinuz(), archive, COMMAND_LINE + INIT);
    }

    private static byte[] words(boolean tty, List<String> command) {
        StringBuilder text = new StringBuilder(tty ? "tty" : "raw").append('\0');
        command.forEach(word -> text.append(word).append('\0'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
