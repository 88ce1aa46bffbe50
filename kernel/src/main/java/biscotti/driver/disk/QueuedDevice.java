package biscotti.driver.disk;

import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;

/** A disk with a number of slots for requests: those that find none free wait in a queue, in the order in which they came. */
public abstract class QueuedDevice extends BlockDevice {
    private final RankedLock lock = new RankedLock(LockRank.DEVICE);
    private BlockRequest first;
    private BlockRequest last;

    /** A disk; see {@link BlockDevice}. */
    protected QueuedDevice(String name, int number, long sectors, int blockSize, boolean readOnly) {
        super(name, number, sectors, blockSize, readOnly);
    }

    /**
     * Gives a request to the device, one at a time. It does not end before this returns.
     *
     * @return false if no slot is free; {@link #slotFreed} then says when one is
     */
    protected abstract boolean start(BlockRequest request);

    @Override
    protected final void accept(BlockRequest request) {
        lock.lock();
        try {
            if (first != null) {
                last.next = request;
                last = request;
            } else if (!start(request)) {
                first = request;
                last = request;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Slots have become free: gives the device what waits for them. Called by the driver, with no lock of its own held. */
    protected final void slotFreed() {
        lock.lock();
        try {
            boolean free = true;
            while (free && first != null) {
                BlockRequest request = first;
                first = request.next;
                request.next = null; // it may end, and be used again, as soon as it is started
                free = start(request);
                if (!free) {
                    request.next = first;
                    first = request;
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
