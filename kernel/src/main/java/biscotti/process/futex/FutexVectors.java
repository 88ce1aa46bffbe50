package biscotti.process.futex;

import biscotti.sched.Deadline;
import biscotti.sched.Waiter;

/** Waits for several futexes at once (futex_waitv(2)). */
public final class FutexVectors {
    private final FutexTable table;

    FutexVectors(FutexTable table) {
        this.table = table;
    }

    /**
     * Sleeps while each of some words has a value.
     *
     * @param words where they are
     * @param shared whether other processes may use them
     * @param values what they have
     * @return the index of one that was woken; -EAGAIN if a word has another value; -ETIMEDOUT, -EINTR, -EFAULT, -EINVAL, -ENOMEM
     */
    public long await(FutexWaiter thread, long[] words, boolean[] shared, int[] values, Deadline deadline) {
        FutexWaiter[] waiters = new FutexWaiter[words.length];
        for (int i = 0; i < waiters.length; i++) {
            waiters[i] = thread.another();
        }
        Waiter sleeper = thread.kernelThread().waiter();
        sleeper.reset();
        long error = 0;
        int queued = 0;
        while (queued < words.length && error == 0) {
            error = enqueue(waiters[queued], words[queued], shared[queued], values[queued]);
            queued += error == 0 ? 1 : 0;
        }
        int slept = error == 0 ? sleeper.sleep(deadline) : 0;
        long woken = withdraw(waiters, queued);
        return woken >= 0 ? woken : error != 0 ? error : slept;
    }

    private long enqueue(FutexWaiter waiter, long word, boolean shared, int value) {
        long name = FutexTable.nameOf(waiter, word, shared);
        if (name < 0) {
            return name;
        }
        Object space = FutexTable.spaceOf(waiter, word, name);
        FutexBucket bucket = table.bucketOf(space, name);
        return Futexes.enqueue(waiter, bucket, space, name, word, value, -1);
    }

    /** Leaves all queues; the last index that a wake-up has come to, or -1. */
    private long withdraw(FutexWaiter[] waiters, int queued) {
        long woken = -1;
        for (int i = 0; i < queued; i++) {
            if (!table.withdraw(waiters[i])) {
                woken = i;
            }
        }
        return woken;
    }
}
