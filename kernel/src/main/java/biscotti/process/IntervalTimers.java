package biscotti.process;

import static biscotti.abi.SignalNumber.SIGALRM;
import static biscotti.abi.SignalNumber.SIGPROF;
import static biscotti.abi.SignalNumber.SIGVTALRM;

import biscotti.abi.Clocks;
import biscotti.sched.Timer;

/**
 * The three interval timers of a process (getitimer(2)). The one of real time is a timer of the scheduler; those of CPU time
 * are looked at on each tick of the process in ring 3, so they are as fine as ticks.
 */
public final class IntervalTimers {
    /**
     * A timer's setting, in nanoseconds.
     *
     * @param remaining until it expires; 0 if it does not
     * @param interval from then on again and again; 0 for once
     */
    public record Setting(long remaining, long interval) {}

    private final Process process;
    private final Timer real;
    private final Alarm alarm;

    // Guarded by this.
    private long realDeadline;
    private long realInterval;
    private final long[] cpuDeadline = new long[3];
    private final long[] cpuInterval = new long[3];
    private volatile boolean counting;

    IntervalTimers(Process process) {
        this.process = process;
        this.alarm = new Alarm(this::realExpired);
        this.real = new Timer(
                process.system().scheduler(), () -> process.system().alarms().ring(alarm));
    }

    /** What a timer is set to now. */
    public synchronized Setting get(int which) {
        if (which == Clocks.ITIMER_REAL) {
            long left = realDeadline == 0
                    ? 0
                    : Math.max(1, realDeadline - process.system().now());
            return new Setting(left, realInterval);
        }
        long left = cpuDeadline[which] == 0 ? 0 : Math.max(1, cpuDeadline[which] - cpuTime(which));
        return new Setting(left, cpuInterval[which]);
    }

    /** Sets a timer and returns what it was set to. */
    public synchronized Setting set(int which, Setting setting) {
        Setting before = get(which);
        if (which == Clocks.ITIMER_REAL) {
            real.cancel();
            realInterval = setting.remaining() == 0 ? 0 : setting.interval();
            realDeadline = setting.remaining() == 0 ? 0 : later(process.system().now(), setting.remaining());
            if (realDeadline != 0) {
                real.arm(realDeadline);
            }
        } else {
            cpuInterval[which] = setting.interval();
            cpuDeadline[which] = setting.remaining() == 0 ? 0 : later(cpuTime(which), setting.remaining());
            counting = cpuDeadline[Clocks.ITIMER_VIRTUAL] != 0 || cpuDeadline[Clocks.ITIMER_PROF] != 0;
        }
        return before;
    }

    private static long later(long time, long nanos) {
        long sum = time + nanos;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    private long cpuTime(int which) {
        ProcessTimes times = process.times();
        return which == Clocks.ITIMER_VIRTUAL ? times.userNanos() : times.cpuNanos();
    }

    /** Stops all, when the process has ended. */
    synchronized void stop() {
        real.cancel();
        realDeadline = 0;
        realInterval = 0;
        counting = false;
    }

    private void realExpired() {
        synchronized (this) {
            if (realDeadline == 0 || process.system().now() < realDeadline) {
                return;
            }
            if (realInterval != 0) {
                realDeadline = later(Math.max(realDeadline, process.system().now() - realInterval), realInterval);
                real.arm(realDeadline);
            } else {
                realDeadline = 0;
            }
        }
        Signals.sendFromKernel(process, SIGALRM);
    }

    /** Whether a timer of CPU time is set. */
    boolean countTicks() {
        return counting;
    }

    /** A tick of the process in ring 3. */
    void tick() {
        expire(Clocks.ITIMER_VIRTUAL, SIGVTALRM);
        expire(Clocks.ITIMER_PROF, SIGPROF);
    }

    private void expire(int which, int signal) {
        synchronized (this) {
            long now = cpuTime(which);
            if (cpuDeadline[which] == 0 || now < cpuDeadline[which]) {
                return;
            }
            cpuDeadline[which] = cpuInterval[which] == 0 ? 0 : later(now, cpuInterval[which]);
            counting = cpuDeadline[Clocks.ITIMER_VIRTUAL] != 0 || cpuDeadline[Clocks.ITIMER_PROF] != 0;
        }
        Signals.sendFromKernel(process, signal);
    }
}
