package biscotti.machine;

/**
 * The CPUs, numbered from 0, and the carriers that run kernel threads on them.
 *
 * <p>Each CPU has 64 <i>pending</i> bits. An interrupt sets one and wakes the CPU's carrier; nothing else happens at
 * interrupt level. The carrier takes the bits and makes the threads that wait for them runnable.
 */
public abstract class Processors {
    /** For subclasses. */
    protected Processors() {}

    /** How many CPUs run. */
    public abstract int count();

    /** The CPU that runs the caller: stable in a carrier and in what it carries, between two parks. */
    public abstract int current();

    /** Makes the calling platform thread the carrier of {@code cpu}: it runs only there from now on. */
    public abstract void pin(int cpu);

    /**
     * Called by a carrier with nothing to run: returns when a pending bit of its CPU is set, when it is woken, or when the
     * monotonic clock reaches the deadline. It may also return for no reason. A wake that came since the last return is
     * not lost: the call then returns at once.
     *
     * @param deadline nanoseconds of {@link Clock#monotonicNanos}; 0 for none
     */
    public abstract void idle(long deadline);

    /** Wakes the carrier of {@code cpu}: ends its {@link #idle}, or its stay in ring 3 with {@link Trap#RESCHEDULE}. */
    public abstract void wake(int cpu);

    /** Takes the pending bits of {@code cpu}: returns them and clears them. */
    public abstract long takePending(int cpu);
}
