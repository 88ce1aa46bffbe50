package biscotti.heap;

import biscotti.machine.Clock;
import java.util.concurrent.atomic.AtomicLong;

/** Counts for /proc/biscotti/heap. */
public final class HeapStatistics {
    private final Clock clock;
    private final AtomicLong waits = new AtomicLong();
    private final AtomicLong longestWait = new AtomicLong();
    private final AtomicLong waited = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();
    private final AtomicLong forced = new AtomicLong();
    private final AtomicLong shrinks = new AtomicLong();
    private final AtomicLong kills = new AtomicLong();

    HeapStatistics(Clock clock) {
        this.clock = clock;
    }

    /** A wait begins: the time, for {@link #waitEnds}. */
    long waitBegins() {
        waits.incrementAndGet();
        return clock.monotonicNanos();
    }

    void waitEnds(long since) {
        long nanos = clock.monotonicNanos() - since;
        waited.addAndGet(nanos);
        longestWait.accumulateAndGet(nanos, Math::max);
    }

    void refused() {
        refusals.incrementAndGet();
    }

    void collected() {
        forced.incrementAndGet();
    }

    void shrunk() {
        shrinks.incrementAndGet();
    }

    void killed() {
        kills.incrementAndGet();
    }

    /** How many reservations had to wait. */
    public long waits() {
        return waits.get();
    }

    /** The longest wait that has ended, in nanoseconds. */
    public long longestWait() {
        return longestWait.get();
    }

    /** All waits that have ended together, in nanoseconds. */
    public long waited() {
        return waited.get();
    }

    /** How many reservations were refused. */
    public long refusals() {
        return refusals.get();
    }

    /** How many collections the killer has asked for. */
    public long forcedCollections() {
        return forced.get();
    }

    /** How often caches were told to give memory back. */
    public long shrinks() {
        return shrinks.get();
    }

    /** How many processes the killer has ended. */
    public long kills() {
        return kills.get();
    }
}
