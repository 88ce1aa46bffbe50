package biscotti.sched;

import biscotti.machine.Clock;

/** The time of day: nanoseconds since 1970 UTC (clock_gettime(2), CLOCK_REALTIME). It can be set. */
public final class WallClock {
    private final Clock clock;

    /** When the monotonic clock was at 0. Written under the lock. */
    private volatile long base;

    private final SpinLock lock = new SpinLock();
    private Observer first;

    /** A clock that shows {@code nanos} now and goes on from there. */
    public WallClock(Clock clock, long nanos) {
        this.clock = clock;
        this.base = nanos - clock.monotonicNanos();
    }

    /** One who has to know when the clock is set: what waits for a time of day. */
    public abstract static class Observer {
        // Guarded by the clock's lock.
        private Observer previous;
        private Observer next;
        private boolean observes;

        /** An observer of no clock yet. */
        protected Observer() {}

        /** The clock was set. Called with a spin lock held: it takes spin locks only, arms timers and wakes threads. */
        protected abstract void clockSet();
    }

    /** What time it is. */
    public long nanos() {
        return base + clock.monotonicNanos();
    }

    /** When the monotonic clock was at 0. */
    public long baseNanos() {
        return base;
    }

    /** Sets the time, and tells those who observe it. */
    public void set(long nanos) {
        lock.acquire();
        base = nanos - clock.monotonicNanos();
        for (Observer observer = first; observer != null; observer = observer.next) {
            observer.clockSet();
        }
        lock.release();
    }

    /** The time of the monotonic clock at a time of day, as far as it is known now. */
    public long toMonotonic(long nanos) {
        return nanos - base;
    }

    /** Has an observer told, if it is not yet. */
    public void observe(Observer observer) {
        lock.acquire();
        if (!observer.observes) {
            observer.observes = true;
            observer.next = first;
            if (first != null) {
                first.previous = observer;
            }
            first = observer;
        }
        lock.release();
    }

    /** Has an observer not told any more. */
    public void forget(Observer observer) {
        lock.acquire();
        if (observer.observes) {
            unlink(observer);
        }
        lock.release();
    }

    private void unlink(Observer observer) {
        if (observer.previous == null) {
            first = observer.next;
        } else {
            observer.previous.next = observer.next;
        }
        if (observer.next != null) {
            observer.next.previous = observer.previous;
        }
        observer.previous = null;
        observer.next = null;
        observer.observes = false;
    }
}
