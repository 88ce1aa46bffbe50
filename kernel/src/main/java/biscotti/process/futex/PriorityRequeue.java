package biscotti.process.futex;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;

import biscotti.memory.UserWords;
import biscotti.sched.Deadline;
import biscotti.sched.Waiter;

/**
 * Waits for a futex that end as waits for the ownership of another one: condition variables whose mutex inherits priority
 * (futex(2), FUTEX_WAIT_REQUEUE_PI and FUTEX_CMP_REQUEUE_PI).
 */
public final class PriorityRequeue {
    private final FutexTable table;
    private final PriorityFutexes owned;

    PriorityRequeue(FutexTable table, PriorityFutexes owned) {
        this.table = table;
        this.owned = owned;
    }

    /**
     * Sleeps while a word has a value, until the thread owns another futex.
     *
     * @param address the word
     * @param target the futex that {@link #requeue} will have the thread take
     * @return 0 if it owns it; -EAGAIN if the word has another value, or a signal came after the wait had moved; -EINVAL if both
     *     are the same; -ETIMEDOUT, -EINTR, -EFAULT, -ENOMEM
     */
    public long await(FutexWaiter thread, long address, long target, boolean shared, int value, Deadline deadline) {
        long name = FutexTable.nameOf(thread, address, shared);
        long targetName = FutexTable.nameOf(thread, target, shared);
        if (name < 0 || targetName < 0) {
            return name < 0 ? name : targetName;
        }
        Object space = FutexTable.spaceOf(thread, address, name);
        Object targetSpace = FutexTable.spaceOf(thread, target, targetName);
        if (name == targetName && space == targetSpace) {
            return -EINVAL;
        }
        FutexBucket bucket = table.bucketOf(space, name);
        thread.kind = FutexWaiter.Kind.REQUEUE;
        thread.word = target;
        thread.targetSpace = targetSpace;
        thread.target = targetName;
        Waiter sleeper = thread.kernelThread().waiter();
        sleeper.reset();
        long error = Futexes.enqueue(thread, bucket, space, name, address, value, -1);
        if (error < 0) {
            return error;
        }
        int result = sleeper.sleep(deadline);
        if (result == 0 || !table.withdraw(thread)) {
            return 0;
        }
        boolean moved = thread.kind == FutexWaiter.Kind.OWNERSHIP;
        return moved && result == -EINTR ? -EAGAIN : result;
    }

    /**
     * Has one who waits in {@link #await} take ownership of the futex that it wants, if that is free, and others wait for it.
     *
     * @param mostMoved how many, beside one, at most
     * @param value what the word must have, else -EAGAIN
     * @return how many own it or wait for it now; -EINVAL if they want another one, or wait for something else; an errno of
     *     {@link PriorityFutexes#lock}
     */
    public long requeue(FutexWaiter thread, long from, long to, boolean shared, int mostMoved, int value) {
        long fromName = FutexTable.nameOf(thread, from, shared);
        long toName = FutexTable.nameOf(thread, to, shared);
        if (fromName < 0 || toName < 0) {
            return fromName < 0 ? fromName : toName;
        }
        Object fromSpace = FutexTable.spaceOf(thread, from, fromName);
        Object toSpace = FutexTable.spaceOf(thread, to, toName);
        if (fromName == toName && fromSpace == toSpace) {
            return -EINVAL;
        }
        FutexBucket source = table.bucketOf(fromSpace, fromName);
        FutexBucket target = table.bucketOf(toSpace, toName);
        long moved = 0;
        while (moved <= mostMoved) {
            FutexTable.lockBoth(source, target);
            long result;
            try {
                long word = UserWords.peek(thread.memory().space(), from);
                if (word >= 0 && (int) word != value) {
                    return moved > 0 ? moved : -EAGAIN;
                }
                FutexWaiter first = source.firstFor(fromSpace, fromName);
                if (first == null) {
                    return moved;
                }
                result = word < 0 ? word : move(first, source, target, toSpace, toName, mostMoved > 0);
            } finally {
                FutexTable.unlockBoth(source, target);
            }
            if (result == -EFAULT) {
                long fault = thread.memory().readInt(from);
                result = fault < 0 ? fault : UserWords.fault(thread.memory().space(), to);
            } else if (result >= 0) {
                moved += result;
            }
            if (result < 0) {
                return result;
            }
        }
        return moved;
    }

    /** Moves one who waits: 1, 0 if it has to be tried again, or a negative errno. */
    private long move(
            FutexWaiter waiter, FutexBucket source, FutexBucket target, Object toSpace, long to, boolean crowded) {
        if (waiter.kind != FutexWaiter.Kind.REQUEUE || waiter.target != to || waiter.targetSpace != toSpace) {
            return -EINVAL;
        }
        Object space = waiter.space;
        long name = waiter.address;
        source.remove(waiter);
        waiter.kind = FutexWaiter.Kind.OWNERSHIP;
        int result = owned.attempt(waiter, target, toSpace, to, true, crowded);
        if (result == PriorityFutexes.QUEUED) {
            return 1;
        }
        if (result == 0) {
            waiter.wake();
            return 1;
        }
        waiter.kind = FutexWaiter.Kind.REQUEUE;
        source.add(waiter, space, name);
        return result == PriorityFutexes.CHANGED ? 0 : result;
    }
}
