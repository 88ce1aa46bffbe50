package biscotti.driver.disk;

import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.WaitQueue;
import biscotti.sched.Waiter;

/**
 * The requests of a device: a fixed number, made once. Who has one that is not handed over yet must not wait for another, so that
 * all that are taken end.
 */
public final class RequestPool {
    private final RankedLock lock = new RankedLock(LockRank.DEVICE);
    private final WaitQueue waiters = new WaitQueue();
    private BlockRequest free;

    RequestPool(int count) {
        for (int i = 0; i < count; i++) {
            BlockRequest request = new BlockRequest(this);
            request.next = free;
            free = request;
        }
    }

    /** Takes a request; waits while there is none, and no signal ends that wait. */
    public BlockRequest take() {
        lock.lock();
        try {
            while (free == null) {
                waiters.awaitUninterrupted(lock, Waiter.FOREVER);
            }
            BlockRequest request = free;
            free = request.next;
            request.next = null;
            return request;
        } finally {
            lock.unlock();
        }
    }

    void giveBack(BlockRequest request) {
        lock.lock();
        request.next = free;
        free = request;
        lock.unlock();
        waiters.wakeOne();
    }
}
