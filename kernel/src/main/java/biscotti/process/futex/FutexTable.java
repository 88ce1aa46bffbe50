package biscotti.process.futex;

import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.EINVAL;

import biscotti.memory.UserWords;

/**
 * All who wait for futexes, in a fixed number of buckets that a hash of the futex's name finds.
 *
 * <p>The name is an address space and an address; for shared memory a mark and the physical address.
 */
final class FutexTable {
    private static final int BUCKETS = 256;

    /** Names the space of physical addresses. */
    private static final Object PHYSICAL = new Object();

    private final FutexBucket[] buckets = new FutexBucket[BUCKETS];
    private final PriorityLoans loans = new PriorityLoans();

    FutexTable() {
        for (int i = 0; i < BUCKETS; i++) {
            buckets[i] = new FutexBucket(i);
        }
    }

    /** Who waits for whom to give ownership up. */
    PriorityLoans loans() {
        return loans;
    }

    FutexBucket bucketOf(Object space, long address) {
        long hash = (address >>> 2) * 0x9e3779b97f4a7c15L ^ System.identityHashCode(space);
        return buckets[(int) (hash >>> 32) & BUCKETS - 1];
    }

    /**
     * The address that names a futex: physical if its memory is shared, else the one given; or -EFAULT, -EINVAL, -ENOMEM.
     * {@link #spaceOf} has the rest of the name.
     */
    static long nameOf(FutexWaiter thread, long address, boolean shared) {
        if ((address & 3) != 0) {
            return -EINVAL;
        }
        if (!shared) {
            return address < 0 ? -EFAULT : address;
        }
        long physical = UserWords.sharedAddress(thread.memory().space(), address);
        return physical == 0 ? address : physical;
    }

    static Object spaceOf(FutexWaiter thread, long address, long name) {
        return name == address ? thread.memory().space() : PHYSICAL;
    }

    static void lockBoth(FutexBucket one, FutexBucket other) {
        boolean inOrder = one.index() <= other.index();
        (inOrder ? one : other).lock.lock();
        (inOrder ? other : one).lock.lock();
    }

    static void unlockBoth(FutexBucket one, FutexBucket other) {
        one.lock.unlock();
        other.lock.unlock();
    }

    /** Leaves the queue; false if somebody has taken the waiter off already: it has what it waited for. */
    boolean withdraw(FutexWaiter waiter) {
        while (true) {
            FutexBucket bucket = waiter.bucket;
            if (bucket == null) {
                return false;
            }
            bucket.lock.lock();
            try {
                if (waiter.bucket == bucket) {
                    loans.end(waiter);
                    bucket.remove(waiter);
                    return true;
                }
            } finally {
                bucket.lock.unlock();
            }
        }
    }
}
