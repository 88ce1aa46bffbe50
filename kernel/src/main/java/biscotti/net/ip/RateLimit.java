package biscotti.net.ip;

import java.util.concurrent.atomic.AtomicLong;

/** Lets something happen so often in the long run, with a burst now and then: a leaky bucket. */
final class RateLimit {
    private final long interval;
    private final long slack;
    private final AtomicLong next = new AtomicLong(Long.MIN_VALUE / 2);

    /**
     * A limit.
     *
     * @param interval nanoseconds for each time
     * @param burst how often at once
     */
    RateLimit(long interval, int burst) {
        this.interval = interval;
        this.slack = interval * (burst - 1);
    }

    /** Whether it may happen now. */
    boolean allows(long now) {
        long due = next.get();
        return due - now <= slack && next.compareAndSet(due, Math.max(due, now) + interval);
    }
}
