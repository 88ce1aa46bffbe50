package biscotti.file;

import biscotti.sched.SpinLock;

/**
 * Who wants to know when a file's readiness may have changed: poll(2) and its kin for the time of a call, epoll(7) for
 * longer. Telling nobody costs one read.
 */
public final class Watchers {
    /** The list of a file whose readiness never changes: nobody is ever told. */
    public static final Watchers NEVER = new Watchers();

    /**
     * Held while watches are told, so a watch that has been removed is not told any more. An epoll that is watched by
     * another epoll tells in turn: such locks are taken from the file outwards, and epolls form no cycle.
     */
    private final SpinLock lock = new SpinLock();

    private volatile Watch first;
    private Watch last;

    /** A list that nobody is on. */
    public Watchers() {}

    /** One who watches one file. It is on one list at most. */
    public abstract static class Watch {
        // Guarded by the lock of the list that it is on.
        private Watch previous;
        private Watch next;
        private boolean listed;

        /** A watch of nothing yet. */
        protected Watch() {}

        /** Whether one exclusive watch that takes an event is enough: EPOLLEXCLUSIVE of epoll_ctl(2). */
        protected boolean isExclusive() {
            return false;
        }

        /**
         * What is watched may have become ready. Called on any thread and on carriers, maybe with a file's lock held: it only
         * notes the fact and wakes.
         *
         * @param events {@link biscotti.abi.Poll} events that may have come about
         * @return whether it was of use
         */
        protected abstract boolean changed(int events);
    }

    /** Adds a watch; its owner looks at the file's events after that, so that no change is lost. */
    public void add(Watch watch) {
        if (this == NEVER) {
            return;
        }
        lock.acquire();
        watch.listed = true;
        watch.previous = last;
        if (last == null) {
            first = watch;
        } else {
            last.next = watch;
        }
        last = watch;
        lock.release();
    }

    /** Removes a watch if it is on the list. When this returns, it is not being told, nor ever again. */
    public void remove(Watch watch) {
        lock.acquire();
        if (watch.listed) {
            unlink(watch);
        }
        lock.release();
    }

    private void unlink(Watch watch) {
        if (watch.previous == null) {
            first = watch.next;
        } else {
            watch.previous.next = watch.next;
        }
        if (watch.next == null) {
            last = watch.previous;
        } else {
            watch.next.previous = watch.previous;
        }
        watch.previous = null;
        watch.next = null;
        watch.listed = false;
    }

    /**
     * Tells everybody, but of those who are exclusive only the first of use.
     *
     * @param events {@link biscotti.abi.Poll} events that may have come about
     */
    public void tell(int events) {
        if (first == null) {
            return;
        }
        lock.acquire();
        boolean taken = false;
        for (Watch watch = first; watch != null; watch = watch.next) {
            if (!watch.isExclusive()) {
                watch.changed(events);
            } else if (!taken) {
                taken = watch.changed(events);
            }
        }
        lock.release();
    }
}
