package biscotti.process;

import biscotti.abi.Clocks;
import biscotti.sched.KernelThread;
import biscotti.sched.SpinLock;
import java.util.concurrent.TimeUnit;

/** CPU time and other resources that a process has used (getrusage(2)); nanoseconds. */
public final class ProcessTimes {
    /**
     * What was used.
     *
     * @param userNanos in ring 3
     * @param systemNanos in ring 0
     * @param faults page faults
     * @param voluntarySwitches how often it waited
     * @param involuntarySwitches how often it was preempted
     * @param peakResidentBytes the most memory that it had
     */
    public record Usage(
            long userNanos,
            long systemNanos,
            long faults,
            long voluntarySwitches,
            long involuntarySwitches,
            long peakResidentBytes) {
        static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0);

        private static final long NANOS_PER_TICK = TimeUnit.SECONDS.toNanos(1) / Clocks.TICKS_PER_SECOND;

        /** Ticks of times(2) in ring 3. */
        long userTicks() {
            return userNanos / NANOS_PER_TICK;
        }

        /** Ticks of times(2) in ring 0. */
        long systemTicks() {
            return systemNanos / NANOS_PER_TICK;
        }
    }

    /** What has been used by those that are gone; a sum in place, so that however many go, nothing is kept of each. */
    private static final class Sum {
        private long userNanos;
        private long systemNanos;
        private long faults;
        private long voluntarySwitches;
        private long involuntarySwitches;
        private long peakResidentBytes;

        void add(UserThread thread) {
            KernelThread kernel = thread.kernelThread();
            userNanos += kernel.userNanos();
            systemNanos += kernel.systemNanos();
            faults += thread.faults();
            voluntarySwitches += kernel.voluntarySwitches();
            involuntarySwitches += kernel.involuntarySwitches();
        }

        void add(Sum other) {
            userNanos += other.userNanos;
            systemNanos += other.systemNanos;
            faults += other.faults;
            voluntarySwitches += other.voluntarySwitches;
            involuntarySwitches += other.involuntarySwitches;
            noteResident(other.peakResidentBytes);
        }

        void noteResident(long bytes) {
            peakResidentBytes = Math.max(peakResidentBytes, bytes);
        }

        Usage usage() {
            return new Usage(userNanos, systemNanos, faults, voluntarySwitches, involuntarySwitches, peakResidentBytes);
        }
    }

    private final Process process;
    private final long startNanos;

    /** Guards the sums and, beside the process's lock, its list of threads: clocks are read without that lock. */
    final SpinLock lock = new SpinLock();

    private final Sum ended = new Sum();
    private final Sum children = new Sum();
    private final IoCount io = new IoCount();

    ProcessTimes(Process process) {
        this.process = process;
        this.startNanos = process.system().now();
    }

    /** When it started, in nanoseconds of the monotonic clock. */
    public long startNanos() {
        return startNanos;
    }

    /** What one thread has used; the most memory is that of its process. */
    public static Usage of(UserThread thread) {
        Sum sum = new Sum();
        sum.add(thread);
        sum.noteResident(thread.process().times().ended.peakResidentBytes);
        sum.noteResident(mostResident(thread.process()));
        return sum.usage();
    }

    private static long mostResident(Process process) {
        return process.isZombie() ? 0 : process.space().usage().mostResidentBytes();
    }

    /** Adds what a thread used that is ending; the process's lock and this one are held. */
    void addEnded(UserThread thread) {
        ended.add(thread);
        io.add(thread.io());
    }

    /** What it, and its children that were waited for, have read and written. */
    public IoCount io() {
        IoCount sum = new IoCount();
        lock.acquire();
        sum.add(io);
        for (UserThread thread = process.oldestThread; thread != null; thread = thread.nextInProcess) {
            sum.add(thread.io());
        }
        lock.release();
        return sum;
    }

    /** Notes how much memory the process has, shortly before it gives it back. */
    void noteResident(long bytes) {
        lock.acquire();
        ended.noteResident(bytes);
        lock.release();
    }

    /** Adds what a child and its children used that was waited for; relations are locked, so that nobody else changes those. */
    void addChild(Process child) {
        lock.acquire();
        children.add(child.times.ended);
        children.add(child.times.children);
        io.add(child.times.io);
        lock.release();
    }

    /** CPU time of all its threads so far; takes no lock but a spin lock. */
    long cpuNanos() {
        lock.acquire();
        long sum = ended.userNanos + ended.systemNanos;
        for (UserThread thread = process.oldestThread; thread != null; thread = thread.nextInProcess) {
            sum += thread.kernelThread().runNanos();
        }
        lock.release();
        return sum;
    }

    /** The same, in ring 3. */
    long userNanos() {
        lock.acquire();
        long sum = ended.userNanos;
        for (UserThread thread = process.oldestThread; thread != null; thread = thread.nextInProcess) {
            sum += thread.kernelThread().userNanos();
        }
        lock.release();
        return sum;
    }

    /** What the process has used so far, with all its threads. */
    public Usage total() {
        return current(false).usage();
    }

    /** The same with what its children have used that were waited for: what wait4(2) tells of it. */
    Usage totalWithChildren() {
        return current(true).usage();
    }

    private Sum current(boolean withChildren) {
        Sum sum = new Sum();
        sum.noteResident(mostResident(process));
        lock.acquire();
        sum.add(ended);
        for (UserThread thread = process.oldestThread; thread != null; thread = thread.nextInProcess) {
            sum.add(thread);
        }
        if (withChildren) {
            sum.add(children);
        }
        lock.release();
        return sum;
    }

    /** What its children have used that were waited for. */
    public Usage children() {
        Sum sum = new Sum();
        lock.acquire();
        sum.add(children);
        lock.release();
        return sum.usage();
    }
}
