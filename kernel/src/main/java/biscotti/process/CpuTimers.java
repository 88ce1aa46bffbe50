package biscotti.process;

import static biscotti.abi.SignalNumber.SIGKILL;
import static biscotti.abi.SignalNumber.SIGXCPU;

import biscotti.abi.Resource;
import biscotti.process.signal.SignalInfo;
import biscotti.sched.SpinLock;
import java.util.concurrent.TimeUnit;

/**
 * What waits for CPU time of one process or of its threads: timers, and the limit RLIMIT_CPU. Its threads look on each of their
 * ticks in ring 3; a process without any of it pays a look at two fields.
 */
final class CpuTimers {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Process process;
    /** Guards the list; while it is held, clocks are read, which take the lock of a process's times. */
    private final SpinLock lock = new SpinLock();

    private volatile CpuTimer first;

    CpuTimers(Process process) {
        this.process = process;
    }

    void arm(CpuTimer timer, long deadline) {
        lock.acquire();
        timer.deadline = deadline;
        if (!timer.armed) {
            timer.armed = true;
            timer.next = first;
            if (first != null) {
                first.previous = timer;
            }
            first = timer;
        }
        lock.release();
    }

    void cancel(CpuTimer timer) {
        lock.acquire();
        unlink(timer);
        lock.release();
    }

    private void unlink(CpuTimer timer) {
        if (!timer.armed) {
            return;
        }
        if (timer.next != null) {
            timer.next.previous = timer.previous;
        }
        if (timer.previous == null) {
            first = timer.next;
        } else {
            timer.previous.next = timer.next;
        }
        timer.armed = false;
        timer.next = null;
        timer.previous = null;
    }

    /** Whether ticks have to be looked at. */
    boolean countTicks() {
        return first != null || process.limits().limitsCpu();
    }

    /** A tick of one of the process's threads in ring 3. */
    void tick() {
        for (CpuTimer due = takeDue(); due != null; due = takeDue()) {
            due.expire();
        }
        if (process.limits().limitsCpu()) {
            enforceLimit(process.times().cpuNanos() / NANOS_PER_SECOND);
        }
    }

    private CpuTimer takeDue() {
        lock.acquire();
        CpuTimer timer = first;
        while (timer != null && timer.now() < timer.deadline) {
            timer = timer.next;
        }
        if (timer != null) {
            unlink(timer);
        }
        lock.release();
        return timer;
    }

    /** Beyond the soft limit a process hears SIGXCPU each second; at the hard one it is killed (getrlimit(2), RLIMIT_CPU). */
    private void enforceLimit(long seconds) {
        ResourceLimits limits = process.limits();
        if (Long.compareUnsigned(seconds, limits.hard(Resource.CPU)) >= 0) {
            Signals.send(process, SignalInfo.fromKernel(SIGKILL));
        } else if (limits.raiseCpu(seconds)) {
            Signals.send(process, SignalInfo.fromKernel(SIGXCPU));
        }
    }
}
