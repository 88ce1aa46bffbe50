package biscotti.process.futex;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.EINVAL;

import biscotti.sched.Deadline;
import biscotti.sched.Waiter;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Futexes (futex(2), futex(7)): threads that sleep until another one says that a word in memory has changed.
 *
 * <p>A futex is named by address space and address; one in shared memory by its physical address. Waiters hang in a fixed
 * number of buckets, found by a hash of the name. A waiter counts itself in before it looks at the word, and a waker looks at
 * the count after the word was changed; so a waker that finds no waiter needs no lock, and no wake-up is lost.
 */
public final class Futexes {
    private static final int BUCKETS = 256;

    /** Names the space of physical addresses. */
    private static final Object PHYSICAL = new Object();

    private final Bucket[] buckets = new Bucket[BUCKETS];

    /** Waiters for some futexes, first come first. */
    static final class Bucket {
        final ReentrantLock lock = new ReentrantLock();
        private final int index;
        private FutexWaiter first;
        private FutexWaiter last;
        /** How many wait here, or are about to. */
        private volatile int count;

        @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
        Bucket(int index) {
            this.index = index;
        }

        void add(FutexWaiter waiter) {
            waiter.next = null;
            waiter.previous = last;
            if (last == null) {
                first = waiter;
            } else {
                last.next = waiter;
            }
            last = waiter;
            waiter.bucket = this;
        }

        void remove(FutexWaiter waiter) {
            if (waiter.previous == null) {
                first = waiter.next;
            } else {
                waiter.previous.next = waiter.next;
            }
            if (waiter.next == null) {
                last = waiter.previous;
            } else {
                waiter.next.previous = waiter.previous;
            }
            waiter.bucket = null;
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
        void countIn(int more) {
            count += more;
        }

        boolean isEmpty() {
            return count == 0;
        }
    }

    /** No thread waits. */
    public Futexes() {
        for (int i = 0; i < BUCKETS; i++) {
            buckets[i] = new Bucket(i);
        }
    }

    private Bucket bucketOf(Object space, long address) {
        long hash = (address >>> 2) * 0x9e3779b97f4a7c15L ^ System.identityHashCode(space);
        return buckets[(int) (hash >>> 32) & BUCKETS - 1];
    }

    /**
     * The address that names a futex: physical if its memory is shared, else the one given; or -EFAULT, -EINVAL, -ENOMEM.
     * {@link #spaceOf} has the rest of the name.
     */
    private static long nameOf(FutexWaiter thread, long address, boolean shared) {
        if ((address & 3) != 0) {
            return -EINVAL;
        }
        if (!shared) {
            return address < 0 ? -EFAULT : address;
        }
        long physical = thread.memory().space().sharedAddress(address);
        return physical == 0 ? address : physical;
    }

    private static Object spaceOf(FutexWaiter thread, long address, long name) {
        return name == address ? thread.memory().space() : PHYSICAL;
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
        long name = nameOf(thread, address, shared);
        if (name < 0) {
            return name;
        }
        Object space = spaceOf(thread, address, name);
        Bucket bucket = bucketOf(space, name);
        Waiter sleeper = thread.kernelThread().waiter();
        while (true) {
            sleeper.reset();
            long found = enqueueIf(thread, bucket, space, name, address, value, bits);
            if (found == 0) {
                break;
            }
            if (found != -EFAULT) {
                return found;
            }
            long fault = thread.memory().readInt(address); // faults the page in, without the bucket's lock
            if (fault < 0) {
                return fault;
            }
        }
        int result = sleeper.sleep(deadline);
        return result == 0 || !withdraw(thread) ? 0 : result;
    }

    /** Joins the bucket if the word has the value: 0, -EAGAIN, or -EFAULT if its page is not there now. */
    private static long enqueueIf(
            FutexWaiter thread, Bucket bucket, Object space, long name, long address, int value, int bits) {
        bucket.lock.lock();
        try {
            bucket.countIn(1);
            long word = thread.memory().space().peekInt(address);
            if (word < 0 || (int) word != value) {
                bucket.countIn(-1);
                return word < 0 ? -EFAULT : -EAGAIN;
            }
            thread.space = space;
            thread.address = name;
            thread.bits = bits;
            bucket.add(thread);
            return 0;
        } finally {
            bucket.lock.unlock();
        }
    }

    /** Leaves the queue; false if a wake has taken the waiter off already. */
    private static boolean withdraw(FutexWaiter waiter) {
        while (true) {
            Bucket bucket = waiter.bucket;
            if (bucket == null) {
                return false;
            }
            bucket.lock.lock();
            try {
                if (waiter.bucket == bucket) {
                    bucket.remove(waiter);
                    bucket.countIn(-1);
                    return true;
                }
            } finally {
                bucket.lock.unlock();
            }
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
        long name = nameOf(thread, address, shared);
        if (name < 0) {
            return name;
        }
        Object space = spaceOf(thread, address, name);
        Bucket bucket = bucketOf(space, name);
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

    private static int wake(Bucket bucket, Object space, long name, int most, int bits) {
        int woken = 0;
        FutexWaiter waiter = bucket.first;
        while (waiter != null && woken < most) {
            FutexWaiter next = waiter.next;
            if (waiter.isFor(space, name) && (waiter.bits & bits) != 0) {
                bucket.remove(waiter);
                bucket.countIn(-1);
                waiter.wake();
                woken++;
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
     * @return how many were woken and moved ({@code compared}) or woken, or a negative errno
     */
    public long requeue(
            FutexWaiter thread,
            long from,
            long to,
            boolean shared,
            int mostWoken,
            int mostMoved,
            boolean compared,
            int value) {
        long fromName = nameOf(thread, from, shared);
        long toName = nameOf(thread, to, shared);
        if (fromName < 0 || toName < 0) {
            return fromName < 0 ? fromName : toName;
        }
        Object fromSpace = spaceOf(thread, from, fromName);
        Object toSpace = spaceOf(thread, to, toName);
        Bucket source = bucketOf(fromSpace, fromName);
        Bucket target = bucketOf(toSpace, toName);
        while (true) {
            lockBoth(source, target);
            try {
                long word = compared ? thread.memory().space().peekInt(from) : 0;
                if (word >= 0) {
                    if (compared && (int) word != value) {
                        return -EAGAIN;
                    }
                    int woken = wake(source, fromSpace, fromName, mostWoken, -1);
                    int moved = move(source, fromSpace, fromName, target, toSpace, toName, mostMoved);
                    return compared ? (long) woken + moved : woken;
                }
            } finally {
                unlockBoth(source, target);
            }
            long fault = thread.memory().readInt(from);
            if (fault < 0) {
                return fault;
            }
        }
    }

    private static int move(
            Bucket source, Object fromSpace, long from, Bucket target, Object toSpace, long to, int most) {
        int moved = 0;
        FutexWaiter waiter = source.first;
        FutexWaiter end = source.last;
        boolean atEnd = waiter == null;
        while (!atEnd && moved < most) {
            FutexWaiter next = waiter.next;
            atEnd = waiter == end;
            if (waiter.isFor(fromSpace, from)) {
                source.remove(waiter);
                source.countIn(-1);
                waiter.space = toSpace;
                waiter.address = to;
                target.countIn(1);
                target.add(waiter);
                moved++;
            }
            waiter = next;
        }
        return moved;
    }

    private static void lockBoth(Bucket one, Bucket other) {
        boolean inOrder = one.index <= other.index;
        (inOrder ? one : other).lock.lock();
        (inOrder ? other : one).lock.lock();
    }

    private static void unlockBoth(Bucket one, Bucket other) {
        one.lock.unlock();
        other.lock.unlock();
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
        long old = FutexOperation.apply(thread.memory(), second, operation);
        if (old < 0) {
            return old;
        }
        long woken = wake(thread, first, shared, most, -1);
        if (woken >= 0 && FutexOperation.holds(operation, (int) old)) {
            long more = wake(thread, second, shared, mostSecond, -1);
            woken = more < 0 ? more : woken + more;
        }
        return woken;
    }
}
