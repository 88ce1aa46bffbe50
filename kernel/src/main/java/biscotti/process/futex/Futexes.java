package biscotti.process.futex;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.EINVAL;

import biscotti.memory.UserWords;
import biscotti.sched.Deadline;
import biscotti.sched.Waiter;

/**
 * Futexes (futex(2), futex(7)): threads that sleep until another one says that a word in memory has changed.
 *
 * <p>A futex is named by address space and address; one in shared memory by its physical address. Waiters hang in a fixed
 * number of buckets, found by a hash of the name. A waiter counts itself in before it looks at the word, and a waker looks at
 * the count after the word was changed; so a waker that finds no waiter needs no lock, and no wake-up is lost.
 */
public final class Futexes {
    private final FutexTable table = new FutexTable();
    private final PriorityFutexes owned;
    private final PriorityRequeue requeues;
    private final FutexVectors vectors = new FutexVectors(table);

    /**
     * No thread waits.
     *
     * @param owners knows threads by their numbers
     */
    public Futexes(Owners owners) {
        owned = new PriorityFutexes(table, owners);
        requeues = new PriorityRequeue(table, owned);
    }

    /** Those that have owners. */
    public PriorityFutexes owned() {
        return owned;
    }

    /** Waits for one futex that end as waits for ownership of another. */
    public PriorityRequeue requeues() {
        return requeues;
    }

    /** Waits for several at once. */
    public FutexVectors vectors() {
        return vectors;
    }

    /**
     * Sleeps while a word has a value.
     *
     * @param shared whether other processes may use the futex
     * @param bits the thread is woken by wakes with one of these bits
     * @param deadline when the sleep ends
     * @return 0 if woken; -EAGAIN if the word has another value; -ETIMEDOUT, -EINTR, -EFAULT, -EINVAL, -ENOMEM
     */
    public long await(FutexWaiter thread, long address, boolean shared, int value, int bits, Deadline deadline) {
        long name = FutexTable.nameOf(thread, address, shared);
        if (name < 0) {
            return name;
        }
        Object space = FutexTable.spaceOf(thread, address, name);
        FutexBucket bucket = table.bucketOf(space, name);
        thread.kind = FutexWaiter.Kind.WAKE;
        Waiter sleeper = thread.kernelThread().waiter();
        sleeper.reset();
        long error = enqueue(thread, bucket, space, name, address, value, bits);
        if (error < 0) {
            return error;
        }
        int result = sleeper.sleep(deadline);
        return result == 0 || !table.withdraw(thread) ? 0 : result;
    }

    /** Joins the bucket if the word has the value: 0, -EAGAIN, -EFAULT, -ENOMEM. */
    static long enqueue(
            FutexWaiter waiter, FutexBucket bucket, Object space, long name, long address, int value, int bits) {
        long found = enqueueIf(waiter, bucket, space, name, address, value, bits);
        while (found == -EFAULT) {
            long fault = waiter.memory().readInt(address); // faults the page in, without the bucket's lock
            if (fault < 0) {
                return fault;
            }
            found = enqueueIf(waiter, bucket, space, name, address, value, bits);
        }
        return found;
    }

    /** The same: -EFAULT if the word's page is not there now. */
    private static long enqueueIf(
            FutexWaiter waiter, FutexBucket bucket, Object space, long name, long address, int value, int bits) {
        bucket.lock.lock();
        try {
            bucket.countIn(1);
            long word = UserWords.peek(waiter.memory().space(), address);
            if (word >= 0 && (int) word == value) {
                waiter.bits = bits;
                bucket.add(waiter, space, name);
            }
            bucket.countIn(-1);
            return word < 0 ? -EFAULT : (int) word == value ? 0 : -EAGAIN;
        } finally {
            bucket.lock.unlock();
        }
    }

    /**
     * Wakes threads.
     *
     * @param most how many at most
     * @param bits only those that wait with one of these bits
     * @return how many were woken, or a negative errno
     */
    public long wake(FutexWaiter thread, long address, boolean shared, int most, int bits) {
        long name = FutexTable.nameOf(thread, address, shared);
        if (name < 0) {
            return name;
        }
        Object space = FutexTable.spaceOf(thread, address, name);
        FutexBucket bucket = table.bucketOf(space, name);
        if (bucket.isEmpty()) {
            return 0;
        }
        bucket.lock.lock();
        try {
            return wake(bucket, space, name, most, bits);
        } finally {
            bucket.lock.unlock();
        }
    }

    /** How many were woken; -EINVAL if one waits to own the futex, who is woken by what passes ownership on only. */
    private static int wake(FutexBucket bucket, Object space, long name, int most, int bits) {
        int woken = 0;
        FutexWaiter waiter = bucket.first();
        while (waiter != null && woken < most) {
            FutexWaiter next = waiter.next;
            if (waiter.isFor(space, name)) {
                if (waiter.kind != FutexWaiter.Kind.WAKE) {
                    return -EINVAL;
                }
                if ((waiter.bits & bits) != 0) {
                    bucket.remove(waiter);
                    waiter.wake();
                    woken++;
                }
            }
            waiter = next;
        }
        return woken;
    }

    /**
     * Wakes some threads and lets others wait for another futex instead.
     *
     * @param mostWoken how many to wake at most
     * @param mostMoved how many to move at most
     * @param compared whether the word must have the value {@code value}, else -EAGAIN
     * @return how many were woken and moved ({@code compared}) or woken, or a negative errno: -EINVAL if one waits to own either
     */
    public long requeue(
            FutexWaiter thread,
            long from,
            boolean fromShared,
            long to,
            boolean toShared,
            int mostWoken,
            int mostMoved,
            boolean compared,
            int value) {
        long fromName = FutexTable.nameOf(thread, from, fromShared);
        long toName = FutexTable.nameOf(thread, to, toShared);
        if (fromName < 0 || toName < 0) {
            return fromName < 0 ? fromName : toName;
        }
        Object fromSpace = FutexTable.spaceOf(thread, from, fromName);
        Object toSpace = FutexTable.spaceOf(thread, to, toName);
        FutexBucket source = table.bucketOf(fromSpace, fromName);
        FutexBucket target = table.bucketOf(toSpace, toName);
        while (true) {
            FutexTable.lockBoth(source, target);
            try {
                long word = compared ? UserWords.peek(thread.memory().space(), from) : 0;
                if (word >= 0) {
                    if (compared && (int) word != value) {
                        return -EAGAIN;
                    }
                    int woken = wake(source, fromSpace, fromName, mostWoken, -1);
                    if (woken < 0) {
                        return woken;
                    }
                    int moved = move(source, fromSpace, fromName, target, toSpace, toName, mostMoved);
                    return moved < 0 ? moved : compared ? (long) woken + moved : woken;
                }
            } finally {
                FutexTable.unlockBoth(source, target);
            }
            long fault = thread.memory().readInt(from);
            if (fault < 0) {
                return fault;
            }
        }
    }

    private static int move(
            FutexBucket source, Object fromSpace, long from, FutexBucket target, Object toSpace, long to, int most) {
        if (fromSpace == toSpace && from == to) {
            return countFor(source, from, fromSpace, most);
        }
        int moved = 0;
        FutexWaiter waiter = source.first();
        while (waiter != null && moved < most) {
            FutexWaiter next = waiter.next;
            if (waiter.isFor(fromSpace, from)) {
                if (waiter.kind != FutexWaiter.Kind.WAKE) {
                    return -EINVAL;
                }
                source.remove(waiter);
                target.add(waiter, toSpace, to);
                moved++;
            }
            waiter = next;
        }
        return moved;
    }

    /** How many wait for a futex, at most so many: they move to where they are. */
    private static int countFor(FutexBucket bucket, long name, Object space, int most) {
        int count = 0;
        for (FutexWaiter each = bucket.first(); each != null && count < most; each = each.next) {
            count += each.isFor(space, name) ? 1 : 0;
        }
        return count;
    }

    /**
     * Changes a second word, wakes threads that wait for the first one, and, if the second word was as compared, threads that
     * wait for it.
     *
     * @param operation how to change and compare, as futex(2) encodes it
     * @return how many were woken, or a negative errno
     */
    public long wakeOperation(
            FutexWaiter thread, long first, long second, boolean shared, int most, int mostSecond, int operation) {
        if (((first | second) & 3) != 0) {
            return -EINVAL;
        }
        long old = FutexOperation.apply(thread.memory(), second, operation);
        if (old < 0) {
            return old;
        }
        int holds = FutexOperation.holds(operation, (int) old);
        if (holds < 0) {
            return holds;
        }
        long woken = wake(thread, first, shared, most, -1);
        if (woken >= 0 && holds != 0) {
            long more = wake(thread, second, shared, mostSecond, -1);
            woken = more < 0 ? more : woken + more;
        }
        return woken;
    }
}
