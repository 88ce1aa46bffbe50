package biscotti.tools.run;

import biscotti.tools.Directories;
import biscotti.tools.Repository;
import biscotti.tools.ToolFailure;
import biscotti.tools.boot.BootArchive;
import biscotti.tools.boot.JvmOptions;
import biscotti.tools.boot.KernelCommandLine;
import biscotti.tools.machine.Acceleration;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.machine.Qemu;
import biscotti.tools.machine.RunningMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code biscotti run}: boots a machine, runs a command in it, exits with the command's status. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "biscotti run [options] [--] [COMMAND ARG...]",
        description = {
            "Boots the machine and runs COMMAND in it, or a shell on your terminal.",
            "Exits with COMMAND's status; 124: time out, 125: the tool or the machine failed,",
            "126: COMMAND cannot be executed, 127: COMMAND was not found.",
            "On a terminal, Ctrl-A X stops the machine."
        })
public final class RunCommand implements Callable<Integer> {
    @Mixin
    private SizeOptions size;

    @Mixin
    private RootOptions root;

    @Mixin
    private DiskOptions disks;

    @Mixin
    private NetworkOptions network;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "stop the machine and exit with 124 after this time")
    private Optional<Integer> timeout = Optional.empty();

    @Option(names = "--log", paramLabel = "FILE", description = "where the kernel log goes (default: build/log/last)")
    private Path log;

    @Option(
            names = "--jvm-option",
            paramLabel = "OPTION",
            hidden = true,
            description = "one more option for the kernel's JVM")
    private List<String> jvmOptions = List.of();

    @Option(names = "--shim-option", paramLabel = "OPTION", hidden = true, description = "one more option for the shim")
    private List<String> shimOptions = List.of();

    @Option(
            names = "--kernel-option",
            paramLabel = "OPTION",
            hidden = true,
            description = "one more option for the kernel itself, such as heap=checked")
    private List<String> kernelOptions = List.of();

    @Option(names = "--qemu-option", paramLabel = "OPTION", hidden = true, description = "one more argument for QEMU")
    private List<String> qemuOptions = List.of();

    @Option(
            names = "--parallel",
            description =
                    "emulate the CPUs at the same time: faster, but QEMU now and then runs code that is half changed")
    private boolean parallel;

    @Option(names = "--acceleration", paramLabel = "VALUE", hidden = true, description = "QEMU's option -accel")
    private String acceleration = "";

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "the program to run, with its arguments")
    private List<String> command = List.of();

    private final Repository repository = Repository.current();

    @Override
    public Integer call() throws IOException {
        MachineOptions machine = size.machine();
        Optional<DiskImage> rootDisk = root.disk();
        List<String> moreOptions = new ArrayList<>(disks.qemuOptions(rootDisk, machine.type()));
        moreOptions.addAll(network.qemuOptions(machine.type()));
        moreOptions.addAll(qemuOptions);
        Path kernelLog = log == null ? repository.lastLog() : log.toAbsolutePath();
        checkWritable(kernelLog);
        // Sockets have names of at most 107 bytes, so this is not under build/.
        Path directory = Files.createTempDirectory("biscotti");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteQuietly(directory)));
        PreparedRoot prepared = rootDisk.isPresent()
                ? PreparedRoot.of(rootDisk.get(), command, directory)
                : PreparedRoot.of(repository, root, command, directory);
        Path archive = directory.resolve("archive");
        BootArchive.of(repository, machine.collector()).write(archive, prepared.archives());
        Qemu.Boot boot = new Qemu.Boot.Direct(repository.shim(), archive, commandLine(machine, prepared), moreOptions);
        return run(machine, boot, kernelLog, directory);
    }

    private int run(MachineOptions options, Qemu.Boot boot, Path kernelLog, Path directory) throws IOException {
        Qemu qemu = Qemu.installed();
        String chosen = !acceleration.isEmpty()
                ? acceleration
                : parallel ? Acceleration.parallel(qemu, repository) : Acceleration.of(qemu, repository);
        boolean interactive = Terminal.present();
        try (RunningMachine machine = RunningMachine.start(qemu, options, chosen, boot, kernelLog, directory)) {
            Thread stopper = new Thread(machine::stop);
            Runtime.getRuntime().addShutdownHook(stopper);
            if (!interactive) {
                return new Session(machine, kernelLog, false).run(timeout);
            }
            try (Terminal terminal = Terminal.raw()) {
                return new Session(machine, kernelLog, true).run(timeout);
            }
        }
    }

    private String commandLine(MachineOptions machine, PreparedRoot prepared) {
        List<String> kernel = new ArrayList<>();
        kernel.add("console=" + (Terminal.present() ? "tty" : "raw"));
        if (Terminal.present()) {
            Terminal.size().ifPresent(window -> kernel.add("size=" + window.columns() + "x" + window.rows()));
            kernel.add("env=TERM=" + System.getenv().getOrDefault("TERM", "vt100"));
        }
        kernel.addAll(kernelOptions);
        kernel.addAll(prepared.commandOptions());
        List<String> shim = new ArrayList<>(shimOptions);
        shim.add("jvm=" + machine.jvmMegabytes());
        List<String> jvm = new ArrayList<>(JvmOptions.commandLine(machine.heapMegabytes(), jvmOptions));
        jvm.addAll(kernel);
        return KernelCommandLine.of(shim, jvm);
    }

    private static void checkWritable(Path log) throws IOException {
        if (Files.isDirectory(log)) {
            throw new ToolFailure("--log " + log + ": is a directory");
        }
        Files.write(log, new byte[0]);
    }

    private static void deleteQuietly(Path directory) {
        try {
            Directories.delete(directory);
        } catch (IOException e) {
            // What is left is in the system's directory for temporary files.
        }
    }
}
