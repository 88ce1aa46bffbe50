package biscotti.process;

import biscotti.abi.Errno;
import biscotti.abi.Resource;
import biscotti.abi.Restart;
import biscotti.bounded.Rounds;
import biscotti.file.Caller;
import biscotti.file.FileContext;
import biscotti.file.FileSignals;
import biscotti.file.FileTable;
import biscotti.file.JobMember;
import biscotti.heap.Bounds;
import biscotti.heap.KernelHeap;
import biscotti.heap.Reservation;
import biscotti.machine.Processors;
import biscotti.machine.Trap;
import biscotti.machine.UserContext;
import biscotti.memory.AddressSpace;
import biscotti.memory.AddressSpaces;
import biscotti.memory.FrameAccount;
import biscotti.memory.FrameAllocator;
import biscotti.memory.UserMemory;
import biscotti.net.Party;
import biscotti.net.SenderCredentials;
import biscotti.net.SocketAccount;
import biscotti.process.futex.FutexWaiter;
import biscotti.process.futex.RobustList;
import biscotti.process.identity.Credentials;
import biscotti.process.signal.AlternateStack;
import biscotti.process.signal.SignalInfo;
import biscotti.sched.Interruption;
import biscotti.sched.KernelThread;

/**
 * A thread of a user program: its registers, its kernel thread, and what is its own among the process's state.
 *
 * <p>Its life is the loop in {@link #run}: enter ring 3, answer why it came back, look whether something calls for attention,
 * enter again. Everything on that way is written to be short: it allocates nothing and takes no lock.
 *
 * <p>Fields without a comment about sharing belong to the thread itself. Those about signals that others read or write are
 * guarded by the process's lock; {@link #attention} is volatile, so that it can be looked at without.
 */
public final class UserThread implements Caller, Interruption {
    /** No run of a kernel thread has this number. */
    private static final long NEVER = -1;

    /** How often {@link #serve} enters ring 3. */
    private static final int STAYS = 32;

    /** TASK_COMM_LEN without the NUL behind. */
    private static final int NAME_LENGTH = 15;

    private final Processes system;
    private final Process process;
    private final AddressSpaces spaces;
    private final SystemCallHandler calls;
    private final long contextFrame;
    private final UserContext context;
    private final UserMemory memory;
    private final KernelThread kernelThread;
    private final Traps traps;
    private final SignalDelivery delivery;
    private final Reservation reservation;
    private final KernelHeap heap;
    private final FrameAllocator frames;
    private final OutOfMemory outOfMemory;
    private final FileSignalQueue fileSignals;
    private final long[] callBytes;
    private final long faultBytes;
    private final long exceptionBytes;
    private final long sequenceBytes;
    private final RobustList robustList;
    private final RestartableSequence sequence = new RestartableSequence(this);
    private final JobMember job = new ThreadJob(this);
    private final SemaphoreUndo semaphoreUndo = new SemaphoreUndo();
    private final SleepRestart sleepRestart = new SleepRestart();
    private final AlternateStack alternateStack = new AlternateStack();
    private PidReference reference;
    private final FutexWaiter futexWaiter;
    /** The root that the CPU loaded when this thread entered ring 3 last, and in which run of the kernel thread that was. */
    private long loadedRoot;

    private long loadedInRun = NEVER;
    private volatile int id;
    private volatile String name;
    private volatile FileTable files;
    private volatile FileContext fileContext;
    private volatile Credentials identity;
    private final ThreadSettings settings = new ThreadSettings();
    private long clearChildTid;
    private long faults;
    private final IoCount io = new IoCount();
    private boolean ended;

    // Guarded by the process's lock.
    UserThread nextInProcess;
    UserThread previousInProcess;
    final PendingSignals pending;
    private final SignalMask mask = new SignalMask();
    /** Whether the next fatal signal kills the first process, too: an instruction of its own caused it. */
    boolean forcedDefault;
    /** Whether this thread must end: the process does, or another thread of it has called execve(2). */
    volatile boolean mustEnd;

    /** Whether something is to be done before the next return to ring 3. */
    private volatile boolean attention;

    private int exitCode;

    /**
     * A thread that does not run yet.
     *
     * @param contextFrame a frame for its registers, which it frees at its end
     */
    UserThread(Process process, int id, String name, FileTable files, FileContext fileContext, long contextFrame) {
        this.system = process.system();
        this.process = process;
        this.identity = process.credentials();
        this.pending = new PendingSignals(process.signalQuota);
        this.reference = new PidReference(this);
        this.id = id;
        setName(name);
        this.files = files;
        this.fileContext = fileContext;
        this.contextFrame = contextFrame;
        this.spaces = system.spaces();
        this.calls = system.systemCalls();
        this.context = system.machine().newUserContext(contextFrame);
        this.memory = new UserMemory(process.space());
        this.kernelThread = system.scheduler().newThread("user " + id, this, this::run);
        this.futexWaiter = new FutexWaiter(id, kernelThread, memory);
        this.robustList = new RobustList(futexWaiter, system.futexes());
        this.heap = system.heap();
        this.frames = system.frames();
        this.outOfMemory = system.outOfMemory();
        this.fileSignals = system.fileSignals();
        this.callBytes = system.callBytes();
        this.faultBytes = heap.bytesOf(Bounds.PAGE_FAULT);
        this.exceptionBytes = heap.bytesOf(Bounds.EXCEPTION);
        this.sequenceBytes = heap.bytesOf(Bounds.SEQUENCE);
        this.reservation = heap.newReservation(kernelThread, this::mustDie);
        kernelThread.setSleepListener(reservation);
        this.traps = new Traps(this);
        this.delivery = new SignalDelivery(this);
    }

    /** Runs the thread from its start to its end. */
    private void run() {
        while (serve()) {
            // all is done there
        }
        system.exits().finish(this);
    }

    /**
     * Some stays in ring 3 and what follows from each; whether there will be more. How many makes no difference, but that HotSpot
     * compiles this method, which is called often, with the loop in it, and {@link #run} too late for most threads.
     */
    private boolean serve() {
        for (int stay = 0; stay < STAYS; stay++) {
            int vector = enter();
            if (vector == Trap.SYSTEM_CALL) {
                systemCall();
            } else if (vector == Trap.PAGE_FAULT) {
                pageFault();
            } else if (vector >= Trap.FIRST_INTERRUPT) {
                interrupt(vector);
            } else {
                exception(vector);
            }
            // First: what runs meanwhile may send a signal to this thread, which it must not take to ring 3 with it.
            if (kernelThread.shouldYield()) {
                kernelThread.preempt();
            }
            if (attention) {
                delivery.attend();
                if (ended) {
                    return false;
                }
            }
        }
        return true;
    }

    private int enter() {
        return kernelThread.runs() == loadedInRun ? context.enter(loadedRoot) : enterAfterSwitch();
    }

    /** Another thread may have had this CPU, or this thread another address space or CPU. */
    private int enterAfterSwitch() {
        if (sequence.isRegistered() && !sequence.settle(sequenceBytes)) {
            return Trap.RESCHEDULE; // as if it had been in ring 3 for a moment: something else comes first
        }
        AddressSpace space = memory.space();
        int cpu = kernelThread.cpu();
        loadedRoot = space.root();
        loadedInRun = kernelThread.runs();
        if (spaces.isLoaded(cpu, space)) {
            return context.enter(loadedRoot);
        }
        AddressSpace before = spaces.load(cpu, space);
        int vector = context.enter(loadedRoot);
        if (before != space) {
            before.leftBy(cpu);
        }
        return vector;
    }

    /** What the program knows of its CPU is to be written anew. For the thread itself. */
    void settleBeforeReturn() {
        sequence.outdate();
        loadedInRun = NEVER;
    }

    /** After a stay in ring 3 that no system call ended: somebody may have asked for a sequence to begin anew. */
    private void noticeMark() {
        if (sequence.isMarked()) {
            loadedInRun = NEVER;
        }
    }

    /** Its memory is another address space from now on, as exec does. For the thread itself. */
    void setSpace(AddressSpace next) {
        memory.setSpace(next);
        loadedInRun = NEVER;
    }

    private void systemCall() {
        long result;
        try {
            int number = context.systemCallNumber();
            long bytes = number >= 0 && number < callBytes.length ? callBytes[number] : unknownCallBytes();
            result = bytes == 0 ? calls.call(this, number) : reservedCall(number, bytes);
        } catch (Throwable bug) {
            reservation.end();
            system.reportBug(this, bug);
            return;
        }
        if (fileSignals.hasWork()) {
            fileSignals.send(reservation);
        }
        if (result < 0 && Restart.isSpecial(result)) {
            delivery.interrupted(result);
        } else {
            context.setResult(result);
        }
        if (mask.hasSaved()) {
            attention = true;
        }
    }

    /** A call that allocates: the only place where a user thread waits for the heap before it begins something. */
    private long reservedCall(int number, long bytes) {
        int error = prepare(bytes);
        if (error != 0) {
            return error == -Errno.EINTR ? -Restart.ERESTARTNOINTR : error;
        }
        long result = calls.call(this, number);
        reservation.end();
        return result;
    }

    /** Waits until there is the memory that it takes to begin something: frames, and so much of the heap. */
    int prepare(long bytes) {
        if (frames.isLow() && outOfMemory.awaitFrames(this) != 0) {
            return -Errno.EINTR;
        }
        return reservation.begin(bytes);
    }

    private long unknownCallBytes() {
        return heap.bytesOf(Bounds.UNKNOWN_CALL);
    }

    private void pageFault() {
        faults++;
        if (prepare(faultBytes) == 0) {
            traps.pageFault(context.faultAddress(), (int) context.errorCode());
            reservation.end();
        }
        noticeMark();
    }

    private void exception(int vector) {
        if (reservation.begin(exceptionBytes) == 0) {
            traps.exception(vector);
            reservation.end();
        }
        noticeMark();
    }

    private void interrupt(int vector) {
        noticeMark();
        heap.budget().giveBackIfShort(kernelThread.cpu());
        boolean tick = vector == Trap.TIMER;
        kernelThread.onInterrupt(tick);
        if (tick && process.timers().countTicks()) {
            process.timers().tick();
        }
        if (tick && process.cpuTimers().countTicks()) {
            process.cpuTimers().tick();
        }
    }

    // What it is.

    /** Its number. */
    public int id() {
        return id;
    }

    /** Takes over the number of the process's first thread: execve(2). */
    void setId(int newId) {
        id = newId;
        futexWaiter.setId(newId);
    }

    /** Its process. */
    public Process process() {
        return process;
    }

    /** Its registers. */
    public UserContext context() {
        return context;
    }

    @Override
    public UserMemory memory() {
        return memory;
    }

    /** The kernel thread that runs it. */
    public KernelThread kernelThread() {
        return kernelThread;
    }

    /** Its name: prctl PR_SET_NAME; up to 15 bytes. */
    public String name() {
        return name;
    }

    /** Sets its name, of which the first 15 bytes count. */
    public void setName(String newName) {
        name = newName.substring(0, Math.min(newName.length(), NAME_LENGTH));
    }

    /** How many page faults it had. */
    public long faults() {
        return faults;
    }

    @Override
    public void countRead(long result) {
        io.read(result);
    }

    @Override
    public void countWrite(long result) {
        io.written(result);
    }

    /** How much it has read and written. */
    public IoCount io() {
        return io;
    }

    /** What descriptors of it hold on to. */
    public PidReference reference() {
        return reference;
    }

    /** Before it runs: descriptors of it that were made already hold on to this. */
    void adopt(PidReference given) {
        given.bind(this);
        reference = given;
    }

    /** Where its registers are kept. */
    long contextFrame() {
        return contextFrame;
    }

    /** What its end undoes of semaphores. */
    public SemaphoreUndo semaphoreUndo() {
        return semaphoreUndo;
    }

    /** Its list of robust mutexes. */
    public RobustList robustList() {
        return robustList;
    }

    /** What the program knows of its CPU. */
    public RestartableSequence sequence() {
        return sequence;
    }

    /** Its alternate signal stack. */
    public AlternateStack alternateStack() {
        return alternateStack;
    }

    /** Itself, as futexes see it. */
    public FutexWaiter futexWaiter() {
        return futexWaiter;
    }

    /** The address that is cleared, and woken as a futex, when it ends (set_tid_address(2)); 0 for none. */
    public long clearChildTid() {
        return clearChildTid;
    }

    /** Sets {@link #clearChildTid}. */
    public void setClearChildTid(long address) {
        clearChildTid = address;
    }

    /** What restart_syscall(2) goes on with. */
    public SleepRestart sleepRestart() {
        return sleepRestart;
    }

    // Files.

    @Override
    public FileTable files() {
        return files;
    }

    /** Gives it a table of its own. */
    public void setFiles(FileTable own) {
        files = own;
    }

    @Override
    public FileContext fileContext() {
        return fileContext;
    }

    /** Gives it a context of its own. */
    public void setFileContext(FileContext own) {
        fileContext = own;
    }

    @Override
    public Credentials identity() {
        return identity;
    }

    /**
     * Makes it act as somebody else. Whoever becomes another, or more, keeps secrets from those who are as he was, and is no
     * longer told of his parent's end: PR_SET_DUMPABLE and PR_SET_PDEATHSIG of prctl(2).
     */
    public void setIdentity(Credentials changed) {
        if (identity.hidesAfterChange(changed)) {
            process.setDumpable(false);
            process.setDeathSignal(0);
        }
        identity = changed;
        if (id == process.id()) {
            process.setCredentials(changed);
        }
    }

    /** Has a new thread act as its maker does. */
    void inheritIdentity(UserThread maker) {
        identity = maker.identity;
        settings.inherit(maker.settings);
    }

    /** Settings that do not bear on how it runs. */
    public ThreadSettings settings() {
        return settings;
    }

    @Override
    public SenderCredentials credentials() {
        Credentials own = identity;
        return new SenderCredentials(
                process.id(), own.user().real(), own.group().real());
    }

    @Override
    public Party party() {
        return new ProcessParty(process.id(), identity);
    }

    @Override
    public SocketAccount socketAccount() {
        return process.socketAccount();
    }

    @Override
    public FrameAccount frameAccount() {
        return process.frameAccount();
    }

    @Override
    public FileSignals fileSignals() {
        return fileSignals;
    }

    @Override
    public JobMember job() {
        return job;
    }

    @Override
    public int processId() {
        return process.id();
    }

    @Override
    public int threadId() {
        return id;
    }

    @Override
    public long fileSizeLimit() {
        long limit = process.limits().soft(Resource.FSIZE);
        return limit < 0 ? Long.MAX_VALUE : limit;
    }

    @Override
    public int openFilesLimit() {
        return process.limits().count(Resource.NOFILE);
    }

    @Override
    public void raise(int signal) {
        Signals.send(
                this,
                SignalInfo.fromProcess(signal, 0, process.id(), identity.user().real()));
    }

    // Attention and signals.

    /** Whether its sleeps must end: for {@link KernelThread}. */
    @Override
    public boolean pending() {
        return attention;
    }

    /** Whether it is about to end, or a signal waits that will end it: waits for the heap end then. */
    public boolean mustDie() {
        return mustEnd || delivery.fatalWaits();
    }

    @Override
    public Rounds rounds() {
        return reservation;
    }

    /** What it has reserved of the kernel's heap. */
    public Reservation reservation() {
        return reservation;
    }

    /** Calls its attention, wherever it is. May be called by any thread. */
    void alert() {
        attention = true;
        kernelThread.wake();
        Processors processors = system.machine().processors();
        int cpu = kernelThread.cpu();
        if (!kernelThread.isSleeping() && cpu != processors.current()) {
            processors.wake(cpu);
        }
    }

    /** Sets whether something is left to attend to; the process's lock is held, or it is the thread itself that sets it. */
    void setAttention(boolean more) {
        attention = more;
    }

    /** The signals that it blocks. */
    public long signalMask() {
        return mask.blocked();
    }

    /** Sets the signals that it blocks. For the thread itself, or before it starts. */
    public void setSignalMask(long signals) {
        process.lock.lock();
        mask.set(signals);
        delivery.reconsider();
        process.lock.unlock();
    }

    /** The same, and what belongs to it. */
    SignalMask mask() {
        return mask;
    }

    /** What is done for its signals. */
    public SignalDelivery delivery() {
        return delivery;
    }

    /** Signals that wait for this thread: SigPnd of proc(5). */
    public long pendingSignals() {
        return pending.set();
    }

    /**
     * Blocks other signals than it does, until it has returned to ring 3 or called a handler: for calls that take a mask, such
     * as sigsuspend(2) and ppoll(2).
     */
    public void setTemporaryMask(long signals) {
        mask.save();
        setSignalMask(signals);
    }

    // The end.

    /** Ends this thread, but not its process, at its next return to ring 3 (exit(2)). For the thread itself. */
    public void exit(int code) {
        exitCode = code;
        mustEnd = true;
        attention = true;
    }

    /** What {@link #exit} was given. */
    int exitCode() {
        return exitCode;
    }

    /** Leaves the loop. For the thread itself. */
    void end() {
        ended = true;
    }

    @Override
    public String toString() {
        return "thread " + id + " (" + name + ")";
    }
}
