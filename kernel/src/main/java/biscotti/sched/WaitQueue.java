package biscotti.sched;

import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;

/**
 * Threads that wait for one kind of event, first in, first out. Waking takes an entry off the queue, so each wake goes to
 * another thread.
 *
 * <p>The state that the event is about has its own lock. A thread that waits with {@link #await} holds it, like with a
 * condition variable:
 *
 * <pre>{@code
 * lock.lock();
 * try {
 *     while (isEmpty()) {
 *         int error = readers.await(thread, lock, Waiter.FOREVER);
 *         if (error != 0) {
 *             return error;
 *         }
 *     }
 *     ...
 * } finally {
 *     lock.unlock();
 * }
 * }</pre>
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
public final class WaitQueue {
    private final SpinLock lock = new SpinLock();
    private WaitEntry head;
    private WaitEntry tail;
    private volatile int length;

    /** An empty queue. */
    public WaitQueue() {}

    /** Whether nobody waits; without a lock, so only a hint unless the caller's own lock makes it stable. */
    public boolean isEmpty() {
        return length == 0;
    }

    /** Joins the end of the queue; the entry must be on none. */
    public void join(WaitEntry entry) {
        lock.acquire();
        entry.queue = this;
        entry.previous = tail;
        if (tail == null) {
            head = entry;
        } else {
            tail.next = entry;
        }
        tail = entry;
        length++;
        lock.release();
    }

    /** Leaves the queue; false if it was taken off by a wake already, or is not here. */
    public boolean leave(WaitEntry entry) {
        lock.acquire();
        boolean here = entry.queue == this;
        if (here) {
            unlink(entry);
        }
        lock.release();
        return here;
    }

    /**
     * Releases a lock, sleeps until woken, and takes the lock again. The caller looks again at what it waits for: another
     * thread may have been faster.
     *
     * @param thread the calling thread
     * @param held a lock that the caller holds once
     * @param deadline a time of the monotonic clock, or {@link Waiter#FOREVER}
     * @return 0 if woken, -ETIMEDOUT or -EINTR; then no wake-up was spent on it
     */
    public int await(KernelThread thread, Lock held, long deadline) {
        return await(thread.waiter(), held, deadline, true);
    }

    private int await(Waiter waiter, Lock held, long deadline, boolean interruptible) {
        waiter.reset();
        join(waiter.entry());
        held.unlock();
        int result = interruptible ? waiter.sleep(deadline) : waiter.sleepUninterrupted(deadline);
        if (result != 0 && !leave(waiter.entry())) {
            result = 0; // a wake came in the meantime, and must not be lost
        }
        held.lock();
        return result;
    }

    /**
     * As {@link #await} for the calling thread, but no signal ends it: for waits that are short and certain to end, such as a disk's.
     *
     * @return 0 if woken, or -ETIMEDOUT; then no wake-up was spent on it
     */
    public int awaitUninterrupted(Lock held, long deadline) {
        return await(KernelThread.current().waiter(), held, deadline, false);
    }

    /**
     * Waits until something has happened that whoever makes it happen wakes all for, after it can be seen without a lock. No signal
     * ends that wait.
     */
    public void awaitUninterrupted(BooleanSupplier happened) {
        Waiter waiter = KernelThread.current().waiter();
        while (!happened.getAsBoolean()) {
            waiter.reset();
            join(waiter.entry());
            if (!happened.getAsBoolean()) {
                waiter.sleepUninterrupted(Waiter.FOREVER);
            }
            leave(waiter.entry());
        }
    }

    /** Wakes all observers and the first of the others. */
    public void wakeOne() {
        if (length != 0) {
            wake(false, 1);
        }
    }

    /**
     * As {@link #wakeOne}, but the waker is about to sleep itself: the woken thread stays on its CPU, so that no other CPU need
     * be told.
     */
    public void handOverToOne() {
        if (length != 0) {
            wake(true, 1);
        }
    }

    /** Wakes all that wait. */
    public void wakeAll() {
        if (length != 0) {
            wake(false, Integer.MAX_VALUE);
        }
    }

    private void wake(boolean handOver, int count) {
        Carrier here = handOver && VirtualThreads.carrier() instanceof Carrier carrier ? carrier : null;
        int left = count;
        lock.acquire();
        WaitEntry entry = head;
        while (entry != null) {
            WaitEntry next = entry.next;
            if (!entry.exclusive || left > 0) {
                left -= entry.exclusive ? 1 : 0;
                unlink(entry);
                wake(entry.waiter, here);
            }
            entry = next;
        }
        lock.release();
    }

    private static void wake(Waiter waiter, Carrier here) {
        if (here == null) {
            waiter.wake();
            return;
        }
        here.handsOver = true;
        waiter.wake();
        here.handsOver = false;
    }

    private void unlink(WaitEntry entry) {
        if (entry.previous == null) {
            head = entry.next;
        } else {
            entry.previous.next = entry.next;
        }
        if (entry.next == null) {
            tail = entry.previous;
        } else {
            entry.next.previous = entry.previous;
        }
        entry.previous = null;
        entry.next = null;
        entry.queue = null;
        length--;
    }
}
