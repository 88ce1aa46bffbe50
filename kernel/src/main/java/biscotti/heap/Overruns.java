package biscotti.heap;

import biscotti.sched.KernelLog;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Compares what system calls allocate with their bounds: an overrun is a mistake of the analyser, or of what it was told. */
public final class Overruns {
    /** After so many lines about one system call, only those are logged that go further than all before. */
    private static final int LINES = 3;

    private final KernelLog log;
    private final AtomicLong checked = new AtomicLong();
    private final AtomicLong count = new AtomicLong();
    private final AtomicLongArray lines = new AtomicLongArray(Bounds.CALLS);
    private final AtomicLongArray worst = new AtomicLongArray(Bounds.CALLS);

    Overruns(KernelLog log) {
        this.log = log;
    }

    /**
     * Compares.
     *
     * @param number of a system call
     * @param bound its bounds
     * @param allocated what one call of it has allocated, in bytes
     */
    public void check(int number, Bounds.Bound bound, long allocated) {
        checked.incrementAndGet();
        if (allocated <= bound.allocated()) {
            return;
        }
        count.incrementAndGet();
        int index = Bounds.isListed(number) ? number : Bounds.CALLS - 1;
        long before = worst.getAndAccumulate(index, allocated, Math::max);
        if (lines.incrementAndGet(index) <= LINES || allocated > before) {
            log.warning("heap: system call " + number + " (" + bound.name() + ") allocated " + allocated
                    + " bytes, its bound is " + bound.allocated());
        }
    }

    /** How many calls were compared. */
    public long checked() {
        return checked.get();
    }

    /** How many of them went beyond their bound. */
    public long count() {
        return count.get();
    }
}
