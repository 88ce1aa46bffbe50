package biscotti.file.lock;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Restart.ERESTARTSYS;

import biscotti.sched.KernelThread;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.WaitQueue;
import biscotti.sched.Waiter;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * The leases on one file (fcntl(2), "Leases"): who has one hears of it when another wants to open or cut the file, and that one waits
 * until the lease is given up or made weaker, or until a time has passed.
 */
public final class Leases {
    /** The sysctl fs.lease-break-time: how many seconds a holder has; 0 for as many as he likes. */
    public static final AtomicInteger BREAK_SECONDS = new AtomicInteger(45);

    private final RankedLock lock = new RankedLock(LockRank.FILE_LOCKS);
    private final WaitQueue waiters = new WaitQueue();
    private volatile Lease first;

    /** No lease yet. */
    public Leases() {}

    /**
     * Takes a lease, or changes the one that the holder has.
     *
     * @param isOpenOtherwise whether the file is open in a way that such a lease forbids
     * @return 0 or -EAGAIN
     */
    public int set(LeaseHolder holder, LockType type, BooleanSupplier isOpenOtherwise) {
        lock.lock();
        try {
            expire();
            Lease own = null;
            for (Lease each = first; each != null; each = each.next) {
                if (each.holder == holder) {
                    own = each;
                } else if (type == LockType.EXCLUSIVE || each.ends) {
                    return -EAGAIN;
                }
            }
            if (isOpenOtherwise.getAsBoolean()) {
                return -EAGAIN;
            }
            if (own != null) {
                own.change(type);
                waiters.wakeAll();
                return 0;
            }
            Lease made = new Lease(holder, type);
            made.next = first;
            first = made;
            // Who opens the file counts itself first and looks for leases then.
            if (isOpenOtherwise.getAsBoolean()) {
                remove(made);
                return -EAGAIN;
            }
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a lease up: 0, or -EAGAIN if the holder has none. */
    public int release(LeaseHolder holder) {
        if (first == null) {
            return -EAGAIN;
        }
        lock.lock();
        try {
            Lease found = find(holder);
            if (found == null) {
                return -EAGAIN;
            }
            remove(found);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** The type of the holder's lease, as it will be if it is breaking; nothing if there is none. */
    public Optional<LockType> typeOf(LeaseHolder holder) {
        lock.lock();
        try {
            expire();
            Lease found = find(holder);
            return found == null || found.ends
                    ? Optional.empty()
                    : Optional.of(found.weakens ? LockType.SHARED : found.type);
        } finally {
            lock.unlock();
        }
    }

    /** The type of the holder's lease as it is now; nothing if there is none. */
    public Optional<LockType> presentTypeOf(LeaseHolder holder) {
        lock.lock();
        try {
            Lease found = find(holder);
            return found == null ? Optional.empty() : Optional.of(found.type);
        } finally {
            lock.unlock();
        }
    }

    /** Whether somebody waits for the holder's lease. */
    public boolean isBreaking(LeaseHolder holder) {
        lock.lock();
        try {
            Lease found = find(holder);
            return found != null && (found.ends || found.weakens);
        } finally {
            lock.unlock();
        }
    }

    private Lease find(LeaseHolder holder) {
        Lease each = first;
        while (each != null && each.holder != holder) {
            each = each.next;
        }
        return each;
    }

    /**
     * Somebody opens or cuts the file: tells the holders of leases that are in the way.
     *
     * @param writes whether he changes it
     * @param waits whether he waits until none is
     * @return 0; -EAGAIN if he would have to wait; -ERESTARTSYS
     */
    public int breakFor(boolean writes, boolean waits) {
        if (first == null) {
            return 0;
        }
        lock.lock();
        try {
            long next = demand(writes);
            while (next != 0) {
                if (!waits) {
                    return -EAGAIN;
                }
                if (waiters.await(KernelThread.current(), lock, next) == Waiter.INTERRUPTED) {
                    return -ERESTARTSYS;
                }
                next = demand(writes);
            }
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** Tells holders that have not been told yet; the first time at which something changes by itself, 0 if no lease is in the way. */
    private long demand(boolean writes) {
        expire();
        long next = 0;
        for (Lease each = first; each != null; each = each.next) {
            if (each.conflicts(writes)) {
                if (!each.ends && (writes || !each.weakens)) {
                    each.ends |= writes;
                    each.weakens |= !writes;
                    each.deadline = deadline();
                    each.holder.leaseBreaks();
                }
                next = next == 0 ? each.deadline : Math.min(next, each.deadline);
            }
        }
        return next;
    }

    private static long deadline() {
        int seconds = BREAK_SECONDS.get();
        return seconds <= 0 ? Waiter.FOREVER : now() + TimeUnit.SECONDS.toNanos(seconds);
    }

    private static long now() {
        return KernelThread.current().scheduler().now();
    }

    /** Does what holders should have done by now. */
    private void expire() {
        for (Lease each = first; each != null; each = each.next) {
            if (each.deadline != Waiter.FOREVER && each.deadline <= now()) {
                if (each.ends) {
                    remove(each);
                } else {
                    each.change(LockType.SHARED);
                    waiters.wakeAll();
                }
            }
        }
    }

    private void remove(Lease lease) {
        Lease previous = null;
        for (Lease each = first; each != lease; each = each.next) {
            previous = each;
        }
        if (previous == null) {
            first = lease.next;
        } else {
            previous.next = lease.next;
        }
        lease.holder.leaseEnds();
        waiters.wakeAll();
    }
}
