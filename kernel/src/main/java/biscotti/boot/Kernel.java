package biscotti.boot;

import biscotti.abi.AtFlags;
import biscotti.abi.Errno;
import biscotti.abi.OpenFlags;
import biscotti.block.PageCache;
import biscotti.bounded.TextHash;
import biscotti.driver.MachineDisks;
import biscotti.driver.MachineNetworkCards;
import biscotti.driver.RealTimeClock;
import biscotti.driver.network.PacketPool;
import biscotti.driver.pci.PciBus;
import biscotti.file.Devices;
import biscotti.file.FileContext;
import biscotti.file.FileSystemTypes;
import biscotti.file.FileTable;
import biscotti.file.MountTable;
import biscotti.file.OpenCall;
import biscotti.file.OpenFile;
import biscotti.file.Slot;
import biscotti.file.device.MemoryDevices;
import biscotti.file.disk.Disks;
import biscotti.file.tmpfs.MemoryFiles;
import biscotti.file.tmpfs.TmpFileSystems;
import biscotti.file.tty.TtyDevices;
import biscotti.heap.Bounds;
import biscotti.heap.KernelHeap;
import biscotti.machine.Machine;
import biscotti.memory.AddressSpaces;
import biscotti.memory.FrameAllocator;
import biscotti.net.unix.UnixSockets;
import biscotti.process.Processes;
import biscotti.process.UserThread;
import biscotti.process.Vdso;
import biscotti.sched.KernelLog;
import biscotti.sched.KernelThread;
import biscotti.sched.Scheduler;
import biscotti.sched.WallClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Puts the kernel together on a machine, runs the first process, and stops the machine at its end. The first process is the
 * command of the kernel's command line; how it ends, the host learns through the {@link ControlLine}.
 */
final class Kernel {
    private static final String CONSOLE = "/dev/console";
    private static final List<String> DEFAULT_COMMAND = List.of("sh");
    private static final int STANDARD_STREAMS = 3;
    private static final int DESCRIPTOR_LIMIT = 1024;

    /** What a shell, and docker run, return for a command that cannot be executed, and one that is not there. */
    private static final int NOT_EXECUTABLE = 126;

    private static final int NOT_FOUND = 127;

    /** What it returns for a failure of its own. */
    private static final int NO_ROOT = 125;

    private static final int SIGNALLED = 128;
    private static final int ORDERLY = 0;
    private static final int FAILURE = 1;

    private final Machine machine;
    private final KernelOptions options;
    private final KernelLog log;
    private final Scheduler scheduler;
    private final FrameAllocator frames;
    private final Devices devices;
    private final PageCache pageCache;
    private final Disks disks;
    private final UnixSockets unix;
    private final FileSystemTypes fileSystemTypes = new FileSystemTypes();
    private final WallClock wallClock;
    private final KernelHeap heap;
    private final TmpFileSystems memoryFileSystems;
    private final Processes processes;
    private final Console console;
    private final ControlLine control;
    private volatile Optional<ClassWatch> classWatch = Optional.empty();

    Kernel(Machine machine, KernelOptions options) {
        this.machine = machine;
        this.options = options;
        log = new KernelLog(machine);
        log.setLevel(KernelLog.Level.named(options.logLevel()));
        scheduler = new Scheduler(machine, log);
        frames = new FrameAllocator(machine);
        devices = new Devices(frames);
        wallClock = new WallClock(machine.clock(), timeOfDay());
        unix = new UnixSockets(
                machine.memory(), frames, new TextHash(machine.entropy().nextLong()), wallClock::nanos);
        pageCache = new PageCache(scheduler, frames);
        disks = new Disks(pageCache, devices, wallClock::nanos, log);
        heap = new KernelHeap(machine, scheduler, HeapTable.read(options.heapBounds(), log), options.heapMode());
        heap.caches().register(disks);
        memoryFileSystems = new TmpFileSystems(machine.memory(), frames, devices, wallClock::nanos, heap.lasting());
        processes = new Processes(
                machine,
                scheduler,
                heap,
                frames,
                new AddressSpaces(machine, frames),
                SystemCalls.create(
                        machine, log, devices, disks, fileSystemTypes, unix, wallClock::nanos, memoryFiles()),
                wallClock,
                this::initEnded);
        byte[] vdso = VdsoFile.read(log);
        if (vdso.length > 0) {
            processes.setVdso(new Vdso(machine.memory(), frames, machine.clock(), wallClock, vdso));
        }
        console = new Console(machine, scheduler, processes, options.rawConsole());
        heap.keepForKernelThread(Bounds.INTERRUPT);
        control = new ControlLine(machine, scheduler, console);
        heap.keepForKernelThread(Bounds.INTERRUPT);
    }

    /** Nanoseconds since 1970. */
    private long timeOfDay() {
        OptionalLong seconds = RealTimeClock.seconds(machine.ports());
        if (seconds.isEmpty()) {
            log.warning("no real-time clock: the clock starts in 1970");
        }
        return TimeUnit.SECONDS.toNanos(seconds.orElse(0));
    }

    private MemoryFiles memoryFiles() {
        TextHash hash = new TextHash(machine.entropy().nextLong());
        return new MemoryFiles(memoryFileSystems.create("tmpfs", hash, 0755));
    }

    /** Starts the CPUs, and on them what leads to the first process. */
    void start() {
        scheduler.start();
        heap.killer().start(processes.outOfMemory());
        scheduler.newThread("boot", this::boot).start();
    }

    private void boot() {
        try {
            options.unknown().forEach(option -> log.warning("unknown option " + option));
            MemoryDevices.register(devices, machine.memory(), frames, machine.entropy(), log);
            TtyDevices.register(devices, console.tty());
            console.resized(options.columns(), options.rows());
            console.start();
            PciBus bus = PciBus.scan(machine, log);
            findDisks(bus);
            if (MachineNetworkCards.areOn(bus)) {
                findNetworkCards(bus);
            }
            pageCache.start();
            heap.keepForKernelThread(Bounds.WRITE_BACK);
            RootTree tree = new RootTree(machine, log, memoryFileSystems, disks, fileSystemTypes, unix);
            Optional<MountTable> mounts = tree.build(processes, options.root());
            if (mounts.isPresent()) {
                startCommand(mounts.get());
            } else {
                refuse(NO_ROOT, "cannot mount the root from " + options.root().device());
            }
        } catch (RuntimeException | Error e) {
            log.error("the kernel cannot start", e);
            machine.stop(FAILURE);
        }
    }

    private void findDisks(PciBus bus) {
        MachineDisks found = MachineDisks.find(bus, machine, scheduler, frames, log);
        for (int i = 0; i < found.threads(); i++) {
            heap.keepForKernelThread(Bounds.INTERRUPT);
        }
        for (int i = 0; i < found.count(); i++) {
            disks.add(found.disk(i));
        }
        for (int i = 0; i < disks.count(); i++) { // for the file system that each may have
            heap.keepForKernelThread(Bounds.JOURNAL);
            heap.keepForKernelThread(Bounds.UPKEEP);
        }
    }

    private void findNetworkCards(PciBus bus) {
        PacketPool packets = PacketPool.of(machine, frames);
        MachineNetworkCards found = MachineNetworkCards.find(bus, machine, scheduler, frames, packets, log);
        for (int i = 0; i < found.threads(); i++) {
            heap.keepForKernelThread(Bounds.INTERRUPT);
        }
        for (int i = 0; i < found.count(); i++) {
            found.card(i).start(new UnattendedCard());
        }
    }

    private void startCommand(MountTable mounts) {
        FileTable files = new FileTable();
        Optional<UserThread> init = processes.newInit(files, new FileContext(mounts));
        if (init.isEmpty()) {
            refuse(NOT_EXECUTABLE, "no memory for the first process");
            return;
        }
        UserThread thread = init.get();
        openConsole(thread, files);
        List<String> command = command(thread);
        CommandSearch search = new CommandSearch(thread);
        int found = search.find(command.getFirst());
        if (found < 0) {
            refuse(found == -Errno.EACCES ? NOT_EXECUTABLE : NOT_FOUND, command.getFirst() + ": " + reason(found));
            return;
        }
        control.started(KernelThread.current());
        ClassWatch watch = new ClassWatch(machine.classes(), machine.clock(), log);
        classWatch = Optional.of(watch);
        scheduler.newThread("class watch", watch).start();
        heap.keepForKernelThread(Bounds.CLASS_WATCH);
        long error = processes.startInit(
                thread,
                search.path(),
                command.toArray(String[]::new),
                environment().toArray(String[]::new));
        if (error < 0) {
            refuse(
                    error == -Errno.ENOENT ? NOT_FOUND : NOT_EXECUTABLE,
                    command.getFirst() + ": " + reason((int) error));
        }
    }

    private void openConsole(UserThread thread, FileTable files) {
        Slot<OpenFile> opened = new Slot<>();
        int error = OpenCall.open(thread, AtFlags.AT_FDCWD, CONSOLE, OpenFlags.O_RDWR, 0, opened);
        if (error < 0) {
            log.error("cannot open " + CONSOLE + ": error " + -error);
            return;
        }
        files.install(opened.get(), false, DESCRIPTOR_LIMIT);
        for (int i = 1; i < STANDARD_STREAMS; i++) {
            files.duplicate(0, false, 0, DESCRIPTOR_LIMIT);
        }
    }

    private List<String> command(UserThread thread) {
        if (!options.commandFile().isEmpty()) {
            List<String> words = CommandFile.read(thread, machine.memory(), options.commandFile());
            if (!words.isEmpty()) {
                return words;
            }
            log.error("no command in " + options.commandFile());
        }
        return options.command().isEmpty() ? DEFAULT_COMMAND : options.command();
    }

    /** What docker run gives, and what the options add. */
    private List<String> environment() {
        List<String> all = new ArrayList<>();
        all.add("PATH=" + CommandSearch.PATH);
        all.add("HOME=/root");
        all.addAll(options.environment());
        return all;
    }

    private static String reason(int error) {
        return switch (-error) {
            case Errno.ENOENT -> "not found";
            case Errno.EACCES -> "permission denied";
            case Errno.ENOEXEC -> "exec format error: neither an x86-64 program nor a script";
            case Errno.ENOMEM -> "not enough memory";
            default -> "cannot be executed: error " + -error;
        };
    }

    /** The command could not be started: that is all that happens on this machine. */
    private void refuse(int status, String text) {
        log.error(text);
        control.error(KernelThread.current(), status, text);
        machine.stop(ORDERLY);
    }

    /** The first process has ended: a thread of its own ends the machine, as this one may hold locks. */
    private void initEnded(int waitStatus) {
        scheduler.newThread("end", () -> end(waitStatus)).start();
    }

    private void end(int waitStatus) {
        KernelThread thread = KernelThread.current();
        int signal = waitStatus & 0x7f;
        int status = signal == 0 ? waitStatus >> 8 & 0xff : SIGNALLED + signal;
        disks.shutDown();
        console.flush(thread);
        control.exit(thread, status);
        classWatch.ifPresent(ClassWatch::look);
        machine.stop(ORDERLY);
    }
}
