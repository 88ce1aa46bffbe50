package biscotti.machine;

/** The clocks of the machine, in nanoseconds. */
public abstract class Clock {
    /** For subclasses. */
    protected Clock() {}

    /** Nanoseconds since the machine started; never goes back, the same on all CPUs. */
    public abstract long monotonicNanos();

    /** Value of the time stamp counter when the monotonic clock was at 0. */
    public abstract long tscBase();

    /** Nanoseconds of one time stamp counter cycle, as a 32.32 fixed point number: ns = (tsc - base) * this >> 32. */
    public abstract long tscMultiplier();
}
