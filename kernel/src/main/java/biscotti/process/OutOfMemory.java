package biscotti.process;

import static biscotti.abi.Errno.EINTR;

import biscotti.abi.SignalNumber;
import biscotti.abi.WaitOptions;
import biscotti.heap.Victims;
import biscotti.machine.PhysicalMemory;
import biscotti.sched.Interruption;
import biscotti.sched.Waiter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToLongFunction;

/**
 * Chooses the process that dies when the kernel's heap or physical memory is out: the one that retains most of it, as Linux does
 * (proc(5), oom_score). Never the first process, never one whose oom_score_adj is -1000.
 *
 * <p>Processes are looked at without locks. Their own lock is needed to end one; it is not waited for.
 */
public final class OutOfMemory implements Victims {
    /** An oom_score_adj that protects a process. */
    public static final int NEVER = -1000;

    private static final long THOUSAND = 1000;
    private static final int STATUS = WaitOptions.killed(SignalNumber.SIGKILL, false);

    /** A process that has not ended by then does not keep another one from being killed. */
    private static final long PATIENCE_NANOS = 1_000_000_000;

    private static final long LOOK_AGAIN_NANOS = 2_000_000;

    private final Processes system;
    private volatile Process victim; // null when none is ending
    private volatile long killedAt;
    private final AtomicBoolean choosing = new AtomicBoolean();

    OutOfMemory(Processes system) {
        this.system = system;
    }

    @Override
    public boolean isOneEnding() {
        return victim != null && system.now() - killedAt < PATIENCE_NANOS;
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
     * Waits, with no lock held, until there is physical memory again; the greatest user of it is killed for that. If there is
     * nobody to kill, the thread goes on with what is left.
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
        Process greatest = null;
        long most = 0;
        for (int id = Processes.INIT + 1; id < ProcessTable.LIMIT; id++) {
            Process found = system.table().process(id).orElse(null);
            if (found != null && mayDie(found)) {
                long score = score(found, charge, all);
                if (greatest == null || score > most) {
                    greatest = found;
                    most = score;
                }
            }
        }
        return greatest == null ? Outcome.NONE_LEFT : kill(greatest, memory, charge.applyAsLong(greatest));
    }

    private static boolean mayDie(Process process) {
        return !process.isZombie() && !process.exiting && process.oomScoreAdjustment() != NEVER && !process.isInit();
    }

    /** What a process has, shifted by its share of all that it was adjusted by. */
    private static long score(Process process, ToLongFunction<Process> charge, long all) {
        return charge.applyAsLong(process) + all / THOUSAND * process.oomScoreAdjustment();
    }

    private Outcome kill(Process process, String memory, long bytes) {
        if (!process.lock.tryLock()) {
            return Outcome.BUSY;
        }
        try {
            victim = process;
            killedAt = system.now();
            Signals.beginExit(process, STATUS);
        } finally {
            process.lock.unlock();
        }
        system.log()
                .warning("out of memory (" + memory + "): killed " + process + ", which had about " + (bytes >> 10)
                        + " KB");
        return Outcome.KILLED;
    }

    /** A process has ended, and given back what it had. */
    void ended(Process process) {
        if (victim == process) {
            victim = null;
        }
        system.heap().killer().processEnded();
    }
}
