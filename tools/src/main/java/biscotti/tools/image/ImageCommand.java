package biscotti.tools.image;

import biscotti.tools.Directories;
import biscotti.tools.HostProgram;
import biscotti.tools.Progress;
import biscotti.tools.Repository;
import biscotti.tools.ToolFailure;
import biscotti.tools.archive.FileTree;
import biscotti.tools.boot.BootArchive;
import biscotti.tools.boot.JvmOptions;
import biscotti.tools.boot.KernelCommandLine;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.root.Ext4Image;
import biscotti.tools.run.Megabytes;
import biscotti.tools.run.PreparedRoot;
import biscotti.tools.run.RootOptions;
import biscotti.tools.run.SizeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code biscotti image}: makes what a machine can start from without this tool. */
@Command(
        name = "image",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "iso|disk",
        description = "Makes an image that a machine boots from, or has as its root.",
        subcommands = {ImageCommand.Iso.class, ImageCommand.Disk.class})
public final class ImageCommand {
    private ImageCommand() {}

    /** {@code biscotti image iso}: a CD on which GRUB loads the shim by Multiboot2, the JVM's files and the root as modules. */
    @Command(
            name = "iso",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            customSynopsis = "biscotti image iso -o FILE [options] [--] [COMMAND ARG...]",
            description = "Makes a CD that boots under BIOS and runs COMMAND, or a shell, on the first serial line.")
    static final class Iso implements Callable<Integer> {
        @Option(
                names = {"-o", "--output"},
                paramLabel = "FILE",
                required = true,
                description = "the file to write")
        private Path output;

        @Mixin
        private SizeOptions size;

        @Mixin
        private RootOptions root;

        @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "the program to run, with its arguments")
        private List<String> command = List.of();

        @Override
        public Integer call() throws IOException {
            if (!HostProgram.of("grub-mkrescue", "--version").succeeds()
                    || !HostProgram.of("xorriso", "-version").succeeds()) {
                throw new ToolFailure(
                        "an image needs GRUB and xorriso, type: sudo apt-get install grub-pc-bin grub-common xorriso mtools");
            }
            Repository repository = Repository.current();
            Path directory = Files.createTempDirectory(repository.made("images"), "iso");
            try {
                make(repository, directory);
            } finally {
                Directories.delete(directory);
            }
            return 0;
        }

        private void make(Repository repository, Path directory) throws IOException {
            MachineOptions machine = size.machine();
            Path boot = Files.createDirectories(directory.resolve("tree/boot"));
            PreparedRoot prepared = PreparedRoot.of(repository, root, command, directory);
            List<String> modules = new ArrayList<>(List.of("jvm.cpio"));
            BootArchive.of(repository, machine.collector()).write(boot.resolve("jvm.cpio"), List.of());
            for (Path archive : prepared.archives()) {
                String name = "root" + modules.size() + ".cpio";
                Files.copy(archive, boot.resolve(name));
                modules.add(name);
            }
            Files.copy(repository.shim(), boot.resolve("shim.elf"));
            Path grub = Files.createDirectories(boot.resolve("grub"));
            Files.writeString(grub.resolve("grub.cfg"), configuration(commandLine(machine, prepared), modules));
            Progress.step("making the image");
            Path image = directory.resolve("image.iso");
            HostProgram.of(
                            "grub-mkrescue",
                            "-o",
                            image.toString(),
                            directory.resolve("tree").toString())
                    .output();
            Files.move(image, output, StandardCopyOption.REPLACE_EXISTING);
        }

        private static String commandLine(MachineOptions machine, PreparedRoot prepared) {
            List<String> arguments = new ArrayList<>(JvmOptions.commandLine(machine.heapMegabytes(), List.of()));
            arguments.addAll(prepared.commandOptions());
            return KernelCommandLine.of(List.of("jvm=" + machine.jvmMegabytes()), arguments);
        }
    }

    /** {@code biscotti image disk}: an ext4 file system, for {@code biscotti run --root}. */
    @Command(
            name = "disk",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            customSynopsis = "biscotti image disk -o FILE [options]",
            description = "Makes a disk image with an ext4 file system, which run --root takes.")
    static final class Disk implements Callable<Integer> {
        @Option(
                names = {"-o", "--output"},
                paramLabel = "FILE",
                required = true,
                description = "the file to write")
        private Path output;

        @Option(
                names = "--size",
                paramLabel = "SIZE",
                defaultValue = "1G",
                converter = Megabytes.class,
                description = "the disk's size, as 512M or 2G (default: ${DEFAULT-VALUE})")
        private int size;

        @Mixin
        private RootOptions root;

        @Override
        public Integer call() throws IOException {
            FileTree files = root.files(Repository.current());
            Progress.step("making the image");
            Ext4Image.make(files, size, output);
            return 0;
        }
    }

    /** GRUB's menu: one entry, taken at once. */
    static String configuration(String commandLine, List<String> modules) {
        String words = List.of(commandLine.split(" ", -1)).stream()
                .map(word -> "'" + word + "'") // an escaped command line has no quotes of its own
                .collect(Collectors.joining(" "));
        StringBuilder menu = new StringBuilder("set timeout=0\nmenuentry Biscotti {\n");
        menu.append("  multiboot2 /boot/shim.elf ").append(words).append('\n');
        modules.forEach(module -> menu.append("  module2 /boot/").append(module).append('\n'));
        return menu.append("}\n").toString();
    }
}
