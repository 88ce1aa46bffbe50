package biscotti.file.lock;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EDEADLK;
import static biscotti.abi.Restart.ERESTARTSYS;

import biscotti.sched.KernelThread;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.WaitQueue;
import biscotti.sched.Waiter;
import java.util.Optional;

/**
 * The locks on ranges of one file. An owner's locks never overlap each other: a new one takes the place of what it covers, and
 * joins those of its type that it touches (fcntl(2), "Advisory record locking").
 */
public final class RangeLocks {
    private final RankedLock lock = new RankedLock(LockRank.FILE_LOCKS);
    private final WaitQueue waiters = new WaitQueue();
    /** In the order of their first bytes, as far as cutting has left it. */
    private RangeLock head;

    /** No lock yet. */
    public RangeLocks() {}

    /** A lock that keeps a wanted one from being had: F_GETLK. */
    public Optional<RangeLock> conflict(RangeLock wanted) {
        lock.lock();
        try {
            RangeLock found = firstConflict(wanted);
            return found == null
                    ? Optional.empty()
                    : Optional.of(new RangeLock(found.owner, found.processId, found.type, found.first, found.last));
        } finally {
            lock.unlock();
        }
    }

    /** How many locks an owner has. */
    public int count(LockOwner owner) {
        lock.lock();
        try {
            int count = 0;
            for (RangeLock at = head; at != null; at = at.next) {
                count += at.owner == owner ? 1 : 0;
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** One of the locks of an owner, counted from 0, as it is now. */
    public Optional<RangeLock> of(LockOwner owner, int index) {
        lock.lock();
        try {
            int left = index;
            for (RangeLock at = head; at != null; at = at.next) {
                if (at.owner == owner && left-- == 0) {
                    return Optional.of(new RangeLock(owner, at.processId, at.type, at.first, at.last));
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private RangeLock firstConflict(RangeLock wanted) {
        RangeLock at = head;
        while (at != null && !at.conflictsWith(wanted)) {
            at = at.next;
        }
        return at;
    }

    /** Sets a lock at once: 0, or -EAGAIN if another owner's is in the way. */
    public int tryLock(RangeLock wanted) {
        lock.lock();
        try {
            if (firstConflict(wanted) != null) {
                return -EAGAIN;
            }
            replace(wanted);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sets a lock, waiting for others to let go.
     *
     * @param careful whether to look for circles of owners that wait for each other
     * @return 0; -EDEADLK, -ERESTARTSYS
     */
    public int lock(RangeLock wanted, boolean careful) {
        LockWait wait = new LockWait(wanted.owner);
        lock.lock();
        try {
            RangeLock conflict = firstConflict(wanted);
            while (conflict != null) {
                if (careful && !wait.begin(conflict.owner)) {
                    return -EDEADLK;
                }
                int result = waiters.await(KernelThread.current(), lock, Waiter.FOREVER);
                if (careful) {
                    wait.end();
                }
                if (result < 0) {
                    return -ERESTARTSYS;
                }
                conflict = firstConflict(wanted);
            }
            replace(wanted);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    private void replace(RangeLock wanted) {
        cut(wanted.owner, wanted, wanted.type);
        RangeLock previous = null;
        RangeLock at = head;
        while (at != null && at.first <= wanted.first) {
            previous = at;
            at = at.next;
        }
        wanted.next = at;
        if (previous == null) {
            head = wanted;
        } else {
            previous.next = wanted;
        }
    }

    /** Whether an owner has a lock of a type. */
    public boolean holds(LockOwner owner, LockType type) {
        lock.lock();
        try {
            RangeLock at = head;
            while (at != null && (at.owner != owner || at.type != type)) {
                at = at.next;
            }
            return at != null;
        } finally {
            lock.unlock();
        }
    }

    /** Takes an owner's locks off a range: F_UNLCK. */
    public void unlock(LockOwner owner, long first, long last) {
        lock.lock();
        try {
            cut(owner, new RangeLock(owner, 0, LockType.SHARED, first, last), null);
        } finally {
            lock.unlock();
        }
    }

    /** Takes all locks of an owner. */
    public void unlock(LockOwner owner) {
        lock.lock();
        try {
            RangeLock previous = null;
            for (RangeLock at = head; at != null; at = at.next) {
                if (at.owner != owner) {
                    previous = at;
                } else {
                    unlink(previous, at);
                }
            }
            waiters.wakeAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes a lock out of the list; {@code previous} is before it, or null if it is the first. */
    private void unlink(RangeLock previous, RangeLock lock) {
        if (previous == null) {
            head = lock.next;
        } else {
            previous.next = lock.next;
        }
    }

    /**
     * Cuts a range out of an owner's locks; those of a type that touch it make it longer instead. Somebody may have waited
     * for what is free now.
     */
    private void cut(LockOwner owner, RangeLock range, LockType joined) {
        RangeLock around = lockAround(range, owner);
        if (around != null && around.type != joined) {
            split(around, range);
        } else {
            cutEnds(owner, range, joined);
        }
        waiters.wakeAll();
    }

    /** An owner's lock that reaches beyond both ends of a range: it is the only one there then. */
    private RangeLock lockAround(RangeLock range, LockOwner owner) {
        RangeLock at = head;
        while (at != null && !(at.owner == owner && at.first < range.first && at.last > range.last)) {
            at = at.next;
        }
        return at;
    }

    private static void split(RangeLock lock, RangeLock range) {
        RangeLock rest = new RangeLock(lock.owner, lock.processId, lock.type, range.last + 1, lock.last);
        rest.next = lock.next;
        lock.next = rest;
        lock.last = range.first - 1;
    }

    private void cutEnds(LockOwner owner, RangeLock range, LockType joined) {
        long first = range.first;
        long last = range.last;
        RangeLock previous = null;
        for (RangeLock at = head; at != null; at = at.next) {
            boolean gone = false;
            if (at.owner == owner && at.type == joined && at.touches(range)) {
                first = Math.min(first, at.first);
                last = Math.max(last, at.last);
                gone = true;
            } else if (at.owner == owner && at.overlaps(range)) {
                gone = at.first >= range.first && at.last <= range.last;
                trim(at, range);
            }
            if (!gone) {
                previous = at;
            } else {
                unlink(previous, at);
            }
        }
        range.first = first;
        range.last = last;
    }

    /** Leaves of a lock what is outside a range, which covers at least one end of it. */
    private static void trim(RangeLock lock, RangeLock range) {
        if (lock.first < range.first) {
            lock.last = range.first - 1;
        } else if (lock.last > range.last) {
            lock.first = range.last + 1;
        }
    }
}
