package biscotti.file.event;

import biscotti.sched.SpinLock;

/** The interests of an epoll whose files may have events, first come first served. Each is on it once. */
final class ReadyList {
    private final SpinLock lock = new SpinLock();
    private volatile Interest first;
    private Interest last;
    private int length;

    /** Whether there is none; without a lock. */
    boolean isEmpty() {
        return first == null;
    }

    /** How many there are. */
    int length() {
        lock.acquire();
        int now = length;
        lock.release();
        return now;
    }

    /** Adds an interest at the end, unless it is there or asleep: whether it is there now. */
    boolean add(Interest interest) {
        lock.acquire();
        boolean awake = !interest.isAsleep();
        if (awake) {
            append(interest);
        }
        lock.release();
        return awake;
    }

    /** Puts an interest that was taken back to the front, unless it is there again or asleep. */
    void putBack(Interest interest) {
        lock.acquire();
        if (!interest.queued && !interest.isAsleep()) {
            interest.queued = true;
            interest.nextReady = first;
            if (first == null) {
                last = interest;
            } else {
                first.previousReady = interest;
            }
            first = interest;
            length++;
        }
        lock.release();
    }

    private void append(Interest interest) {
        if (interest.queued) {
            return;
        }
        interest.queued = true;
        interest.previousReady = last;
        if (last == null) {
            first = interest;
        } else {
            last.nextReady = interest;
        }
        last = interest;
        length++;
    }

    /** Takes the first interest; null if there is none. */
    Interest take() {
        lock.acquire();
        Interest interest = first;
        if (interest != null) {
            unlink(interest);
        }
        lock.release();
        return interest;
    }

    /** Takes an interest off the list; it never comes back. */
    void remove(Interest interest) {
        lock.acquire();
        interest.end();
        if (interest.queued) {
            unlink(interest);
        }
        lock.release();
    }

    private void unlink(Interest interest) {
        if (interest.previousReady == null) {
            first = interest.nextReady;
        } else {
            interest.previousReady.nextReady = interest.nextReady;
        }
        if (interest.nextReady == null) {
            last = interest.previousReady;
        } else {
            interest.nextReady.previousReady = interest.previousReady;
        }
        interest.previousReady = null;
        interest.nextReady = null;
        interest.queued = false;
        length--;
    }

    /**
     * Decides that an event of an interest is told: one that is asleep has been told by another thread. One with a level
     * trigger stays on the list, at the end.
     */
    boolean claim(Interest interest) {
        lock.acquire();
        boolean awake = !interest.isAsleep();
        if (awake && interest.isOneShot()) {
            interest.fallAsleep();
            if (interest.queued) {
                unlink(interest);
            }
        } else if (awake && !interest.isEdgeTriggered()) {
            append(interest);
        }
        lock.release();
        return awake;
    }

    /** Changes what is wanted of an interest. */
    void renew(Interest interest, int wanted, long data) {
        lock.acquire();
        interest.want(wanted);
        interest.data = data;
        lock.release();
    }
}
