package biscotti.tools.guest;

import biscotti.tools.Repository;
import biscotti.tools.archive.Content;
import biscotti.tools.archive.FileTree;
import biscotti.tools.boot.BootArchive;
import biscotti.tools.boot.HeapLayout;
import biscotti.tools.boot.JvmOptions;
import biscotti.tools.boot.KernelCommandLine;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.machine.Qemu;
import biscotti.tools.root.RootBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** This kernel, booted as {@code biscotti run} boots it. */
public final class BiscottiGuest implements Guest {
    private static final String COMMAND_FILE = ".command";

    private final Repository repository;
    private final List<String> jvmOptions;
    private final List<String> kernelOptions;
    private final boolean mistaken;
    private final List<String> packages;

    /** The kernel of {@code repository}, with further options for its JVM. */
    public BiscottiGuest(Repository repository, String... jvmOptions) {
        this(repository, List.of(jvmOptions), List.of(), false, List.of());
    }

    private BiscottiGuest(
            Repository repository,
            List<String> jvmOptions,
            List<String> kernelOptions,
            boolean mistaken,
            List<String> packages) {
        this.repository = repository;
        this.jvmOptions = jvmOptions;
        this.kernelOptions = kernelOptions;
        this.mistaken = mistaken;
        this.packages = packages;
    }

    /** The same with further options for the kernel itself, such as {@code heap=checked}. */
    public BiscottiGuest with(String... moreKernelOptions) {
        return new BiscottiGuest(repository, jvmOptions, List.of(moreKernelOptions), mistaken, packages);
    }

    /** The same with Debian packages in its root. */
    public BiscottiGuest withPackages(List<String> names) {
        return new BiscottiGuest(repository, jvmOptions, kernelOptions, mistaken, names);
    }

    /** The same with heap bounds that were found for objects smaller than they are. */
    public BiscottiGuest withMistakenBounds() {
        return new BiscottiGuest(repository, jvmOptions, kernelOptions, true, packages);
    }

    @Override
    public String name() {
        return "Biscotti";
    }

    @Override
    public Qemu.Boot prepare(
            MachineOptions machine, FileTree additions, boolean tty, List<String> command, Path directory)
            throws IOException {
        FileTree files = additions.copy();
        files.file(COMMAND_FILE, 0400, Content.of(words(command)));
        Path overlay = directory.resolve("overlay.cpio");
        RootBuilder.write(files, overlay);
        Path archive = directory.resolve("archive");
        Path root = new RootBuilder(repository).build(Optional.empty(), packages);
        HeapLayout layout = HeapLayout.of(machine.collector());
        BootArchive.of(repository, machine.collector(), mistaken ? layout.mistaken() : layout)
                .write(archive, List.of(root, overlay));
        return new Qemu.Boot.Direct(repository.shim(), archive, commandLine(machine, tty));
    }

    private String commandLine(MachineOptions machine, boolean tty) {
        List<String> jvm = new ArrayList<>(JvmOptions.commandLine(machine.heapMegabytes(), jvmOptions));
        jvm.add("console=" + (tty ? "tty" : "raw"));
        jvm.add("size=80x24");
        jvm.add("env=TERM=linux");
        jvm.addAll(kernelOptions);
        jvm.add("command-file=/" + COMMAND_FILE);
        return KernelCommandLine.of(List.of("jvm=" + machine.jvmMegabytes()), jvm);
    }

    private static byte[] words(List<String> command) {
        StringBuilder text = new StringBuilder();
        command.forEach(word -> text.append(word).append('\0'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
