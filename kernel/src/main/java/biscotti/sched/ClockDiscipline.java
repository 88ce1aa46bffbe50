package biscotti.sched;

import biscotti.abi.Timex;
import java.util.concurrent.TimeUnit;

/**
 * How the time of day is steered, and what those who steer it say about it: the state behind adjtimex(2). The clock goes faster or
 * slower by a frequency and by the length of a tick; an offset is worked off at 500 parts per million, whether adjtime(3) gave it or
 * the phase-locked loop. Each method is one step; the spin lock is held for it.
 */
public final class ClockDiscipline {
    /** The greatest frequency: 500 parts per million, times 2^16. */
    public static final long MOST_FREQUENCY = 500L << 16;

    /** Microseconds of a tick that is neither longer nor shorter. */
    public static final long TICK = 10_000;

    private static final int LONGEST_CONSTANT = 10;
    private static final int MICRO_CONSTANT = 4;
    private static final int FIRST_CONSTANT = 2;
    private static final long MOST_OFFSET = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MOST_TAI = 100_000;
    private static final long NANOS_PER_MICRO = 1000;

    /** By how much an error grows in a second, in microseconds; and to which an offset is worked off. */
    private static final long PARTS_PER_MILLION = 500;

    private static final double PPM = 0x1p64 / 1e6;
    private static final long SLEW_RATE = (long) (PARTS_PER_MILLION * PPM);
    private static final long SLEW_FACTOR = 1_000_000 / PARTS_PER_MILLION;

    private final WallClock clock;
    private final SpinLock lock = new SpinLock();
    private int status = Timex.STA_UNSYNC;
    private long frequency;
    private long tick = TICK;
    private long maximumError = Timex.UNKNOWN_ERROR;
    private long maximumErrorSince;
    private long estimatedError = Timex.UNKNOWN_ERROR;
    private long constant = FIRST_CONSTANT;
    private long tai;
    private long slewSign;
    private boolean adjusts;

    ClockDiscipline(WallClock clock) {
        this.clock = clock;
    }

    /** The time was set: nobody knows how good it is. */
    void clear() {
        lock.acquire();
        status |= Timex.STA_UNSYNC;
        maximumError = Timex.UNKNOWN_ERROR;
        estimatedError = Timex.UNKNOWN_ERROR;
        slewSign = 0;
        lock.release();
    }

    /** The status; synchronisation is lost when the maximum error would grow beyond what it can be. */
    public int status() {
        return grownError() > Timex.UNKNOWN_ERROR ? status | Timex.STA_UNSYNC : status;
    }

    /** Sets the bits of the status that can be set. Who takes the loop away gives up. */
    public void setStatus(int wanted) {
        setMaximumError(maximumError());
        lock.acquire();
        boolean givesUp = (status & Timex.STA_PLL) != 0 && (wanted & Timex.STA_PLL) == 0;
        int kept = givesUp ? 0 : status & Timex.STA_READ_ONLY;
        status = kept | wanted & ~Timex.STA_READ_ONLY;
        lock.release();
    }

    /** Has offsets, and the time, be told in nanoseconds. */
    public void setNanoseconds(boolean nanoseconds) {
        lock.acquire();
        status = nanoseconds ? status | Timex.STA_NANO : status & ~Timex.STA_NANO;
        lock.release();
    }

    /** Whether they are. */
    public boolean isInNanoseconds() {
        return (status & Timex.STA_NANO) != 0;
    }

    /** The correction of the rate, in parts per million, times 2^16. */
    public long frequency() {
        return frequency;
    }

    /** Sets it; no more than {@link #MOST_FREQUENCY} either way. */
    public void setFrequency(long value) {
        frequency = Math.clamp(value, -MOST_FREQUENCY, MOST_FREQUENCY);
        applyRate();
    }

    /** The microseconds that a hundredth of a second has. */
    public long tick() {
        return tick;
    }

    /** Sets them; the caller has looked that they are not too far from {@link #TICK}. */
    public void setTick(long micros) {
        tick = micros;
        applyRate();
    }

    private void applyRate() {
        double parts = frequency / 0x1p16 + (tick - TICK) * (1e6 / TICK);
        clock.setRate((long) (parts * PPM));
    }

    /** The maximum error, which grows, in microseconds. */
    public long maximumError() {
        return Math.min(grownError(), Math.max(maximumError, Timex.UNKNOWN_ERROR));
    }

    private long grownError() {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(clock.monotonicNanos() - maximumErrorSince);
        return maximumError + seconds * PARTS_PER_MILLION;
    }

    /** Sets the maximum error. */
    public void setMaximumError(long micros) {
        maximumErrorSince = clock.monotonicNanos();
        maximumError = micros;
    }

    /** The estimated error, in microseconds. */
    public long estimatedError() {
        return estimatedError;
    }

    /** Sets the estimated error. */
    public void setEstimatedError(long micros) {
        estimatedError = micros;
    }

    /** The time constant of the loop. */
    public long constant() {
        return constant;
    }

    /** Sets the time constant; one for microseconds is another. */
    public void setConstant(long value) {
        long units = Math.clamp(value, 0, LONGEST_CONSTANT) + (isInNanoseconds() ? 0 : MICRO_CONSTANT);
        constant = Math.min(units, LONGEST_CONSTANT);
    }

    /** By how many seconds atomic time is ahead. */
    public long tai() {
        return tai;
    }

    /** Sets that; what cannot be is passed over. */
    public void setTai(long seconds) {
        tai = seconds >= 0 && seconds <= MOST_TAI ? seconds : tai;
    }

    /** What is left of the loop's offset, in nanoseconds. */
    public long offset() {
        return adjusts ? 0 : left();
    }

    /** Has the loop work an offset off, if there is one. */
    public void setOffset(long nanos) {
        if ((status & Timex.STA_PLL) != 0) {
            work(Math.clamp(nanos, -MOST_OFFSET, MOST_OFFSET), false);
        }
    }

    /** What is left of adjtime(3), in microseconds. */
    public long adjustment() {
        return adjusts ? left() / NANOS_PER_MICRO : 0;
    }

    /** adjtime(3): works an offset off; at most two thousand years of it. */
    public void adjust(long micros) {
        long most = Long.MAX_VALUE / NANOS_PER_MICRO / SLEW_FACTOR / 2;
        work(Math.clamp(micros, -most, most) * NANOS_PER_MICRO, true);
    }

    private long left() {
        return slewSign * ((clock.slewLeft() + SLEW_FACTOR - 1) / SLEW_FACTOR);
    }

    private void work(long nanos, boolean adjustment) {
        lock.acquire();
        adjusts = adjustment;
        slewSign = Long.signum(nanos);
        lock.release();
        clock.slew(slewSign * SLEW_RATE, Math.abs(nanos) * SLEW_FACTOR);
    }
}
