package biscotti.sched;

/**
 * What real-time threads have had of a CPU lately, so that one in an endless loop does not take the machine: while others wait
 * they get at most 95 % of each second, which are Linux's defaults of sched_rt_runtime_us and sched_rt_period_us (sched(7),
 * "Limiting the CPU usage of real-time and deadline processes"). Nobody waiting, they may have all.
 *
 * <p>Used by the CPU's own carrier only.
 */
public final class RealTimeShare {
    /** The time that the share is of. */
    public static final long PERIOD_NANOS = 1_000_000_000;

    /** How much of it real-time threads may have. */
    public static final long RUNTIME_NANOS = 950_000_000;

    private long periodEnd;
    private long used;

    /** Notes that a real-time thread has run for some time up to now. */
    void charge(long now, long nanos) {
        if (now >= periodEnd) {
            periodEnd = now - nanos + PERIOD_NANOS;
            used = 0;
        }
        used += nanos;
    }

    /** Whether the others come first until the period ends. */
    boolean isUsedUp(long now) {
        return used >= RUNTIME_NANOS && now < periodEnd;
    }
}
