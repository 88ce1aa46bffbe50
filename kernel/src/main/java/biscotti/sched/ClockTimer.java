package biscotti.sched;

/**
 * A {@link Timer} of the monotonic clock or of the time of day. One that is armed for a time of day moves when the clock is set,
 * as clock_settime(2) asks for absolute times.
 *
 * <p>The action runs as a {@link Timer}'s does; it is told once each time that the deadline has come. Who arms it looks at
 * {@link #now} in the action: the clock may have been set back, or the timer armed anew, in the meantime.
 */
public final class ClockTimer {
    private final Scheduler scheduler;
    private final WallClock wallClock;
    private final Timer timer;
    private final ClockObserver observer = new ClockObserver();

    /** Guards what follows, and arming; taken after the wall clock's. */
    private final SpinLock lock = new SpinLock();

    private boolean timeOfDay;
    private boolean armed;
    private long deadline;

    /** A timer that is not armed. */
    public ClockTimer(Scheduler scheduler, WallClock wallClock, Runnable action) {
        this.scheduler = scheduler;
        this.wallClock = wallClock;
        this.timer = new Timer(scheduler, action);
    }

    private final class ClockObserver extends WallClock.Observer {
        @Override
        protected void clockSet(boolean jumped) {
            lock.acquire();
            if (armed && timeOfDay) {
                timer.arm(Math.max(0, wallClock.toMonotonic(deadline)));
            }
            lock.release();
        }
    }

    /** Chooses the clock of the deadlines that follow: the time of day, or the monotonic one. The timer is not armed. */
    public void follow(boolean ofDay) {
        if (ofDay) {
            wallClock.observe(observer);
        } else {
            wallClock.forget(observer);
        }
        lock.acquire();
        timeOfDay = ofDay;
        lock.release();
    }

    /** What its clock shows. */
    public long now() {
        return timeOfDay ? wallClock.nanos() : scheduler.now();
    }

    /** Sets the deadline, a time of its clock; one in the past means at once. */
    public void arm(long nanos) {
        lock.acquire();
        armed = true;
        deadline = nanos;
        timer.arm(timeOfDay ? Math.max(0, wallClock.toMonotonic(nanos)) : nanos);
        lock.release();
    }

    /** Takes the deadline back; an action may still be running. */
    public void cancel() {
        lock.acquire();
        armed = false;
        timer.cancel();
        lock.release();
    }

    /** Cancels it for good: no clock knows it any more. */
    public void close() {
        wallClock.forget(observer);
        cancel();
    }
}
