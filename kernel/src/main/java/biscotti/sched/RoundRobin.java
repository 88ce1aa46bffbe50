package biscotti.sched;

import java.util.concurrent.TimeUnit;

/** How long a SCHED_RR thread runs before the next of its priority (sched(7)): {@code /proc/sys/kernel/sched_rr_timeslice_ms}. */
public final class RoundRobin {
    private static final int USUAL_MILLISECONDS = 100;

    private static volatile long turnNanos = TimeUnit.MILLISECONDS.toNanos(USUAL_MILLISECONDS);

    private RoundRobin() {}

    /** The length of a turn in nanoseconds. */
    public static long turnNanos() {
        return turnNanos;
    }

    /** Sets the length of a turn; none, or less, means the usual one. */
    public static void setTurnMilliseconds(int milliseconds) {
        turnNanos = TimeUnit.MILLISECONDS.toNanos(milliseconds <= 0 ? USUAL_MILLISECONDS : milliseconds);
    }
}
