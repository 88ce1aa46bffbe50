package biscotti.process;

import biscotti.abi.Clocks;
import biscotti.sched.KernelThread;
import java.util.Optional;

/** A clock of CPU time, of a process with all its threads or of one thread (clock_getcpuclockid(3), pthread_getcpuclockid(3)). */
public final class CpuClock {
    private static final int KINDS = 3;

    private final Process process;
    /** Null for the whole process. */
    private final UserThread thread;

    private final boolean userOnly;

    private CpuClock(Process process, UserThread thread, boolean userOnly) {
        this.process = process;
        this.thread = thread;
        this.userOnly = userOnly;
    }

    /** The clock of a process that interval timers count by (getitimer(2)). */
    static CpuClock of(Process process, boolean userOnly) {
        return new CpuClock(process, null, userOnly);
    }

    /**
     * The clock with a number, as the caller names it: the two of its own, or a negative number that has the complement of a
     * process's or thread's number, a bit for threads, and two bits for what counts. Threads of other processes have none.
     *
     * @param reading whether it is only read: then any thread of the caller's may stand for the process
     */
    public static Optional<CpuClock> find(UserThread caller, int clock, boolean reading) {
        Process own = caller.process();
        if (clock == Clocks.PROCESS_CPUTIME) {
            return Optional.of(new CpuClock(own, null, false));
        }
        if (clock == Clocks.THREAD_CPUTIME) {
            return Optional.of(new CpuClock(own, caller, false));
        }
        int kind = clock & Clocks.CPU_KIND;
        if (clock >= 0 || kind >= KINDS) {
            return Optional.empty();
        }
        boolean userOnly = kind == Clocks.CPU_VIRTUAL;
        int number = ~(clock >> Clocks.CPU_NUMBER_SHIFT);
        if ((clock & Clocks.CPU_THREAD) != 0) {
            UserThread thread =
                    number == 0 ? caller : own.system().table().thread(number).orElse(null);
            return thread == null || thread.process() != own
                    ? Optional.empty()
                    : Optional.of(new CpuClock(own, thread, userOnly));
        }
        boolean self = number == 0 || reading && number == caller.id();
        Process process = self ? own : own.system().table().process(number).orElse(null);
        return process == null ? Optional.empty() : Optional.of(new CpuClock(process, null, userOnly));
    }

    /** Whether it counts the calling thread's time only: nobody can sleep by it. */
    public boolean isOf(UserThread caller) {
        return thread == caller;
    }

    /** Whether whose time it counts has ended. */
    boolean stands() {
        return process.isZombie() || thread != null && thread.kernelThread().hasEnded();
    }

    /** The process by whose ticks it moves. */
    Process process() {
        return process;
    }

    /** What it shows, in nanoseconds: up to the last tick of each thread that runs now. */
    public long nanos() {
        if (thread == null) {
            return userOnly ? process.times().userNanos() : process.times().cpuNanos();
        }
        KernelThread kernel = thread.kernelThread();
        return userOnly ? kernel.userNanos() : kernel.runNanos();
    }
}
