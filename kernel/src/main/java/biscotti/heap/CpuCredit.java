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

    /** Keeps the credits of two CPUs out of one cache line. */
    @SuppressWarnings("UnusedVariable")
    private long p0, p1, p2, p3, p4, p5;
}
