package biscotti.process;

import static biscotti.abi.Errno.EINTR;

import biscotti.abi.SignalNumber;
import biscotti.abi.WaitOptions;
import biscotti.heap.Victims;
import biscotti.machine.PhysicalMemory;
import biscotti.sched.Interruption;
import biscotti.sched.Waiter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;

/**
 * Has processes die when the kernel's heap or physical memory is out: the smallest family that retains a good share of it
 * ({@link Families}), with each process's share adjusted as on Linux (proc(5), oom_score_adj). Never the first process, never one
 * whose oom_score_adj is -1000.
 */
public final class OutOfMemory implements Victims {
    /** An oom_score_adj that protects a process. */
    public static final int NEVER = -1000;

    private static final long THOUSAND = 1000;
    private static final int STATUS = WaitOptions.killed(SignalNumber.SIGKILL, false);

    /** If none of those that were killed has ended for so long, they do not keep others from being killed. */
    private static final long PATIENCE_NANOS = 1_000_000_000;

    private static final long LOOK_AGAIN_NANOS = 2_000_000;

    private final Processes system;
    private final Families families = new Families();

    /** How many have been killed and have not ended. */
    private final AtomicInteger dying = new AtomicInteger();

    /** When the last one was killed, or ended. */
    private volatile long lastProgress;

    private final AtomicBoolean choosing = new AtomicBoolean();

    OutOfMemory(Processes system) {
        this.system = system;
    }

    @Override
    public boolean isOneEnding() {
        return dying.get() > 0 && system.now() - lastProgress < PATIENCE_NANOS;
    }

    @Override
    public Outcome killGreatest() {
        return killGreatest(
                "kernel heap", Charge::ofHeap, system.heap().budget().limit());
    }

    /** Whether so little physical memory is left that work waits before it begins. */
    boolean isShortOfFrames() {
        return system.frames().isLow();
    }

    /**
     * Waits, with no lock held, until there is physical memory again; if nobody can do without some, the greatest user of it is
     * killed for that. If there is nobody to kill, the thread goes on with what is left.
     *
     * @return 0, or -EINTR if the thread must die
     */
    int awaitFrames(UserThread thread) {
        Waiter waiter = thread.kernelThread().waiter();
        Interruption death = thread::mustDie;
        while (true) {
            system.frames().drainCaches();
            if (!isShortOfFrames()) {
                return 0;
            }
            if (thread.mustDie()) {
                return -EINTR;
            }
            boolean helped = system.frames().reclaim() > 0;
            system.frames().drainCaches();
            if (helped || !isShortOfFrames()) {
                continue; // or somebody else has taken back meanwhile what there was
            }
            if (!isOneEnding() && !makeFrames()) {
                return 0;
            }
            waiter.reset();
            waiter.sleep(system.now() + LOOK_AGAIN_NANOS, death);
        }
    }

    /** Kills for physical memory; false if nobody is left. One thread at a time. */
    private boolean makeFrames() {
        if (!choosing.compareAndSet(false, true)) {
            return true;
        }
        try {
            return isOneEnding() || killGreatest("frames", Charge::ofFrames, memoryBytes()) != Outcome.NONE_LEFT;
        } finally {
            choosing.set(false);
        }
    }

    private long memoryBytes() {
        return system.frames().totalFrames() << PhysicalMemory.FRAME_SHIFT;
    }

    /** What /proc/PID/oom_score shows: from 0 to 2000, 0 for one that is never killed (Linux, fs/proc/base.c). */
    public long score(Process process) {
        if (process.isInit() || process.oomScoreAdjustment() == NEVER || process.isZombie()) {
            return 0;
        }
        long share = score(process, Charge::ofFrames, memoryBytes()) * THOUSAND / memoryBytes();
        return Math.max(0, (THOUSAND + share) * 2 / 3);
    }

    private Outcome killGreatest(String memory, ToLongFunction<Process> charge, long all) {
        ProcessTable table = system.table();
        if (!table.tryLock()) {
            return Outcome.BUSY;
        }
        try {
            boolean found =
                    families.search(table.first(), process -> mayDie(process) ? score(process, charge, all) : 0);
            return found ? killChosen(memory) : Outcome.NONE_LEFT;
        } finally {
            table.unlock();
        }
    }

    private static boolean mayDie(Process process) {
        return !process.isZombie() && !process.exiting && process.oomScoreAdjustment() != NEVER && !process.isInit();
    }

    /** What a process has, shifted by its share of all that it was adjusted by; more than 0. */
    private static long score(Process process, ToLongFunction<Process> charge, long all) {
        return Math.max(1, charge.applyAsLong(process) + all / THOUSAND * process.oomScoreAdjustment());
    }

    private Outcome killChosen(String memory) {
        int killed = 0;
        Process last = null;
        for (Process process = system.table().first(); process != null; process = process.nextInTable) {
            if (mayDie(process) && families.isChosen(process.lineage) && process.lock.tryLock()) {
                try {
                    condemn(process);
                } finally {
                    process.lock.unlock();
                }
                last = process;
                killed++;
            }
        }
        if (killed == 0) {
            return Outcome.BUSY;
        }
        String who = killed == 1 ? last.toString() : killed + " processes of the family of " + families.founder();
        long kilobytes = families.charge() >> 10;
        system.log().warning("out of memory (" + memory + "): killed " + who + ", charged with " + kilobytes + " KB");
        return Outcome.KILLED;
    }

    /** Ends a process for memory; the table and the process are locked. */
    void condemn(Process process) {
        process.condemned = true;
        dying.incrementAndGet();
        lastProgress = system.now();
        Signals.beginExit(process, STATUS);
    }

    /** A process has ended, and given back what it had. */
    void ended(Process process) {
        if (process.condemned) {
            lastProgress = system.now();
            dying.decrementAndGet();
        }
        system.heap().killer().processEnded();
    }
}
