package biscotti.process.futex;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EDEADLK;
import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;

import biscotti.abi.Futex;
import biscotti.memory.AddressSpace;
import biscotti.memory.UserWords;
import biscotti.sched.Deadline;
import biscotti.sched.Waiter;

/**
 * Futexes that have owners (futex(2), "Priority-inheritance futexes"): the word is 0, or the number of the thread that owns it, with
 * a bit that says that others wait. Who has to wait lends the owner its priority ({@link PriorityLoans}).
 *
 * <p>All who wait for one futex wait for the same owner. The word and the owner change together under the lock of the bucket,
 * so the word of a futex for which somebody waits is only wrong if the program writes it.
 */
public final class PriorityFutexes {
    /** Of {@link #attempt}: the thread is in the queue now. Else 0 or a negative errno. */
    static final int QUEUED = 1;

    /** Of {@link #attempt}: the word has just changed. */
    static final int CHANGED = 2;

    private final FutexTable table;
    private final PriorityLoans loans;
    private final Owners owners;

    PriorityFutexes(FutexTable table, Owners owners) {
        this.table = table;
        this.loans = table.loans();
        this.owners = owners;
    }

    /**
     * Takes ownership (FUTEX_LOCK_PI, FUTEX_TRYLOCK_PI).
     *
     * @param waits whether to wait for it, else -EAGAIN if another thread owns it
     * @param deadline when the wait ends
     * @return 0; -EDEADLK if it is the caller's, or its owner waits for the caller; -ESRCH if its owner does not exist; -EINVAL if
     *     threads wait there for something else; -ETIMEDOUT, -EINTR, -EFAULT, -ENOMEM
     */
    public long lock(FutexWaiter thread, long address, boolean shared, boolean waits, Deadline deadline) {
        long name = FutexTable.nameOf(thread, address, shared);
        if (name < 0) {
            return name;
        }
        Object space = FutexTable.spaceOf(thread, address, name);
        FutexBucket bucket = table.bucketOf(space, name);
        Waiter sleeper = thread.kernelThread().waiter();
        thread.kind = FutexWaiter.Kind.OWNERSHIP;
        thread.word = address;
        int found = CHANGED;
        while (found == CHANGED) {
            sleeper.reset();
            bucket.lock.lock();
            found = attempt(thread, bucket, space, name, waits, false);
            bucket.lock.unlock();
            found = afterFault(found, thread, address);
        }
        if (found != QUEUED) {
            return found;
        }
        int result = sleeper.sleep(deadline);
        return result == 0 || !table.withdraw(thread) ? 0 : result;
    }

    /**
     * Takes ownership for a thread, or puts it into the queue; under the bucket's lock. The futex is at {@code thread.word} in
     * its memory.
     *
     * @param crowded whether the word is to say that others wait, even if nobody does yet
     * @return 0 if it owns the futex now, {@link #QUEUED}, {@link #CHANGED}, -EFAULT if the word's page is not there, or an errno
     *     of {@link #lock}
     */
    int attempt(FutexWaiter thread, FutexBucket bucket, Object space, long name, boolean waits, boolean crowded) {
        AddressSpace memory = thread.memory().space();
        long word = UserWords.peek(memory, thread.word);
        if (word < 0) {
            return -EFAULT;
        }
        int value = (int) word;
        int id = value & Futex.TID_MASK;
        if (id == thread.id()) {
            return -EDEADLK;
        }
        FutexWaiter other = bucket.firstFor(space, name);
        if (other != null) {
            if (other.kind != FutexWaiter.Kind.OWNERSHIP || !isOwner(other.owner, value)) {
                return -EINVAL;
            }
            return waits ? join(thread, bucket, space, name, other.owner) : -EAGAIN;
        }
        if (id == 0) {
            int taken = thread.id() | (value & Futex.OWNER_DIED) | (crowded ? Futex.WAITERS : 0);
            int done = UserWords.compareAndSet(memory, thread.word, value, taken);
            return done < 0 ? done : done == 1 ? 0 : CHANGED;
        }
        int done = UserWords.compareAndSet(memory, thread.word, value, value | Futex.WAITERS);
        if (done != 1) {
            return done < 0 ? done : CHANGED;
        }
        FutexWaiter owner = owners.thread(id);
        int result = owner == FutexWaiter.NOBODY ? -ESRCH : waits ? join(thread, bucket, space, name, owner) : -EAGAIN;
        boolean same = UserWords.peek(memory, thread.word) == Integer.toUnsignedLong(value | Futex.WAITERS);
        return result == -ESRCH && !same ? CHANGED : result;
    }

    /** Whether a word agrees with who owns it, as far as the kernel knows. */
    private static boolean isOwner(FutexWaiter owner, int value) {
        int id = value & Futex.TID_MASK;
        return id == owner.id() || (id == 0 && (value & Futex.OWNER_DIED) != 0);
    }

    private int join(FutexWaiter thread, FutexBucket bucket, Object space, long name, FutexWaiter owner) {
        bucket.add(thread, space, name);
        int error = loans.lend(thread, owner);
        if (error < 0) {
            bucket.remove(thread);
            return error;
        }
        return QUEUED;
    }

    /**
     * Gives ownership up, or passes it on to the one who waits with the highest priority (FUTEX_UNLOCK_PI).
     *
     * @return 0; -EPERM if the futex is not the caller's; -EINVAL if threads wait there for something else; -EFAULT, -ENOMEM
     */
    public long unlock(FutexWaiter thread, long address, boolean shared) {
        long word = thread.memory().readInt(address);
        if (word < 0 || ((int) word & Futex.TID_MASK) != thread.id()) {
            return word < 0 ? word : -EPERM;
        }
        long name = FutexTable.nameOf(thread, address, shared);
        if (name < 0) {
            return name;
        }
        Object space = FutexTable.spaceOf(thread, address, name);
        FutexBucket bucket = table.bucketOf(space, name);
        int result = CHANGED;
        while (result == CHANGED) {
            bucket.lock.lock();
            result = release(thread, bucket, space, name, address);
            bucket.lock.unlock();
            result = afterFault(result, thread, address);
        }
        return result;
    }

    /** If a word's page was not there, faults it in: {@link #CHANGED} then, or -EFAULT or -ENOMEM; else the result as it is. */
    private static int afterFault(int result, FutexWaiter thread, long address) {
        if (result != -EFAULT) {
            return result;
        }
        int fault = UserWords.fault(thread.memory().space(), address);
        return fault < 0 ? fault : CHANGED;
    }

    private int release(FutexWaiter thread, FutexBucket bucket, Object space, long name, long address) {
        AddressSpace memory = thread.memory().space();
        long word = UserWords.peek(memory, address);
        if (word < 0) {
            return -EFAULT;
        }
        if (((int) word & Futex.TID_MASK) != thread.id()) {
            return -EPERM;
        }
        FutexWaiter next = bucket.firstFor(space, name);
        if (next != null && next.owner != thread) {
            return -EINVAL;
        }
        if (next != null) {
            next = mostUrgent(next);
        }
        int replacement = next == null ? 0 : next.id() | Futex.WAITERS;
        int done = UserWords.compareAndSet(memory, address, (int) word, replacement);
        if (done != 1) {
            return done < 0 ? done : CHANGED;
        }
        if (next != null) {
            grant(bucket, next);
        }
        return 0;
    }

    /** Of those who wait for the same futex, the first with the highest priority, which may have changed since it came. */
    private static FutexWaiter mostUrgent(FutexWaiter first) {
        FutexWaiter best = first;
        for (FutexWaiter each = first.next; each != null; each = each.next) {
            boolean same = each.isFor(first.space, first.address);
            if (same && each.kernelThread().urgency() > best.kernelThread().urgency()) {
                best = each;
            }
        }
        return best;
    }

    private void grant(FutexBucket bucket, FutexWaiter next) {
        loans.transfer(bucket, next);
        bucket.remove(next);
        next.wake();
    }

    /** A thread's own priority has changed. */
    public void priorityChanged(FutexWaiter thread) {
        loans.changed(thread);
    }

    /**
     * A thread ends, or runs another program: what others wait for passes to them, marked as a dead thread's.
     *
     * @param ends whether nobody may wait for it any more
     */
    void ownerEnds(FutexWaiter thread, boolean ends) {
        if (ends) {
            loans.refuse(thread);
        }
        FutexWaiter waiter = loans.dependentOf(thread);
        while (waiter != null) {
            FutexBucket bucket = waiter.bucket;
            if (bucket != null && !pass(thread, waiter, bucket, false)) {
                boolean lost = UserWords.fault(waiter.memory().space(), waiter.word) < 0;
                pass(thread, waiter, bucket, lost);
            }
            waiter = loans.dependentOf(thread);
        }
    }

    /**
     * Passes on what a thread waits for, if it still does.
     *
     * @param anyway even if the word cannot be written: the new owner's program then finds the dead one there
     * @return whether no page has to be faulted in first
     */
    private boolean pass(FutexWaiter dead, FutexWaiter waiter, FutexBucket bucket, boolean anyway) {
        bucket.lock.lock();
        try {
            if (waiter.bucket != bucket || waiter.owner != dead) {
                return true;
            }
            FutexWaiter next = mostUrgent(bucket.firstFor(waiter.space, waiter.address));
            boolean written = inherit(waiter, next.id() | Futex.WAITERS | Futex.OWNER_DIED);
            if (written || anyway) {
                grant(bucket, next);
            }
            return written;
        } finally {
            bucket.lock.unlock();
        }
    }

    /** Writes the new owner into the word that a thread waits for; false if its page is not there. */
    private static boolean inherit(FutexWaiter waiter, int replacement) {
        AddressSpace memory = waiter.memory().space();
        int done = 0;
        while (done == 0) {
            long word = UserWords.peek(memory, waiter.word);
            done = word < 0 ? -EFAULT : UserWords.compareAndSet(memory, waiter.word, (int) word, replacement);
        }
        return done == 1;
    }
}
