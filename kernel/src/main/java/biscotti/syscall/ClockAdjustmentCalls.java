package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.LittleEndian.getInt;
import static biscotti.abi.LittleEndian.getLong;
import static biscotti.abi.LittleEndian.putInt;
import static biscotti.abi.LittleEndian.putLong;

import biscotti.abi.Clocks;
import biscotti.abi.Timex;
import biscotti.process.UserThread;
import biscotti.process.identity.Credentials;
import java.util.concurrent.TimeUnit;

/** adjtimex(2) and clock_adjtime(2): the time of day is not steered, but may be read, and moved at once. */
public final class ClockAdjustmentCalls {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long NANOS_PER_MICRO = TimeUnit.MICROSECONDS.toNanos(1);
    private static final long TOLERANCE = 500L << 16;
    private static final long INITIAL_CONSTANT = 2;
    private static final long TICK_MICROS = TimeUnit.SECONDS.toMicros(1) / Clocks.TICKS_PER_SECOND;
    private static final long SHORTEST_TICK = TICK_MICROS - TICK_MICROS / 10;
    private static final long LONGEST_TICK = TICK_MICROS + TICK_MICROS / 10;

    /** The family has no state. */
    public ClockAdjustmentCalls() {}

    /** adjtimex(2). */
    @SystemCall(
            number = 159,
            name = "adjtimex",
            support = Support.PARTIAL,
            note = "reads, and ADJ_SETOFFSET; the clock is not steered: all but the present values is EOPNOTSUPP")
    public long adjtimex(UserThread caller, long timex) {
        byte[] bytes = new byte[Timex.BYTES];
        int error = caller.memory().read(timex, bytes, 0, bytes.length);
        if (error < 0) {
            return error;
        }
        int modes = getInt(bytes, Timex.MODES);
        boolean reads = modes == 0 || modes == Timex.ADJ_OFFSET_SS_READ;
        if ((modes & Timex.ADJ_ADJTIME) != 0 && (modes & 1) == 0) {
            return -EINVAL;
        }
        if (!reads && !caller.identity().has(Credentials.CAP_SYS_TIME)) {
            return -EPERM;
        }
        if (!reads) {
            long changed = change(caller, bytes, modes);
            if (changed < 0) {
                return changed;
            }
        }
        java.util.Arrays.fill(bytes, (byte) 0);
        fill(bytes, modes, caller.process().system().wallClock().nanos());
        error = caller.memory().write(timex, bytes, 0, bytes.length);
        return error < 0 ? error : Timex.TIME_ERROR;
    }

    /** Does what the modes ask for: 0; -EINVAL; -EOPNOTSUPP if that is to steer the clock. */
    private static long change(UserThread caller, byte[] bytes, int modes) {
        if ((modes & Timex.ADJ_ADJTIME) != 0) {
            return getLong(bytes, Timex.OFFSET) == 0 ? 0 : -EOPNOTSUPP;
        }
        long tick = getLong(bytes, Timex.TICK);
        if ((modes & Timex.ADJ_TICK) != 0 && (tick < SHORTEST_TICK || tick > LONGEST_TICK)) {
            return -EINVAL;
        }
        if (steers(bytes, modes)) {
            return -EOPNOTSUPP;
        }
        return (modes & Timex.ADJ_SETOFFSET) == 0 ? 0 : move(caller, bytes, (modes & Timex.ADJ_NANO) != 0);
    }

    /** Whether the modes set anything to another value than it has for ever. */
    private static boolean steers(byte[] bytes, int modes) {
        int status = getInt(bytes, Timex.STATUS) & ~Timex.STA_READ_ONLY;
        boolean nanoseconds = (modes & Timex.ADJ_NANO) != 0 && (modes & Timex.ADJ_SETOFFSET) == 0;
        return nanoseconds
                || differs(bytes, modes, Timex.ADJ_OFFSET, Timex.OFFSET, 0)
                || differs(bytes, modes, Timex.ADJ_FREQUENCY, Timex.FREQUENCY, 0)
                || differs(bytes, modes, Timex.ADJ_MAXERROR, Timex.MAX_ERROR, Timex.UNKNOWN_ERROR)
                || differs(bytes, modes, Timex.ADJ_ESTERROR, Timex.ESTIMATED_ERROR, Timex.UNKNOWN_ERROR)
                || (modes & Timex.ADJ_STATUS) != 0 && status != Timex.STA_UNSYNC
                || differs(bytes, modes, Timex.ADJ_TIMECONST, Timex.CONSTANT, INITIAL_CONSTANT)
                || differs(bytes, modes, Timex.ADJ_TAI, Timex.CONSTANT, 0)
                || differs(bytes, modes, Timex.ADJ_TICK, Timex.TICK, TICK_MICROS);
    }

    private static boolean differs(byte[] bytes, int modes, int mode, int offset, long present) {
        return (modes & mode) != 0 && getLong(bytes, offset) != present;
    }

    private static long move(UserThread caller, byte[] bytes, boolean nanoseconds) {
        long seconds = getLong(bytes, Timex.SECONDS);
        long fraction = getLong(bytes, Timex.MICROSECONDS) * (nanoseconds ? 1 : NANOS_PER_MICRO);
        long most = Long.MAX_VALUE / NANOS_PER_SECOND / 2;
        if (fraction < 0 || fraction >= NANOS_PER_SECOND || seconds > most || seconds < -most) {
            return -EINVAL;
        }
        long now = caller.process().system().wallClock().nanos();
        return ClockCalls.setTime(caller, now + seconds * NANOS_PER_SECOND + fraction);
    }

    private static void fill(byte[] bytes, int modes, long now) {
        putInt(bytes, Timex.MODES, modes);
        putLong(bytes, Timex.MAX_ERROR, Timex.UNKNOWN_ERROR);
        putLong(bytes, Timex.ESTIMATED_ERROR, Timex.UNKNOWN_ERROR);
        putInt(bytes, Timex.STATUS, Timex.STA_UNSYNC);
        putLong(bytes, Timex.CONSTANT, INITIAL_CONSTANT);
        putLong(bytes, Timex.PRECISION, 1);
        putLong(bytes, Timex.TOLERANCE, TOLERANCE);
        putLong(bytes, Timex.SECONDS, now / NANOS_PER_SECOND);
        putLong(bytes, Timex.MICROSECONDS, now % NANOS_PER_SECOND / NANOS_PER_MICRO);
        putLong(bytes, Timex.TICK, TICK_MICROS);
    }

    /** clock_adjtime(2). */
    @SystemCall(
            number = 305,
            name = "clock_adjtime",
            support = Support.PARTIAL,
            note = "reads, and ADJ_SETOFFSET; the clock is not steered: all but the present values is EOPNOTSUPP")
    public long clockAdjtime(UserThread caller, int clock, long timex) {
        if (clock == Clocks.REALTIME) {
            return adjtimex(caller, timex);
        }
        return ClockCalls.exists(caller, clock) ? -EOPNOTSUPP : -EINVAL;
    }
}
