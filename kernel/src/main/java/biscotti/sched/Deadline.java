package biscotti.sched;

/**
 * When a sleep ends: a time of the monotonic clock, or a time of day, which comes earlier or later when the clock is set
 * (clock_settime(2)).
 */
public final class Deadline {
    /** Never. */
    public static final Deadline NEVER = new Deadline(Waiter.FOREVER);

    private final long nanos;
    /** Null for the monotonic clock. */
    private final WallClock clock;

    private Deadline(long nanos) {
        this.nanos = nanos;
        this.clock = null;
    }

    private Deadline(WallClock clock, long nanos) {
        this.nanos = nanos;
        this.clock = clock;
    }

    /** A time of the monotonic clock; {@link Waiter#FOREVER} for none. */
    public static Deadline at(long nanos) {
        return nanos == Waiter.FOREVER ? NEVER : new Deadline(nanos);
    }

    /** A time of day; {@link Waiter#FOREVER} for none. */
    public static Deadline ofDay(WallClock clock, long nanos) {
        return nanos == Waiter.FOREVER ? NEVER : new Deadline(clock, nanos);
    }

    /** Has a sleep end when the clock is set. */
    private static final class Alert extends WallClock.Observer {
        private final KernelThread thread;
        private volatile boolean clockWasSet;

        Alert(KernelThread thread) {
            this.thread = thread;
        }

        @Override
        protected void clockSet(boolean jumped) {
            clockWasSet = true;
            thread.wake();
        }
    }

    /** Sleeps as {@link Waiter#sleep(long)}, until this. */
    int sleep(Waiter waiter) {
        if (clock == null) {
            return waiter.sleep(nanos);
        }
        KernelThread thread = waiter.thread();
        Alert alert = new Alert(thread);
        Interruption interruption =
                () -> alert.clockWasSet || thread.interruption().pending();
        clock.observe(alert);
        int result;
        do {
            alert.clockWasSet = false;
            result = waiter.sleepListened(Math.max(0, clock.toMonotonic(nanos)), interruption);
        } while (result == Waiter.INTERRUPTED
                && alert.clockWasSet
                && !thread.interruption().pending());
        clock.forget(alert);
        return result;
    }
}
