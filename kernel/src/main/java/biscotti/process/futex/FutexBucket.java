package biscotti.process.futex;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Waiters for some futexes: real-time threads by priority, then all others, first come first (POSIX wants so of what is made of
 * futexes: sem_post(3p), pthread_cond_signal(3p)). The caller locks.
 */
final class FutexBucket {
    final ReentrantLock lock = new ReentrantLock();
    private final int index;
    private FutexWaiter first;
    private FutexWaiter last;
    /** How many wait here, or are about to. */
    private volatile int count;

    FutexBucket(int index) {
        this.index = index;
    }

    /** In which order the locks of two are taken. */
    int index() {
        return index;
    }

    FutexWaiter first() {
        return first;
    }

    /** The first who waits for a futex; null if nobody does. */
    FutexWaiter firstFor(Object space, long address) {
        FutexWaiter waiter = first;
        while (waiter != null && !waiter.isFor(space, address)) {
            waiter = waiter.next;
        }
        return waiter;
    }

    void add(FutexWaiter waiter, Object space, long address) {
        waiter.space = space;
        waiter.address = address;
        FutexWaiter before = last;
        int urgency = waiter.kernelThread().urgency();
        while (urgency > 0 && before != null && before.kernelThread().urgency() < urgency) {
            before = before.previous;
        }
        FutexWaiter after = before == null ? first : before.next;
        waiter.previous = before;
        waiter.next = after;
        if (before == null) {
            first = waiter;
        } else {
            before.next = waiter;
        }
        if (after == null) {
            last = waiter;
        } else {
            after.previous = waiter;
        }
        waiter.bucket = this;
        countIn(1);
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
        countIn(-1);
    }

    /** Counts somebody who is about to wait, before he looks at the word. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    void countIn(int more) {
        count += more;
    }

    /** Whether nobody waits here. Without the lock: right for who has changed the word before. */
    boolean isEmpty() {
        return count == 0;
    }
}
