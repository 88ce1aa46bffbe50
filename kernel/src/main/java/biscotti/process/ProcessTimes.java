package biscotti.process;

import biscotti.sched.KernelThread;
import biscotti.sched.SpinLock;

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

        /** This and another together. */
        Usage plus(Usage other) {
            return new Usage(
                    userNanos + other.userNanos,
                    systemNanos + other.systemNanos,
                    faults + other.faults,
                    voluntarySwitches + other.voluntarySwitches,
                    involuntarySwitches + other.involuntarySwitches,
                    Math.max(peakResidentBytes, other.peakResidentBytes));
        }
    }

    private final Process process;
    private final long startNanos;
    /** Guards {@link #ended} and, beside the process's lock, its list of threads: clocks are read without that lock. */
    final SpinLock lock = new SpinLock();

    private volatile Usage ended = Usage.NONE;
    private volatile Usage children = Usage.NONE;

    ProcessTimes(Process process) {
        this.process = process;
        this.startNanos = process.system().now();
    }

    /** When it started, in nanoseconds of the monotonic clock. */
    public long startNanos() {
        return startNanos;
    }

    /** What one thread has used. */
    public static Usage of(UserThread thread) {
        KernelThread kernel = thread.kernelThread();
        return new Usage(
                kernel.userNanos(),
                kernel.systemNanos(),
                thread.faults(),
                kernel.voluntarySwitches(),
                kernel.involuntarySwitches(),
                0);
    }

    /** Adds what a thread used that is ending; the process's lock and this one are held. */
    void addEnded(UserThread thread) {
        ended = ended.plus(of(thread));
    }

    /** Notes how much memory the process has, shortly before it gives it back. */
    void noteResident(long bytes) {
        Usage peak = new Usage(0, 0, 0, 0, 0, bytes);
        lock.acquire();
        ended = ended.plus(peak);
        lock.release();
    }

    /** Adds what a child and its children used that was waited for; relations are locked. */
    void addChild(Process child) {
        children = children.plus(child.times.ended).plus(child.times.children);
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
        long peakResident = process.isZombie() ? 0 : process.space().residentBytes();
        lock.acquire();
        long user = ended.userNanos;
        long system = ended.systemNanos;
        long faults = ended.faults;
        long voluntary = ended.voluntarySwitches;
        long involuntary = ended.involuntarySwitches;
        for (UserThread thread = process.oldestThread; thread != null; thread = thread.nextInProcess) {
            KernelThread kernel = thread.kernelThread();
            user += kernel.userNanos();
            system += kernel.systemNanos();
            faults += thread.faults();
            voluntary += kernel.voluntarySwitches();
            involuntary += kernel.involuntarySwitches();
        }
        peakResident = Math.max(peakResident, ended.peakResidentBytes);
        lock.release();
        return new Usage(user, system, faults, voluntary, involuntary, peakResident);
    }

    /** What its children have used that were waited for. */
    public Usage children() {
        return children;
    }
}
