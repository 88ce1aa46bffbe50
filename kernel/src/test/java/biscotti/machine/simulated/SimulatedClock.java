package biscotti.machine.simulated;

import biscotti.machine.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The clock: the host's, or one that stands still until a test moves it ({@link SimulatedMachine.Builder#manualClock}).
 */
public final class SimulatedClock extends Clock {
    /** What a manual clock shows at first. */
    public static final long MANUAL_START = TimeUnit.SECONDS.toNanos(1);

    /** A time of day to begin with: nanoseconds since 1970. */
    public static final long TIME_OF_DAY = 1_750_000_000_000_000_000L;

    private final boolean manual;
    private final long hostStart = System.nanoTime();
    private final AtomicLong manualNow = new AtomicLong(MANUAL_START);
    private final SimulatedProcessors processors;

    SimulatedClock(boolean manual, SimulatedProcessors processors) {
        this.manual = manual;
        this.processors = processors;
    }

    @Override
    public long monotonicNanos() {
        return manual ? manualNow.get() : System.nanoTime() - hostStart + 1;
    }

    /** Whether tests move the clock. */
    public boolean manual() {
        return manual;
    }

    /** Moves a manual clock forward; idle CPUs whose deadline comes are woken. */
    public void advance(long nanos) {
        if (!manual) {
            throw new IllegalStateException("the clock runs by itself");
        }
        manualNow.addAndGet(nanos);
        processors.clockMoved();
    }

    @Override
    public long tscBase() {
        return 0;
    }

    @Override
    public long tscMultiplier() {
        return 1L << 32;
    }
}
