package biscotti.sched;

import biscotti.machine.Clock;
import biscotti.machine.Machine;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/**
 * Runs kernel threads on all CPUs of a machine.
 *
 * <p>Where a thread goes that can run: to the CPU it ran on last if that idles, else to any idle one that it may use, else back
 * to where it ran. A waker that is about to sleep keeps the woken thread on its own CPU ({@link WaitQueue#handOverToOne}): a
 * hand-over then needs no other CPU. A CPU that has nothing to run takes threads from the others.
 */
public final class Scheduler {
    private static final VarHandle IDLE_CPUS;

    static {
        try {
            IDLE_CPUS = MethodHandles.lookup().findVarHandle(Scheduler.class, "idleCpus", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Machine machine;
    private final Clock clock;
    private final KernelLog log;
    private final Carrier[] carriers;
    private final Interrupts interrupts;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicInteger threads = new AtomicInteger();
    private volatile long idleCpus;
    private volatile boolean stopped;
    private volatile IntConsumer idleWork = cpu -> {};
    private volatile boolean countsAllocations;

    /** A scheduler for all CPUs; nothing runs before {@link #start}. */
    public Scheduler(Machine machine, KernelLog log) {
        this.machine = machine;
        this.clock = machine.clock();
        this.log = log;
        this.carriers = new Carrier[machine.processors().count()];
        this.interrupts = new Interrupts(carriers.length);
        for (int cpu = 0; cpu < carriers.length; cpu++) {
            carriers[cpu] = new Carrier(this, cpu);
        }
    }

    /**
     * Says what a CPU does each time before it goes idle; before {@link #start}.
     *
     * @param work takes the number of the CPU; runs on its carrier, must not block
     */
    public void setIdleWork(IntConsumer work) {
        idleWork = work;
    }

    /** From now on, {@link KernelThread#allocated} counts; it costs a little at each switch. Before {@link #start}. */
    public void countAllocations() {
        countsAllocations = true;
    }

    boolean countsAllocations() {
        return countsAllocations;
    }

    void beforeIdle(int cpu) {
        idleWork.accept(cpu);
    }

    /** Starts the carriers. */
    public void start() {
        for (Carrier carrier : carriers) {
            carrier.start();
        }
    }

    /** Ends the carriers when what they run parks; kernel threads stay where they are. */
    public void stop() {
        stopped = true;
        for (Carrier carrier : carriers) {
            machine.processors().wake(carrier.cpu());
        }
    }

    /** After {@link #stop}, from a thread that is not the kernel's: waits until no carrier runs a kernel thread. */
    void awaitEnd() throws InterruptedException {
        for (Carrier carrier : carriers) {
            carrier.join();
        }
    }

    /** A thread of the kernel itself, whose sleeps are not interrupted. */
    public KernelThread newThread(String name, Runnable body) {
        return newThread(name, Interruption.NEVER, body);
    }

    /**
     * A thread; it runs after its {@link KernelThread#start}. An exception that leaves {@code body} is logged and counted.
     *
     * @param interruption what ends its sleeps early
     */
    public KernelThread newThread(String name, Interruption interruption, Runnable body) {
        return new KernelThread(this, name, interruption, body);
    }

    /** The machine whose CPUs these are. */
    public Machine machine() {
        return machine;
    }

    /** The kernel log. */
    public KernelLog log() {
        return log;
    }

    /** The pending bits of interrupts, and who waits for them. */
    public Interrupts interrupts() {
        return interrupts;
    }

    /** How many CPUs there are. */
    public int cpuCount() {
        return carriers.length;
    }

    /** A bit for each CPU. */
    public long allCpus() {
        return -1L >>> (64 - carriers.length);
    }

    /** How many threads were started and have not ended: those of programs, and the kernel's own. */
    public int threadCount() {
        return threads.get();
    }

    /**
     * How many threads wait for a CPU or run, over all CPUs; at most {@link #threadCount}. The CPUs are looked at one after
     * another, so a thread that changes its CPU meanwhile may count twice, or not at all.
     */
    public int runnableCount() {
        int count = 0;
        for (Carrier carrier : carriers) {
            count += carrier.queue().length() + (carrier.running() == null ? 0 : 1);
        }
        return Math.min(count, threadCount());
    }

    /** What a CPU has done with its time since it started. */
    public CpuTimes times(int cpu) {
        return carriers[cpu].times();
    }

    /** How many exceptions have left the bodies of kernel threads. */
    public long failures() {
        return failures.get();
    }

    /** The monotonic clock. */
    public long now() {
        return clock.monotonicNanos();
    }

    boolean isStopped() {
        return stopped;
    }

    void started() {
        threads.incrementAndGet();
    }

    void runBody(KernelThread thread, Runnable body) {
        try {
            body.run();
        } catch (Throwable t) {
            failed(thread, t);
        } finally {
            threads.decrementAndGet();
        }
    }

    void failed(KernelThread thread, Throwable failure) {
        failures.incrementAndGet();
        log.error(thread + " failed", failure);
    }

    // Who runs where.

    private Carrier carrierHere() {
        return VirtualThreads.carrier() instanceof Carrier carrier && carrier.belongsTo(this) ? carrier : null;
    }

    /** The carrier that the caller runs on; the first one if it runs on none. */
    Carrier carrierHereOrFirst() {
        Carrier here = carrierHere();
        return here == null ? carriers[0] : here;
    }

    /** Puts a thread that can run on a queue, and sees to it that a CPU notices. */
    void makeRunnable(KernelThread thread) {
        Carrier here = carrierHere();
        boolean yields = here != null
                && here.running() == thread
                && !Thread.currentThread().isVirtual();
        if (yields) {
            here.charge(thread);
        }
        Carrier target = yields && thread.allows(here.cpu()) ? here : place(thread, here);
        target.queue().add(thread, !yields);
        if (target == here) {
            KernelThread running = here.running();
            if (running != null && running != thread && RunQueue.preempts(thread, running)) {
                running.reschedule = true;
            }
        } else {
            notify(target, thread);
        }
    }

    private void notify(Carrier target, KernelThread added) {
        if (isIdle(target.cpu())) {
            machine.processors().wake(target.cpu());
            return;
        }
        KernelThread running = target.running();
        if (running != null && RunQueue.preempts(added, running)) {
            running.reschedule = true;
            machine.processors().wake(target.cpu());
        }
    }

    private Carrier place(KernelThread thread, Carrier here) {
        long allowed = thread.affinity() & allCpus();
        if (here != null && here.handsOver && (allowed >>> here.cpu() & 1) != 0) {
            return here;
        }
        Carrier last = thread.carrier;
        long idle = idleCpus & allowed;
        if (last != null && (idle >>> last.cpu() & 1) != 0) {
            return last;
        }
        if (idle != 0) {
            return carriers[Long.numberOfTrailingZeros(idle)];
        }
        if (thread.urgency() > 0) {
            return placeRealTime(allowed);
        }
        if (last != null && (allowed >>> last.cpu() & 1) != 0) {
            return last;
        }
        return leastLoaded(allowed);
    }

    /** The allowed CPU that runs the least important thread. */
    private Carrier placeRealTime(long allowed) {
        Carrier best = null;
        int least = Integer.MAX_VALUE;
        for (Carrier carrier : carriers) {
            KernelThread running = carrier.running();
            int priority = running == null ? 0 : running.urgency();
            if ((allowed >>> carrier.cpu() & 1) != 0 && priority < least) {
                best = carrier;
                least = priority;
            }
        }
        return best;
    }

    private Carrier leastLoaded(long allowed) {
        Carrier best = null;
        for (Carrier carrier : carriers) {
            if ((allowed >>> carrier.cpu() & 1) != 0
                    && (best == null || carrier.queue().length() < best.queue().length())) {
                best = carrier;
            }
        }
        return best;
    }

    /** A thread from another CPU's queue for one that has nothing to run; null if there is none. */
    KernelThread steal(int cpu) {
        for (int i = 1; i < carriers.length; i++) {
            KernelThread found = carriers[(cpu + i) % carriers.length].queue().steal(cpu);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Changes a thread's policy, which may change its place on its queue, or its CPU. */
    void requeue(KernelThread thread, Runnable change) {
        boolean queued = takeOff(thread);
        change.run();
        putBack(thread, queued);
    }

    /** Takes a thread off the queue that it is on, if it is on one, so that how it is scheduled can change. */
    boolean takeOff(KernelThread thread) {
        RunQueue queue = thread.queue;
        return queue != null && queue.remove(thread);
    }

    /** After {@link #takeOff}: what has changed takes effect. */
    void putBack(KernelThread thread, boolean queued) {
        if (queued) {
            makeRunnable(thread);
            return;
        }
        Carrier carrier = thread.carrier;
        if (carrier != null && carrier.running() == thread) {
            thread.reschedule = true; // it looks again at where it may run, and before whom
            machine.processors().wake(carrier.cpu());
        }
    }

    void setIdle(int cpu, boolean idle) {
        if (idle) {
            IDLE_CPUS.getAndBitwiseOr(this, 1L << cpu);
        } else {
            IDLE_CPUS.getAndBitwiseAnd(this, ~(1L << cpu));
        }
    }

    boolean isIdle(int cpu) {
        return (idleCpus >>> cpu & 1) != 0;
    }

    /** Wakes a CPU that idles, if there is one, to take threads from the others. */
    void wakeIdleCpu() {
        long idle = idleCpus;
        if (idle != 0) {
            machine.processors().wake(Long.numberOfTrailingZeros(idle));
        }
    }
}
