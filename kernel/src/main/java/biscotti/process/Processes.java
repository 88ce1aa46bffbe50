package biscotti.process;

import biscotti.abi.AtFlags;
import biscotti.abi.SignalNumber;
import biscotti.abi.WaitOptions;
import biscotti.bounded.Unit;
import biscotti.file.FileContext;
import biscotti.file.FileTable;
import biscotti.file.PathWalk;
import biscotti.file.Watchers;
import biscotti.heap.Bounds;
import biscotti.heap.KernelHeap;
import biscotti.ipc.IpcSpace;
import biscotti.machine.Machine;
import biscotti.memory.AddressLayout;
import biscotti.memory.AddressSpace;
import biscotti.memory.AddressSpaces;
import biscotti.memory.FrameAllocator;
import biscotti.process.futex.Futexes;
import biscotti.process.identity.Credentials;
import biscotti.process.signal.SignalActions;
import biscotti.sched.KernelLog;
import biscotti.sched.LoadAverage;
import biscotti.sched.Scheduler;
import biscotti.sched.WallClock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/** All processes of a machine, and what they have in common. */
public final class Processes {
    /** Number of the first process. */
    public static final int INIT = 1;

    private static final int SIGKILL_STATUS = WaitOptions.killed(SignalNumber.SIGKILL, false);

    private final Machine machine;
    private final Scheduler scheduler;
    private final FrameAllocator frames;
    private final AddressSpaces spaces;
    private final KernelHeap heap;
    private final long[] callBytes;
    private final SystemCallHandler systemCalls;
    private final IntConsumer initEnded;
    private final ProcessTable table;
    private final Futexes futexes;
    private final LoadAverage loadAverage;
    private final Alarms alarms;
    private final FileSignalQueue fileSignals;
    private final Jobs jobs;
    private final Exits exits;
    private final OutOfMemory outOfMemory;
    private final Waits waits;
    private final WallClock wallClock;
    private final Watchers signalWatchers = new Watchers();
    private final HostName hostName = new HostName();
    private final IpcSpace ipc;
    private final Accounting accounting = new Accounting(this);
    private volatile Optional<Vdso> vdso = Optional.empty();
    private final AtomicLong bugs = new AtomicLong();
    private final AtomicLong queuedSignals = new AtomicLong();

    /**
     * No processes yet.
     *
     * @param heap what their system calls reserve from
     * @param systemCalls answers their system calls
     * @param wallClock the time of day
     * @param initEnded told the status of the first process when it has ended, in the encoding of wait4(2); the machine should
     *     stop then
     */
    public Processes(
            Machine machine,
            Scheduler scheduler,
            KernelHeap heap,
            FrameAllocator frames,
            AddressSpaces spaces,
            SystemCallHandler systemCalls,
            WallClock wallClock,
            IntConsumer initEnded) {
        this.machine = machine;
        this.scheduler = scheduler;
        this.frames = frames;
        this.loadAverage = new LoadAverage(scheduler);
        this.table = new ProcessTable();
        this.futexes = new Futexes(table::futexWaiter);
        this.spaces = spaces;
        this.systemCalls = heap.isChecked() ? new CheckedCalls(systemCalls, heap) : systemCalls;
        this.initEnded = initEnded;
        this.heap = heap;
        this.callBytes = heap.callBytes();
        scheduler.setIdleWork(this::beforeIdle);
        this.wallClock = wallClock;
        this.ipc = new IpcSpace(machine.memory(), frames, wallClock::nanos, heap.lasting());
        this.alarms = new Alarms(scheduler);
        heap.keepForKernelThread(Bounds.ALARM);
        this.fileSignals = new FileSignalQueue(this, scheduler, heap);
        this.jobs = new Jobs(table, alarms);
        this.exits = new Exits(this);
        this.outOfMemory = new OutOfMemory(this);
        this.waits = new Waits(this);
    }

    /**
     * Starts the first process with a program.
     *
     * @param init its thread, as {@link #newInit} made it
     * @return 0, or a negative errno of execve(2)
     */
    public long startInit(UserThread init, String path, String[] arguments, String[] environment) {
        long error = new Exec(init).run(AtFlags.AT_FDCWD, path, PathWalk.FOLLOW, Exec.strings(arguments, environment));
        if (error == 0) {
            init.kernelThread().start();
        }
        return error;
    }

    /** The first process, with a thread that does not run yet, and nothing in its memory; nothing if there is no memory. */
    public Optional<UserThread> newInit(FileTable files, FileContext fileContext) {
        Optional<AddressSpace> space = spaces.create(AddressLayout.fixed(0));
        long frame = frames.allocate();
        if (space.isEmpty() || frame < 0) {
            return Optional.empty();
        }
        int id = table.takeNumber(0);
        Process init = new Process(this, id, space.get(), new SignalActions(), Credentials.ROOT, new ResourceLimits());
        init.applyMemoryLimits();
        heap.budget().charge(heap.threadBytes());
        UserThread thread = new UserThread(init, id, "init", files, fileContext, frame);
        init.addThread(thread);
        table.lock();
        jobs.join(init, jobs.newSession(id), id);
        init.lineage = Lineage.ofFirst(id);
        table.add(init);
        table.unlock();
        table.add(thread);
        return Optional.of(thread);
    }

    /** The machine. */
    public Machine machine() {
        return machine;
    }

    /** The scheduler. */
    public Scheduler scheduler() {
        return scheduler;
    }

    /** The kernel log. */
    public KernelLog log() {
        return scheduler.log();
    }

    private void beforeIdle(int cpu) {
        spaces.beforeIdle(cpu);
        heap.budget().giveBackIfShort(cpu);
    }

    /** The kernel's heap. */
    public KernelHeap heap() {
        return heap;
    }

    /** What is reserved for each system call; shared by all threads, never changed. */
    long[] callBytes() {
        return callBytes;
    }

    /** Physical memory that is free or counted. */
    public FrameAllocator frames() {
        return frames;
    }

    /** Address spaces. */
    public AddressSpaces spaces() {
        return spaces;
    }

    /** Processes and threads by number. */
    public ProcessTable table() {
        return table;
    }

    /** How many threads wanted a CPU lately. */
    public LoadAverage loadAverage() {
        return loadAverage;
    }

    /** Futexes. */
    public Futexes futexes() {
        return futexes;
    }

    /** Process groups and sessions. */
    public Jobs jobs() {
        return jobs;
    }

    /** Waiting for children. */
    public Waits waits() {
        return waits;
    }

    /** The time of day. */
    public WallClock wallClock() {
        return wallClock;
    }

    /** Who polls for signals that are read (signalfd(2)). */
    Watchers signalWatchers() {
        return signalWatchers;
    }

    /** Has programs find a vDSO from now on. */
    public void setVdso(Vdso image) {
        vdso = Optional.of(image);
    }

    /** What programs know the time by; nothing if they have to ask. */
    Optional<Vdso> vdso() {
        return vdso;
    }

    /** System V IPC. */
    public IpcSpace ipc() {
        return ipc;
    }

    /** Process accounting. */
    public Accounting accounting() {
        return accounting;
    }

    /** The names of uname(2) that can be set. */
    public HostName hostName() {
        return hostName;
    }

    /** Nanoseconds of the monotonic clock. */
    public long now() {
        return machine.clock().monotonicNanos();
    }

    /** How many bugs system calls had: unexpected Java exceptions. */
    public long bugs() {
        return bugs.get();
    }

    /** How many signals wait that RLIMIT_SIGPENDING counts, of all users. */
    AtomicLong queuedSignals() {
        return queuedSignals;
    }

    SystemCallHandler systemCalls() {
        return systemCalls;
    }

    Exits exits() {
        return exits;
    }

    /** Who chooses the process that dies when memory is out. */
    public OutOfMemory outOfMemory() {
        return outOfMemory;
    }

    /** The signals of files. */
    FileSignalQueue fileSignals() {
        return fileSignals;
    }

    Alarms alarms() {
        return alarms;
    }

    /** Reports a bug in a system call and kills the process that found it; the machine goes on. */
    @Unit(value = "bug", of = Unit.Part.FAILURE)
    void reportBug(UserThread thread, Throwable bug) {
        bugs.incrementAndGet();
        log().error(
                        "bug in system call " + thread.context().systemCallNumber() + " of " + thread + " in "
                                + thread.process() + ", which is killed",
                        bug);
        Signals.exitAll(thread.process(), SIGKILL_STATUS);
    }

    /** The first process has ended: the machine has nothing left to do. */
    void initEnded(int status) {
        initEnded.accept(status);
    }
}
