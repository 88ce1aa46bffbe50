package biscotti.sched;

import biscotti.machine.Clock;

/**
 * The time of day: nanoseconds since 1970 UTC (clock_gettime(2), CLOCK_REALTIME). It can be set, and steered: it goes faster or slower
 * than the monotonic clock by a rate that lasts, and by another one that ends, after which an offset has been worked off.
 */
public final class WallClock {
    private final Clock clock;
    private final ClockDiscipline discipline = new ClockDiscipline(this);

    /** Written under the lock. */
    private volatile Line line;

    private final SpinLock lock = new SpinLock();
    private Observer first;

    /** A clock that shows {@code nanos} now and goes on from there. */
    public WallClock(Clock clock, long nanos) {
        this.clock = clock;
        long now = clock.monotonicNanos();
        this.line = new Line(nanos - now, now, 0, 0, now);
    }

    /** The time of day as a function of the monotonic clock. Immutable. */
    private static final class Line {
        private final long base;
        private final long start;
        private final long rate;
        private final long slewRate;
        private final long slewEnd;

        Line(long base, long start, long rate, long slewRate, long slewEnd) {
            this.base = base;
            this.start = start;
            this.rate = rate;
            this.slewRate = slewRate;
            this.slewEnd = slewEnd;
        }

        /** What it shows at a time of the monotonic clock. The vDSO computes the same, to the last bit. */
        long at(long monotonic) {
            long slewed = Math.min(monotonic, slewEnd) - start;
            return base + monotonic + Math.multiplyHigh(monotonic - start, rate) + Math.multiplyHigh(slewed, slewRate);
        }

        /** When it will show a time. */
        long when(long nanos) {
            long end = at(slewEnd);
            long from = nanos < end ? start : slewEnd;
            long passed = nanos - (nanos < end ? at(start) : end);
            double all = (rate + (nanos < end ? slewRate : 0)) * ONE;
            return from + passed - (long) (passed * (all / (1 + all)));
        }
    }

    /** The unit of rates: 2^-64. */
    private static final double ONE = 0x1p-64;

    /** One who has to know when the clock is set: what waits for a time of day. */
    public abstract static class Observer {
        // Guarded by the clock's lock.
        private Observer previous;
        private Observer next;
        private boolean observes;

        /** An observer of no clock yet. */
        protected Observer() {}

        /**
         * The clock was set, or goes at another rate from now on. Called with a spin lock held: it takes spin locks only, arms timers
         * and wakes threads.
         *
         * @param jumped whether it was set
         */
        protected abstract void clockSet(boolean jumped);
    }

    /** What time it is. */
    public long nanos() {
        return line.at(clock.monotonicNanos());
    }

    /** What is known of it, and how it is steered: adjtimex(2). */
    public ClockDiscipline discipline() {
        return discipline;
    }

    /** The time of day less that of the monotonic clock, as it was at {@link #startNanos}. */
    public long baseNanos() {
        return line.base;
    }

    /** Since when its rates are as they are, on the monotonic clock. */
    public long startNanos() {
        return line.start;
    }

    /** How much faster it goes than the monotonic clock, in units of 2^-64. */
    public long rate() {
        return line.rate;
    }

    /** How much faster it goes for the time being, besides. */
    public long slewRate() {
        return line.slewRate;
    }

    /** When that ends, on the monotonic clock. */
    public long slewEnd() {
        return line.slewEnd;
    }

    /** Sets the time, and tells those who observe it. An offset that was being worked off is forgotten, and who it was set by. */
    public void set(long nanos) {
        lock.acquire();
        long now = clock.monotonicNanos();
        change(new Line(nanos - now, now, line.rate, 0, now), true);
        lock.release();
        discipline.clear();
    }

    /** Goes on at another rate; an offset is still worked off. */
    void setRate(long rate) {
        lock.acquire();
        long now = clock.monotonicNanos();
        change(new Line(line.at(now) - now, now, rate, line.slewRate, Math.max(now, line.slewEnd)), false);
        lock.release();
    }

    /** Goes faster or slower for some time, in place of what it did before of that. */
    void slew(long rate, long nanos) {
        lock.acquire();
        long now = clock.monotonicNanos();
        change(new Line(line.at(now) - now, now, line.rate, rate, now + nanos), false);
        lock.release();
    }

    /** How much is left of a slew, in nanoseconds of the monotonic clock. */
    long slewLeft() {
        return Math.max(0, line.slewEnd - clock.monotonicNanos());
    }

    /** The monotonic clock. */
    long monotonicNanos() {
        return clock.monotonicNanos();
    }

    private void change(Line next, boolean jumped) {
        line = next;
        for (Observer observer = first; observer != null; observer = observer.next) {
            observer.clockSet(jumped);
        }
    }

    /** The time of the monotonic clock at a time of day, as far as it is known now. */
    public long toMonotonic(long nanos) {
        return line.when(nanos);
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
