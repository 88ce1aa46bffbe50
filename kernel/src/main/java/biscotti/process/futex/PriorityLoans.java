package biscotti.process.futex;

import static biscotti.abi.Errno.EDEADLK;
import static biscotti.abi.Errno.ESRCH;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Who waits for whom to give the ownership of a futex up, and the priority that owners run at meanwhile: the highest real-time
 * priority of all who wait for them, directly or through others (futex(2), "Priority-inheritance futexes"; Sha, Rajkumar,
 * Lehoczky: "Priority inheritance protocols", 1990).
 *
 * <p>One lock guards all of it; only threads that wait, or let others wait, come here. It is taken behind the lock of a bucket.
 * A waiter that has an owner is in a bucket, and its owner changes under the lock of that bucket, too.
 */
final class PriorityLoans {
    /** How many threads may wait for each other in a row: Linux's {@code max_lock_depth}. */
    private static final int LONGEST_CHAIN = 1024;

    private final ReentrantLock lock = new ReentrantLock();

    /**
     * A thread begins to wait for the owner of a futex.
     *
     * @return 0; -EDEADLK if the owner waits for that thread, or the chain of those who wait is too long; -ESRCH if the owner has
     *     ended
     */
    int lend(FutexWaiter waiter, FutexWaiter owner) {
        lock.lock();
        try {
            if (owner.gone) {
                return -ESRCH;
            }
            int length = 0;
            for (FutexWaiter at = owner; at != null; at = at.owner) {
                length++;
                if (at == waiter || length > LONGEST_CHAIN) {
                    return -EDEADLK;
                }
            }
            link(waiter, owner);
            passOn(owner);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** It waits for an owner no longer, if it did. */
    void end(FutexWaiter waiter) {
        FutexWaiter owner = waiter.owner;
        if (owner == null) {
            return;
        }
        lock.lock();
        try {
            unlink(waiter);
            passOn(owner);
        } finally {
            lock.unlock();
        }
    }

    /** One of those who wait for a futex in a bucket becomes its owner: the others wait for it from now on. */
    void transfer(FutexBucket bucket, FutexWaiter next) {
        lock.lock();
        try {
            FutexWaiter before = next.owner;
            unlink(next);
            for (FutexWaiter each = bucket.first(); each != null; each = each.next) {
                if (each.owner == before && each.isFor(next.space, next.address)) {
                    unlink(each);
                    link(each, next);
                }
            }
            passOn(before);
            passOn(next);
        } finally {
            lock.unlock();
        }
    }

    /** A thread's own priority has changed: it may be worth more to those for whom it waits. */
    void changed(FutexWaiter thread) {
        lock.lock();
        try {
            if (thread.owner != null) {
                passOn(thread.owner);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A thread ends: nobody waits for it from now on who does not yet. */
    void refuse(FutexWaiter thread) {
        lock.lock();
        thread.gone = true;
        lock.unlock();
    }

    /** One of those who wait for a thread; null if none does. */
    FutexWaiter dependentOf(FutexWaiter thread) {
        lock.lock();
        try {
            return thread.firstDependent;
        } finally {
            lock.unlock();
        }
    }

    /** Has a thread, and those for whom it waits, run at the priority of those who wait for it. */
    private static void passOn(FutexWaiter from) {
        FutexWaiter at = from;
        while (at != null && at.kernelThread().lend(highestOf(at))) {
            at = at.owner;
        }
    }

    private static int highestOf(FutexWaiter owner) {
        int highest = 0;
        for (FutexWaiter each = owner.firstDependent; each != null; each = each.nextDependent) {
            highest = Math.max(highest, each.kernelThread().urgency());
        }
        return highest;
    }

    private static void link(FutexWaiter waiter, FutexWaiter owner) {
        waiter.owner = owner;
        waiter.previousDependent = null;
        waiter.nextDependent = owner.firstDependent;
        if (owner.firstDependent != null) {
            owner.firstDependent.previousDependent = waiter;
        }
        owner.firstDependent = waiter;
    }

    private static void unlink(FutexWaiter waiter) {
        if (waiter.previousDependent == null) {
            waiter.owner.firstDependent = waiter.nextDependent;
        } else {
            waiter.previousDependent.nextDependent = waiter.nextDependent;
        }
        if (waiter.nextDependent != null) {
            waiter.nextDependent.previousDependent = waiter.previousDependent;
        }
        waiter.owner = null;
        waiter.nextDependent = null;
        waiter.previousDependent = null;
    }
}
