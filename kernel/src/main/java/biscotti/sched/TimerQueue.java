package biscotti.sched;

/** The armed timers of one CPU, by deadline. */
final class TimerQueue {
    /** What {@link #nextDeadline} is when no timer is armed. */
    static final long NONE = Long.MAX_VALUE;

    private final SpinLock lock = new SpinLock();
    private final PairingHeap<Timer> heap = new PairingHeap<>() {
        @Override
        boolean before(Timer a, Timer b) {
            return a.deadline < b.deadline;
        }
    };
    private volatile long nextDeadline = NONE;

    /** The earliest deadline, {@link #NONE} if there is none; read without the lock. */
    long nextDeadline() {
        return nextDeadline;
    }

    void add(Timer timer, long deadline) {
        lock.acquire();
        timer.deadline = deadline;
        timer.setQueue(this);
        heap.add(timer);
        noteFirst();
        lock.release();
    }

    /** Removes a timer if it is here. */
    boolean remove(Timer timer) {
        lock.acquire();
        boolean here = timer.queue() == this;
        if (here) {
            take(timer);
        }
        lock.release();
        return here;
    }

    /** Runs the actions of all timers that are due. */
    void expire(long now) {
        while (nextDeadline <= now) {
            lock.acquire();
            Timer due = heap.first();
            if (due == null || due.deadline > now) {
                lock.release();
                return;
            }
            take(due);
            lock.release();
            due.expire();
        }
    }

    private void take(Timer timer) {
        heap.remove(timer);
        timer.setQueue(null);
        noteFirst();
    }

    private void noteFirst() {
        Timer first = heap.first();
        long deadline = first == null ? NONE : first.deadline;
        if (deadline != nextDeadline) {
            nextDeadline = deadline;
        }
    }
}
