package biscotti.heap;

import biscotti.sched.KernelThread;
import biscotti.sched.SpinLock;

/**
 * Reservations that wait: those of real-time threads first, by their priority, all others first come, first served. A nice
 * value gives no advantage here: one who waits longest would wait for ever.
 *
 * <p>The lock is held for a few instructions only, and with it the state of each reservation in the queue changes.
 */
final class ReservationQueue {
    private final SpinLock lock = new SpinLock();
    private Reservation head;
    private Reservation tail;
    private volatile int length;

    /** How many wait; may change at once, unless the lock is held. */
    int length() {
        return length;
    }

    void acquire() {
        lock.acquire();
    }

    void release() {
        lock.release();
    }

    /** The next in turn, or null. Lock held. */
    Reservation head() {
        return head;
    }

    /** Joins behind all of at least its rank. Lock held. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    void add(Reservation reservation) {
        KernelThread thread = reservation.thread();
        reservation.rank = thread.realTimePriority();
        Reservation before = tail;
        while (before != null && before.rank < reservation.rank) {
            before = before.previous;
        }
        Reservation after = before == null ? head : before.next;
        reservation.previous = before;
        reservation.next = after;
        if (before == null) {
            head = reservation;
        } else {
            before.next = reservation;
        }
        if (after == null) {
            tail = reservation;
        } else {
            after.previous = reservation;
        }
        reservation.state = Reservation.State.WAITING;
        length++;
    }

    /** Leaves the queue with a new state. Lock held. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    void remove(Reservation reservation, Reservation.State state) {
        if (reservation.previous == null) {
            head = reservation.next;
        } else {
            reservation.previous.next = reservation.next;
        }
        if (reservation.next == null) {
            tail = reservation.previous;
        } else {
            reservation.next.previous = reservation.previous;
        }
        reservation.previous = null;
        reservation.next = null;
        reservation.state = state;
        length--;
    }
}
