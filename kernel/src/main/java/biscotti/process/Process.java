package biscotti.process;

import biscotti.abi.Poll;
import biscotti.abi.Resource;
import biscotti.abi.Signal;
import biscotti.abi.SignalNumber;
import biscotti.memory.AddressSpace;
import biscotti.memory.FrameAccount;
import biscotti.net.SocketAccount;
import biscotti.process.identity.Credentials;
import biscotti.process.program.Program;
import biscotti.process.signal.SignalActions;
import biscotti.process.signal.SignalInfo;
import biscotti.process.signal.SignalSet;
import biscotti.sched.WaitQueue;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A process: threads with one address space, one set of signal actions and one number towards others.
 *
 * <p>Three groups of fields have three guards: relations to other processes have the {@link ProcessTable}'s lock; threads and
 * signals have this process's own {@link #lock}, which comes after it; the rest is volatile.
 */
public final class Process {
    /** Where a process is in its life. */
    enum Life {
        /** It has threads. */
        RUNNING,
        /** It has ended, and waits for its parent to ask how. */
        ZOMBIE,
        /** Nobody asks for it any more. */
        GONE
    }

    /** Anonymous memory, that of headers of programs, and huge pages: core(5). */
    private static final int CORE_DUMP_DEFAULT = 0x33;

    private final Processes system;
    private final int id;

    // Relations, guarded by the table's lock.
    Process nextInTable;
    Process previousInTable;
    Process parent;
    Process firstChild;
    private int childCount;
    Process nextSibling;
    Process previousSibling;
    Session session;
    int group;
    /** Set when it joins the table. */
    Lineage lineage;
    /** Whether it must die because memory is out. */
    boolean condemned;

    boolean subreaper;
    Life life = Life.RUNNING;
    /** How it ended, as wait4(2) tells; meaningful for a zombie. */
    int status;
    /** The signal that its parent gets when it ends; 0 for none. */
    int exitSignal;
    /** A stop that wait4(2) has not told yet: the signal; 0 for none. */
    int unreportedStop;
    /** Whether it went on after a stop, and wait4(2) has not told yet. */
    boolean unreportedContinue;

    /** Where its threads wait for news of its children, under the table's lock. */
    final WaitQueue childEvents = new WaitQueue();

    /** Guards threads and signals. */
    final ReentrantLock lock = new ReentrantLock();

    UserThread oldestThread;
    UserThread newestThread;
    int threadCount;
    private PidReference reference = new PidReference(this);
    /** What descriptors of its first thread hold on to, when that has ended. */
    PidReference firstThreadReference = PidReference.NONE;

    final SignalQuota signalQuota;
    final PendingSignals pending;
    private final PosixTimers posixTimers = new PosixTimers(this);
    boolean exiting;
    int exitStatus;
    boolean stopped;
    /** Where its threads wait for signals that they read (signalfd(2)). */
    private final WaitQueue signalArrivals = new WaitQueue();
    /** Whether it has had to do with signals that are read. */
    private volatile boolean signalsWatched;
    /** Where its threads wait for SIGCONT. */
    final WaitQueue resumed = new WaitQueue();
    /** Where a thread in execve(2) waits for the others to end. */
    final WaitQueue threadsGone = new WaitQueue();

    final ProcessTimes times;
    final IntervalTimers timers;
    private final CpuTimers cpuTimers = new CpuTimers(this);

    private volatile SignalActions actions;
    private volatile AddressSpace space;
    private volatile Credentials credentials;
    private final ResourceLimits limits;
    private final SocketAccount socketAccount = new SocketAccount();
    private final FrameAccount frameAccount = new FrameAccount();
    private volatile Program program = Program.NONE;
    private volatile SignalInfo deathNotice = SignalInfo.NONE;
    private volatile long personality;
    private volatile boolean dumpable = true;
    private volatile boolean withoutTerminal;
    private volatile int oomScoreAdjustment;
    private volatile int oomScoreFloor;
    private volatile LastScheduling lastScheduling = LastScheduling.ORDINARY;
    private volatile int coreDumpFilter = CORE_DUMP_DEFAULT;
    private final Barriers barriers = new Barriers(this);
    private volatile VforkParent vforkParent = VforkParent.NONE;

    /** A process without threads. */
    Process(
            Processes system,
            int id,
            AddressSpace space,
            SignalActions actions,
            Credentials credentials,
            ResourceLimits limits) {
        this.system = system;
        this.id = id;
        this.space = space;
        this.actions = actions;
        this.credentials = credentials;
        this.limits = limits;
        this.signalQuota = new SignalQuota(this);
        this.pending = new PendingSignals(signalQuota);
        this.times = new ProcessTimes(this);
        this.timers = new IntervalTimers(this);
    }

    /** Its number. */
    public int id() {
        return id;
    }

    /** All processes. */
    public Processes system() {
        return system;
    }

    /** What the sockets retain that it has made. */
    public SocketAccount socketAccount() {
        return socketAccount;
    }

    /** The frames of the pipes and terminals that it has opened first. */
    public FrameAccount frameAccount() {
        return frameAccount;
    }

    /** Its memory; that of a zombie is empty or another's. */
    public AddressSpace space() {
        return space;
    }

    void setSpace(AddressSpace next) {
        space = next;
    }

    /** What it does on signals. */
    public SignalActions actions() {
        return actions;
    }

    /** Gives it signal actions of its own, if it shares them. */
    void setActions(SignalActions own) {
        actions = own;
    }

    /** Who its first thread acts as, or acted as: what counts towards other processes. Each thread has its own. */
    public Credentials credentials() {
        return credentials;
    }

    /** Sets {@link #credentials}. */
    void setCredentials(Credentials changed) {
        credentials = changed;
    }

    /** Its resource limits. */
    public ResourceLimits limits() {
        return limits;
    }

    /** Makes the limits that bind memory known to its address space. */
    public void applyMemoryLimits() {
        space.setLimits(limits.soft(Resource.STACK), limits.soft(Resource.DATA), limits.soft(Resource.AS));
    }

    /** What it runs. */
    public Program program() {
        return program;
    }

    /** Gives it a program; nobody writes to the file of one that runs, and none has written to it when this is called. */
    void setProgram(Program next) {
        Program before = program;
        next.begin();
        program = next;
        before.end();
    }

    /** The signal that it gets when its parent ends (prctl PR_SET_PDEATHSIG); 0 for none. */
    public int deathSignal() {
        return deathNotice.number();
    }

    /** What {@link #deathSignal} tells: it comes from the parent that the process had when it asked for it. */
    SignalInfo deathNotice() {
        return deathNotice;
    }

    /** Sets {@link #deathSignal}. */
    public void setDeathSignal(int signal) {
        Process now = parent;
        boolean none = signal == 0 || now == null;
        deathNotice = none
                ? SignalInfo.NONE
                : SignalInfo.fromProcess(
                        signal, Signal.SI_USER, now.id, now.credentials.user().real());
    }

    /** Its personality(2). */
    public long personality() {
        return personality;
    }

    /** Sets its personality(2). */
    public void setPersonality(long bits) {
        personality = bits;
    }

    /** How much its score is shifted when memory is out, in thousandths of all memory: -1000 (never killed) to 1000. */
    public int oomScoreAdjustment() {
        return oomScoreAdjustment;
    }

    /** Sets {@link #oomScoreAdjustment}. */
    public void setOomScoreAdjustment(int thousandths) {
        oomScoreAdjustment = thousandths;
    }

    /** The lowest adjustment that it may be given without CAP_SYS_RESOURCE. */
    public int oomScoreFloor() {
        return oomScoreFloor;
    }

    /** Sets {@link #oomScoreFloor}. */
    public void setOomScoreFloor(int thousandths) {
        oomScoreFloor = thousandths;
    }

    /** Which memory a core dump would have: bits of core(5). None is ever written; the value is kept. */
    public int coreDumpFilter() {
        return coreDumpFilter;
    }

    /** Sets {@link #coreDumpFilter}. */
    public void setCoreDumpFilter(int kinds) {
        coreDumpFilter = kinds;
    }

    /** Whether others of the same user may look into it (prctl PR_SET_DUMPABLE). */
    public boolean dumpable() {
        return dumpable;
    }

    /** Sets {@link #dumpable}. */
    public void setDumpable(boolean may) {
        dumpable = may;
    }

    /** Whether it has given its session's terminal up for itself (TIOCNOTTY of tty_ioctl(4)); its children have none either. */
    boolean isWithoutTerminal() {
        return withoutTerminal;
    }

    /** Sets {@link #isWithoutTerminal}. */
    void setWithoutTerminal(boolean without) {
        withoutTerminal = without;
    }

    /** Its barriers. */
    public Barriers barriers() {
        return barriers;
    }

    /** Who waits in vfork(2) until this process has another program or ends. */
    VforkParent vforkParent() {
        return vforkParent;
    }

    void setVforkParent(VforkParent waiting) {
        vforkParent = waiting;
    }

    // Relations.

    /** Whether it is the first process, which adopts orphans and is spared by signals that it does not handle. */
    public boolean isInit() {
        return id == Processes.INIT;
    }

    /** Its parent's number; 0 for the first process. */
    public int parentId() {
        Process now = parent;
        return now == null ? 0 : now.id;
    }

    /** Its process group. */
    public int group() {
        return group;
    }

    /** Its session. */
    public int sessionId() {
        return session.id();
    }

    Session session() {
        return session;
    }

    /** Whether it adopts the orphans among its descendants (prctl PR_SET_CHILD_SUBREAPER). */
    public boolean isSubreaper() {
        return subreaper;
    }

    /** Sets {@link #isSubreaper}. */
    public void setSubreaper(boolean adopts) {
        subreaper = adopts;
    }

    /** Whether it has ended. */
    public boolean isZombie() {
        return life != Life.RUNNING;
    }

    /** Whether all its threads are about to end. */
    public boolean isEnding() {
        lock.lock();
        try {
            return exiting;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a signal has stopped it. */
    public boolean isStopped() {
        return stopped;
    }

    /** The parent of a new process; relations locked. */
    void joinFamily(Process newParent) {
        parent = newParent;
        previousSibling = null;
        nextSibling = newParent.firstChild;
        if (nextSibling != null) {
            nextSibling.previousSibling = this;
        }
        newParent.firstChild = this;
        newParent.childCount++;
    }

    /** Leaves its parent's list; relations locked. */
    void leaveFamily() {
        parent.childCount--;
        if (nextSibling != null) {
            nextSibling.previousSibling = previousSibling;
        }
        if (previousSibling != null) {
            previousSibling.nextSibling = nextSibling;
        } else {
            parent.firstChild = nextSibling;
        }
        nextSibling = null;
        previousSibling = null;
    }

    /** How many children it has, zombies among them; read without the lock, so only about. */
    int childCount() {
        return childCount;
    }

    // Threads; the lock is held, or a snapshot is good enough.

    /** Adds a thread; false if the process is ending. */
    boolean addThread(UserThread thread) {
        lock.lock();
        try {
            if (exiting) {
                return false;
            }
            times.lock.acquire();
            thread.previousInProcess = newestThread;
            if (newestThread == null) {
                oldestThread = thread;
            } else {
                newestThread.nextInProcess = thread;
            }
            newestThread = thread;
            times.lock.release();
            threadCount++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** How its first thread was scheduled, when that has ended. */
    public LastScheduling lastScheduling() {
        return lastScheduling;
    }

    /** Removes a thread that is ending; whether it was the last. */
    boolean removeThread(UserThread thread) {
        lock.lock();
        try {
            if (thread.id() == id) {
                lastScheduling = LastScheduling.of(thread);
            }
            thread.pending.discard(SignalSet.ALL);
            times.lock.acquire();
            times.addEnded(thread);
            if (thread.nextInProcess == null) {
                newestThread = thread.previousInProcess;
            } else {
                thread.nextInProcess.previousInProcess = thread.previousInProcess;
            }
            if (thread.previousInProcess == null) {
                oldestThread = thread.nextInProcess;
            } else {
                thread.previousInProcess.nextInProcess = thread.nextInProcess;
            }
            thread.nextInProcess = null;
            thread.previousInProcess = null;
            times.lock.release();
            threadCount--;
            if (threadCount == 0) {
                pending.discard(SignalSet.ALL);
            }
            threadsGone.wakeAll();
            return threadCount == 0;
        } finally {
            lock.unlock();
        }
    }

    /** How many threads it has. */
    public int threadCount() {
        return threadCount;
    }

    /** Its oldest thread; none for a zombie. */
    public Optional<UserThread> firstThread() {
        lock.lock();
        try {
            return Optional.ofNullable(oldestThread);
        } finally {
            lock.unlock();
        }
    }

    /** Calls somebody with each thread, the oldest one first, under its lock. */
    void forEachThread(Consumer<UserThread> visitor) {
        lock.lock();
        try {
            for (UserThread thread = oldestThread; thread != null; thread = thread.nextInProcess) {
                visitor.accept(thread);
            }
        } finally {
            lock.unlock();
        }
    }

    /** How long it ran. */
    public ProcessTimes times() {
        return times;
    }

    /** Its interval timers. */
    public IntervalTimers timers() {
        return timers;
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

    /** Whether a thread may look into it and take its descriptors: PTRACE_MODE_ATTACH_REALCREDS of ptrace(2). */
    public boolean mayBeInspectedBy(UserThread other) {
        Credentials own = credentials;
        Credentials theirs = other.identity();
        boolean same = own.user().areAll(theirs.user().real())
                && own.group().areAll(theirs.group().real());
        boolean weaker = (own.permitted() & ~theirs.permitted()) == 0;
        return other.process() == this || (same && weaker && dumpable) || theirs.has(Credentials.CAP_SYS_PTRACE);
    }

    /** Its timers of timer_create(2). */
    public PosixTimers posixTimers() {
        return posixTimers;
    }

    WaitQueue signalArrivals() {
        return signalArrivals;
    }

    /** From now on, who reads signals or polls for them is told of each that comes for this process. */
    void watchSignals() {
        signalsWatched = true;
    }

    /** A signal has come for it or one of its threads. */
    void signalArrived() {
        if (signalsWatched) {
            signalArrivals.wakeAll();
            system.signalWatchers().tell(Poll.READABLE);
        }
    }

    CpuTimers cpuTimers() {
        return cpuTimers;
    }

    // Signals as /proc shows them.

    /** Signals that wait for any thread: ShdPnd of proc(5). */
    public long pendingSignals() {
        return pending.set();
    }

    /** Signals that are ignored: SigIgn of proc(5). */
    public long ignoredSignals() {
        return actions.ignored();
    }

    /** Signals that have a handler: SigCgt of proc(5). */
    public long caughtSignals() {
        return actions.handled();
    }

    /** What it does on one signal from now on; a signal that is ignored then no longer waits (sigaction(2)). */
    public void setAction(int number, SignalActions.Action action) {
        lock.lock();
        try {
            actions.set(number, action);
            if (actions.ignores(number)) {
                long bit = SignalNumber.bit(number);
                pending.discard(bit);
                for (UserThread thread = oldestThread; thread != null; thread = thread.nextInProcess) {
                    thread.pending.discard(bit);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends all its threads (exit_group(2)); the status is encoded as wait4(2) tells it. */
    public void exit(int newStatus) {
        Signals.exitAll(this, newStatus);
    }

    /** Sends it a signal from the kernel. */
    public void signal(int number) {
        if (SignalNumber.isValid(number)) {
            Signals.sendFromKernel(this, number);
        }
    }

    @Override
    public String toString() {
        return "process " + id + " (" + program.name() + ")";
    }
}
