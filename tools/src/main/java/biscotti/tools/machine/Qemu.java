package biscotti.tools.machine;

import biscotti.tools.HostProgram;
import biscotti.tools.ToolFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The emulator on this host: its version, how it runs CPUs, and its command line. */
public final class Qemu {
    /** The value of the option {@code -accel} with which emulated CPUs take turns on one of the host's. */
    public static final String IN_TURN = "tcg,thread=single";

    /** The value of the option {@code -accel} with which emulated CPUs run at the same time. */
    public static final String PARALLEL = "tcg,thread=multi";

    private static final String PROGRAM = "qemu-system-x86_64";
    private static final Pattern VERSION = Pattern.compile("version (\\d+)\\.(\\d+)");

    /** The devices through which the machine talks to the host. Addresses and interrupts are those of a PC. */
    private static final String EXIT_DEVICE = "isa-debug-exit,iobase=0x501,iosize=4";

    private final int major;
    private final int minor;

    private Qemu(int major, int minor) {
        this.major = major;
        this.minor = minor;
    }

    /** The installed QEMU. */
    public static Qemu installed() throws IOException {
        String said = HostProgram.of(PROGRAM, "--version").output();
        Matcher version = VERSION.matcher(said);
        if (!version.find()) {
            throw new ToolFailure(PROGRAM + " --version says nothing of a version");
        }
        return new Qemu(Integer.parseInt(version.group(1)), Integer.parseInt(version.group(2)));
    }

    /** The version as "MAJOR.MINOR". */
    public String version() {
        return major + "." + minor;
    }

    /**
     * Whether several CPUs can be emulated at the same time for benchmarks and whoever asks for it. QEMU can translate code
     * while another CPU changes it, and then runs neither the old nor the new; HotSpot changes its code all the time. Before
     * 8.1 that is the rule; since then it hits one machine in some tens (docs/shim.md, "Limits").
     */
    public boolean parallel() {
        return major > 8 || (major == 8 && minor >= 1);
    }

    /**
     * The command that starts a machine.
     *
     * @param options its size and kind
     * @param acceleration the value of {@code -accel}
     * @param boot what it starts from
     * @param wires where its lines end on the host
     */
    public List<String> command(MachineOptions options, String acceleration, Boot boot, Wires wires) {
        List<String> command =
                new ArrayList<>(List.of(PROGRAM, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"));
        String type = options.type().name().toLowerCase(Locale.ROOT);
        add(
                command,
                "-machine",
                options.type() == MachineOptions.Type.MICROVM ? type + ",isa-serial=off,pit=on,pic=on,rtc=on" : type);
        add(command, "-accel", acceleration);
        add(command, "-cpu", "max");
        add(command, "-smp", Integer.toString(options.cpus()));
        add(command, "-m", options.memoryMegabytes() + "M");
        boot.addTo(command);
        // The kernel log.
        add(command, "-chardev", "file,id=log,path=" + escaped(wires.log()));
        add(command, "-device", "isa-debugcon,chardev=log,iobase=0xe9");
        // COM1: the console.
        add(command, "-chardev", "socket,id=console,path=" + escaped(wires.console()));
        add(command, "-device", "isa-serial,chardev=console,iobase=0x3f8,irq=4,index=0");
        // COM2: the control line.
        add(command, "-chardev", "socket,id=control,path=" + escaped(wires.control()));
        add(command, "-device", "isa-serial,chardev=control,iobase=0x2f8,irq=3,index=1");
        add(command, "-device", EXIT_DEVICE);
        return command;
    }

    /** What a machine starts from. */
    public sealed interface Boot {
        /** Adds the options to a QEMU command. */
        void addTo(List<String> command);

        /** The shim as the kernel, with its boot archive and command line, by PVH; {@code more} are other options of QEMU's. */
        record Direct(Path shim, Path archive, String commandLine, List<String> more) implements Boot {
            /** Without other options. */
            public Direct(Path shim, Path archive, String commandLine) {
                this(shim, archive, commandLine, List.of());
            }

            @Override
            public void addTo(List<String> command) {
                add(command, "-kernel", shim.toString());
                add(command, "-initrd", archive.toString());
                add(command, "-append", commandLine);
                command.addAll(more);
            }
        }

        /** The same with further options of QEMU's. */
        record With(Boot boot, List<String> options) implements Boot {
            @Override
            public void addTo(List<String> command) {
                boot.addTo(command);
                command.addAll(options);
            }
        }

        /** A bootable CD. */
        record Disc(Path image) implements Boot {
            @Override
            public void addTo(List<String> command) {
                add(command, "-cdrom", image.toString());
            }
        }
    }

    /**
     * The host's ends of a machine's lines.
     *
     * @param log the file that takes the kernel log
     * @param console the Unix socket of COM1
     * @param control the Unix socket of COM2
     */
    public record Wires(Path log, Path console, Path control) {}

    private static void add(List<String> command, String option, String value) {
        command.add(option);
        command.add(value);
    }

    /** A path inside an option of QEMU's: a comma is written twice. */
    private static String escaped(Path path) {
        return path.toString().replace(",", ",,");
    }
}
