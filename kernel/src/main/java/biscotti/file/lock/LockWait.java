package biscotti.file.lock;

import biscotti.sched.SpinLock;

/**
 * A thread's wait for another owner's lock. The waits of all owners are the edges of a graph; a lock that would close a circle
 * is refused (fcntl(2), EDEADLK).
 */
final class LockWait {
    /** How far a circle is followed: as far as Linux does. Longer ones are not found. */
    private static final int LONGEST = 10;

    /** Guards the waits of all owners. */
    private static final SpinLock LOCK = new SpinLock();

    private final LockOwner waiter;
    private LockOwner holder;
    private LockWait next;

    LockWait(LockOwner waiter) {
        this.waiter = waiter;
        this.holder = waiter;
    }

    /** Notes whom the owner waits for from now on; false, and nothing is noted, if that would be for ever. */
    boolean begin(LockOwner newHolder) {
        LOCK.acquire();
        boolean circle = leadsToWaiter(newHolder);
        if (!circle) {
            holder = newHolder;
            next = waiter.firstWait;
            waiter.firstWait = this;
        }
        LOCK.release();
        return !circle;
    }

    private boolean leadsToWaiter(LockOwner from) {
        LockOwner at = from;
        for (int i = 0; i < LONGEST && at.firstWait != null; i++) {
            at = at.firstWait.holder;
            if (at == waiter) {
                return true;
            }
        }
        return false;
    }

    /** The wait that {@link #begin} noted is over. */
    void end() {
        LOCK.acquire();
        if (waiter.firstWait == this) {
            waiter.firstWait = next;
        } else {
            LockWait at = waiter.firstWait;
            while (at.next != this) {
                at = at.next;
            }
            at.next = next;
        }
        LOCK.release();
    }
}
