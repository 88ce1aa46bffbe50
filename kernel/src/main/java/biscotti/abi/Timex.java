package biscotti.abi;

/** {@code struct timex} of adjtimex(2) and clock_adjtime(2) ({@code linux/timex.h}). */
public final class Timex {
    /** Bytes of the structure. */
    public static final int BYTES = 208;

    /** Offset of the modes: what to change. */
    public static final int MODES = 0;

    /** Offset of the offset of the time that is being worked off. */
    public static final int OFFSET = 8;

    /** Offset of the correction of the rate. */
    public static final int FREQUENCY = 16;

    /** Offset of the maximum error, in microseconds. */
    public static final int MAX_ERROR = 24;

    /** Offset of the estimated error, in microseconds. */
    public static final int ESTIMATED_ERROR = 32;

    /** Offset of the status. */
    public static final int STATUS = 40;

    /** Offset of the time constant of the phase-locked loop. */
    public static final int CONSTANT = 48;

    /** Offset of the clock's precision, in microseconds. */
    public static final int PRECISION = 56;

    /** Offset of the clock's tolerance, in parts per million, times 2^16. */
    public static final int TOLERANCE = 64;

    /** Offset of the seconds of the time. */
    public static final int SECONDS = 72;

    /** Offset of the microseconds of the time. */
    public static final int MICROSECONDS = 80;

    /** Offset of the microseconds between ticks. */
    public static final int TICK = 88;

    /** Offset of how far atomic time is ahead, in seconds. */
    public static final int TAI = 160;

    /** Mode: set the offset. */
    public static final int ADJ_OFFSET = 1;

    /** Mode: set the correction of the rate. */
    public static final int ADJ_FREQUENCY = 2;

    /** Mode: set the maximum error. */
    public static final int ADJ_MAXERROR = 4;

    /** Mode: set the estimated error. */
    public static final int ADJ_ESTERROR = 8;

    /** Mode: set the status. */
    public static final int ADJ_STATUS = 0x10;

    /** Mode: set the time constant. */
    public static final int ADJ_TIMECONST = 0x20;

    /** Mode: set how far atomic time is ahead, from the constant. */
    public static final int ADJ_TAI = 0x80;

    /** Mode: set the microseconds between ticks. */
    public static final int ADJ_TICK = 0x4000;

    /** Mode: change by an offset of the time, once, as adjtime(3). */
    public static final int ADJ_ADJTIME = 0x8000;

    /** Mode: read what is left of adjtime(3). */
    public static final int ADJ_OFFSET_SS_READ = 0xa001;

    /** Mode: move the clock by the time given. */
    public static final int ADJ_SETOFFSET = 0x100;

    /** Mode: the time has nanoseconds in place of microseconds. */
    public static final int ADJ_NANO = 0x2000;

    /** Mode: the offset has microseconds, as at first. */
    public static final int ADJ_MICRO = 0x1000;

    /** Status: a phase-locked loop works offsets off. */
    public static final int STA_PLL = 1;

    /** Status: the clock is broken. */
    public static final int STA_CLOCKERR = 0x1000;

    /** Status: offset and time are in nanoseconds. */
    public static final int STA_NANO = 0x2000;

    /** Status: nobody synchronises the clock. */
    public static final int STA_UNSYNC = 0x40;

    /** The bits of the status that cannot be set. */
    public static final int STA_READ_ONLY = 0xff00;

    /** Result: the clock is synchronised. */
    public static final int TIME_OK = 0;

    /** Result: the clock is not synchronised. */
    public static final int TIME_ERROR = 5;

    /** Both errors of a clock that nobody synchronises, in microseconds. */
    public static final long UNKNOWN_ERROR = 16_000_000;

    private Timex() {}
}
