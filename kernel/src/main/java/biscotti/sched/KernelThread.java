package biscotti.sched;

import biscotti.bounded.Unit;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread of the kernel: a virtual thread that {@link Carrier}s run, and what the scheduler knows about it.
 *
 * <p>It is the executor of its own virtual thread: each time the JDK finds that it can run, {@link #execute} puts it on a run
 * queue.
 *
 * <p>Scheduling state is guarded by the lock of the run queue that the thread is on; while it is on none, by the carrier that
 * runs it, or by whoever makes it runnable. Time is charged in two steps, because a thread may be made runnable by another CPU
 * while its last carrier is still leaving it: the carrier adds to {@code uncharged}, and the next queue it joins turns that
 * into virtual runtime.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // counters that only the carrier that runs the thread writes
public final class KernelThread extends PairingHeap.Node<KernelThread> implements Executor {
    /** Length of a tick in ring 3. */
    static final long TICK_NANOS = 1_000_000;

    private static final VarHandle UNCHARGED;

    static {
        try {
            UNCHARGED = MethodHandles.lookup().findVarHandle(KernelThread.class, "uncharged", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Scheduler scheduler;
    private final Thread thread;
    private final Interruption interruption;
    private final Waiter waiter;
    private Runnable continuation;
    private SleepListener sleepListener = SleepListener.NONE;
    private RunListener runListener = RunListener.NONE;

    // Policy: written by setters, read by queues.
    private volatile SchedulingPolicy policy = SchedulingPolicy.NORMAL;
    private volatile int realTimePriority;
    private volatile int lentPriority;
    private volatile int nice;
    private volatile long affinity = -1;

    // Scheduling state.
    long virtualRuntime;
    long sequence;
    RunQueue home;
    volatile RunQueue queue;
    volatile Carrier carrier;
    KernelThread nextInList;
    KernelThread previousInList;
    int queuedPriority;
    boolean keepsTurn;

    /** A better thread waits for the CPU: yield when it may. Cleared when a carrier begins to run it. */
    volatile boolean reschedule;

    private long runs;
    long turnNanos;

    @SuppressWarnings("UnusedVariable") // through UNCHARGED
    private long uncharged;

    // Accounting: written by the carrier that runs it.
    private volatile long runNanos;
    private volatile long userTicks;
    private volatile long switches;
    private volatile long involuntarySwitches;
    private volatile boolean sleeping;

    /** What it has allocated, less the count of the carrier that runs it; without a carrier, what it has allocated. */
    private long allocated;

    KernelThread(Scheduler scheduler, String name, Interruption interruption, Runnable body) {
        this.scheduler = scheduler;
        this.interruption = interruption;
        this.thread = VirtualThreads.unstarted(this, name, () -> scheduler.runBody(this, body));
        this.waiter = new Waiter(this);
    }

    /** The kernel thread that calls. Only kernel threads may ask. */
    public static KernelThread current() {
        if (VirtualThreads.carrier() instanceof Carrier carrier
                && Thread.currentThread().isVirtual()) {
            return carrier.running();
        }
        throw new IllegalStateException("the caller is no kernel thread");
    }

    /** Makes it runnable for the first time. */
    public void start() {
        scheduler.started();
        thread.start();
    }

    /** The scheduler that it belongs to. */
    public Scheduler scheduler() {
        return scheduler;
    }

    /** Its name. */
    public String name() {
        return thread.getName();
    }

    /** Waits until it has ended. */
    public void join() throws InterruptedException {
        thread.join();
    }

    /** Whether its body has ended. */
    public boolean hasEnded() {
        return thread.getState() == Thread.State.TERMINATED;
    }

    /** Whether it sleeps in {@link Waiter#sleep} and nothing has woken it; else it runs, can run, or waits for a lock. */
    public boolean isSleeping() {
        return sleeping;
    }

    /** Called by the JDK whenever the continuation can run. */
    @Override
    public void execute(Runnable runnable) {
        sleeping = false;
        continuation = runnable;
        scheduler.makeRunnable(this);
    }

    /** Runs it until it parks, yields or ends; for its carrier. */
    void resume() {
        runs++;
        reschedule = false;
        continuation.run();
    }

    /** Lets it look again at what it sleeps for: a spurious wake-up, unless its {@link Interruption} is pending. */
    public void wake() {
        LockSupport.unpark(thread);
    }

    /** A waiter for the sleeps of this thread that wait for one queue at a time. For the thread itself. */
    public Waiter waiter() {
        return waiter;
    }

    /**
     * Sleeps until a time. For the thread itself.
     *
     * @return 0, or -EINTR
     */
    public int sleepUntil(long deadline) {
        waiter.reset();
        return waiter.sleep(deadline) == Waiter.TIMED_OUT ? 0 : Waiter.INTERRUPTED;
    }

    /** As {@link #sleepUntil(long)}, for a time that may be one of day. */
    public int sleepUntil(Deadline deadline) {
        waiter.reset();
        return waiter.sleep(deadline) == Waiter.TIMED_OUT ? 0 : Waiter.INTERRUPTED;
    }

    /**
     * How often a carrier has begun to run it. For the thread itself: as long as the number is the same, it has had its CPU
     * without a break.
     */
    public long runs() {
        return runs;
    }

    /** Says who hears of its sleeps. For the thread itself, or before it starts. */
    public void setSleepListener(SleepListener listener) {
        sleepListener = listener;
    }

    /** Says who hears when it is run. For the thread itself, or before it starts. */
    public void setRunListener(RunListener listener) {
        runListener = listener;
    }

    RunListener runListener() {
        return runListener;
    }

    SleepListener sleepListener() {
        return sleepListener;
    }

    /** What ends its sleeps early: for a user thread, that thread. */
    public Interruption interruption() {
        return interruption;
    }

    /** Parks; may return for no reason. */
    @Unit(value = "stack", of = Unit.Part.SLEEP)
    void park() {
        sleeping = true;
        LockSupport.park();
        sleeping = false;
    }

    // Sharing the CPU.

    /** Whether a better thread waits for this CPU. For the thread itself; cheap enough for each return to ring 3. */
    public boolean shouldYield() {
        return reschedule;
    }

    /** Lets a better thread run, if there is one. For the thread itself. */
    @Unit("preempt")
    @SuppressWarnings("ThreadPriorityCheck") // this is the scheduler
    public void preempt() {
        keepsTurn = turnNanos < RoundRobin.turnNanos() || policy == SchedulingPolicy.FIFO;
        involuntarySwitches++;
        Thread.yield();
    }

    /** Lets others run first, as sched_yield(2). For the thread itself. */
    @SuppressWarnings("ThreadPriorityCheck") // this is the scheduler
    public void yieldCpu() {
        carrier.queue().goBehindFirst(this);
        Thread.yield();
    }

    /**
     * Does the kernel's part of an interrupt that ended this thread's stay in ring 3: charges time, runs due timers, wakes
     * interrupt threads. For the thread itself; it looks at {@link #shouldYield} after.
     *
     * @param timerTick whether it was the timer's tick
     */
    public void onInterrupt(boolean timerTick) {
        if (timerTick) {
            userTicks++;
        }
        carrier.interrupted(this, timerTick);
    }

    /**
     * How many bytes of the heap it has allocated, on whatever CPUs. Counts from {@link Scheduler#countAllocations} on. For the
     * thread itself.
     */
    public long allocated() {
        return allocated + scheduler.machine().heap().allocatedExactly();
    }

    /** A carrier that has allocated so many bytes begins to run it. */
    void mounted(long allocatedByCarrier) {
        allocated -= allocatedByCarrier;
    }

    /** The carrier has stopped to run it. */
    void unmounted(long allocatedByCarrier) {
        allocated += allocatedByCarrier;
    }

    /** Brings {@link #runNanos} up to this moment. For the thread itself. */
    public void chargeNow() {
        carrier.charge(this);
    }

    /** Adds time that it ran; for its carrier. */
    void charge(long nanos) {
        runNanos += nanos;
        turnNanos += nanos;
        UNCHARGED.getAndAdd(this, nanos);
    }

    /** It sleeps, lets others go first or has been preempted; for its carrier. */
    void countSwitch() {
        switches++;
    }

    /** Turns what it ran into virtual runtime; the caller guards its scheduling state. */
    void settle() {
        long nanos = (long) UNCHARGED.getAndSet(this, 0L);
        if (nanos != 0) {
            virtualRuntime += policy == SchedulingPolicy.IDLE ? Weights.scaleIdle(nanos) : Weights.scale(nanos, nice);
        }
    }

    // Policy.

    /** Its policy. */
    public SchedulingPolicy policy() {
        return policy;
    }

    /** Its real-time priority, 1..99; 0 if it is not real-time. */
    public int realTimePriority() {
        return realTimePriority;
    }

    /** The real-time priority that it runs at: its own, or a higher one that is lent to it; 0 if it shares fairly. */
    public int urgency() {
        return Math.max(realTimePriority, lentPriority);
    }

    /**
     * Lends it a real-time priority, in place of the one that was lent before: some thread with that waits for it. May be called
     * by any thread.
     *
     * @param priority 1..99, or 0 for none
     * @return whether {@link #urgency} has changed
     */
    public boolean lend(int priority) {
        int before = urgency();
        if (before == Math.max(realTimePriority, priority)) {
            lentPriority = priority;
            return false;
        }
        boolean queued = scheduler.takeOff(this);
        lentPriority = priority;
        scheduler.putBack(this, queued);
        return true;
    }

    /** Its nice value, -20 (most CPU time) to 19. */
    public int nice() {
        return nice;
    }

    /** A bit for each CPU that it may run on. */
    public long affinity() {
        return affinity;
    }

    /** Whether it may run on a CPU. */
    boolean allows(int cpu) {
        return (affinity >>> cpu & 1) != 0;
    }

    /**
     * Sets its policy. May be called by any thread.
     *
     * @param priority 1..99 for a real-time policy, else 0
     */
    public void setPolicy(SchedulingPolicy newPolicy, int priority) {
        if (newPolicy.isRealTime() ? priority < 1 || priority >= RealTimeQueue.PRIORITIES : priority != 0) {
            throw new IllegalArgumentException(newPolicy + " with priority " + priority);
        }
        scheduler.requeue(this, () -> {
            policy = newPolicy;
            realTimePriority = priority;
        });
    }

    /** Sets its nice value, -20..19. May be called by any thread. */
    public void setNice(int newNice) {
        if (newNice < -20 || newNice > 19) {
            throw new IllegalArgumentException("nice " + newNice);
        }
        scheduler.requeue(this, () -> nice = newNice);
    }

    /** Sets the CPUs that it may run on; at least one of them must exist. May be called by any thread. */
    public void setAffinity(long cpus) {
        if ((cpus & scheduler.allCpus()) == 0) {
            throw new IllegalArgumentException("no such CPU: " + Long.toHexString(cpus));
        }
        scheduler.requeue(this, () -> affinity = cpus);
    }

    // Accounting.

    /** The CPU that it runs on, or ran on last. */
    public int cpu() {
        Carrier last = carrier;
        return last == null ? 0 : last.cpu();
    }

    /** Nanoseconds that it has run, up to its last switch or tick. */
    public long runNanos() {
        return runNanos;
    }

    /** Of these, nanoseconds in ring 3: counted by ticks. */
    public long userNanos() {
        return Math.min(userTicks * TICK_NANOS, runNanos);
    }

    /** Of these, nanoseconds in ring 0. */
    public long systemNanos() {
        long run = runNanos;
        return run - Math.min(userTicks * TICK_NANOS, run);
    }

    /** How often it gave up its CPU by itself. */
    public long voluntarySwitches() {
        return Math.max(0, switches - involuntarySwitches);
    }

    /** How often a better thread took its CPU. */
    public long involuntarySwitches() {
        return involuntarySwitches;
    }

    @Override
    public String toString() {
        return "kernel thread " + name();
    }
}
