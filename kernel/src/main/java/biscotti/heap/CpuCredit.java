package biscotti.heap;

/**
 * What one CPU has taken from the budget ahead of need, so that most reservations touch no memory that CPUs share.
 *
 * <p>Only what runs on the CPU changes it. As kernel threads are not preempted in ring 0, plain fields do. Other CPUs read
 * {@link #settled}, and may see an older value.
 */
final class CpuCredit {
    /**
     * Up to where the carrier's count of allocated bytes may go before more must be taken from the budget. So what is left is
     * the difference to that count, and allocation needs no bookkeeping. Behind it if more was allocated than had been
     * reserved.
     */
    long limit;

    /** The carrier's count, up to which the bytes are accounted for as completed. */
    long settled;

    /** The part of what is left that is reserved by the thread that runs here, or ran here last. */
    long held;

    /**
     * How much can be reserved before the carrier's count has to be looked at again. A work's reservation is gone from it for
     * good: what of that is not used comes back with the next look.
     */
    long spare;

    /** Keeps the credits of two CPUs out of one cache line. */
    @SuppressWarnings("UnusedVariable")
    private long p0, p1, p2, p3;

    /** Another thread runs here from now on: it brings what it has reserved, as the one before took along what it had. */
    void arrive(long reserved) {
        limit += reserved - held;
        held = reserved;
    }

    /** What is neither allocated nor reserved, by the count that was settled last; negative if too much was allocated. */
    long free() {
        return limit - settled - held;
    }

    /** What is reserved from now on, and what is left after; the count has been settled. */
    void reserve(long bytes) {
        held = bytes;
        spare = free();
    }
}
