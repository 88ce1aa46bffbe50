package biscotti.process;

import biscotti.machine.Clock;

/** The time of day: nanoseconds since 1970 UTC (clock_gettime(2), CLOCK_REALTIME). It can be set. */
public final class WallClock {
    private final Clock clock;
    private volatile long base;

    public WallClock(Clock clock) {
        this.clock = clock;
        this.base = clock.wallBaseNanos();
    }

    /** What time it is. */
    public long nanos() {
        return base + clock.monotonicNanos();
    }

    /** When the monotonic clock was at 0. */
    public long baseNanos() {
        return base;
    }

    /** Sets the time. */
    public void set(long nanos) {
        base = nanos - clock.monotonicNanos();
    }

    /** The time of the monotonic clock at a time of day, as far as it is known now. */
    public long toMonotonic(long nanos) {
        return nanos - base;
    }
}
