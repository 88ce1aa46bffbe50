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
import biscotti.sched.ClockDiscipline;
import java.util.concurrent.TimeUnit;

/** adjtimex(2) and clock_adjtime(2): the time of day is moved, or steered. */
public final class ClockAdjustmentCalls {
    private static final String NOTE =
            "the monotonic clock keeps its rate; an offset is worked off evenly, and teaches no frequency; no leap seconds";

    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long NANOS_PER_MICRO = TimeUnit.MICROSECONDS.toNanos(1);
    private static final long SHORTEST_TICK = ClockDiscipline.TICK - ClockDiscipline.TICK / 10;
    private static final long LONGEST_TICK = ClockDiscipline.TICK + ClockDiscipline.TICK / 10;

    /** Frequencies beyond do not fit in what Linux computes with. */
    private static final long MOST_FREQUENCY = Long.MAX_VALUE / (1000L << 16);

    /** The family has no state. */
    public ClockAdjustmentCalls() {}

    /** adjtimex(2). */
    @SystemCall(number = 159, name = "adjtimex", support = Support.PARTIAL, note = NOTE)
    public long adjtimex(UserThread caller, long timex) {
        byte[] bytes = new byte[Timex.BYTES];
        int error = caller.memory().read(timex, bytes, 0, bytes.length);
        if (error < 0) {
            return error;
        }
        int modes = getInt(bytes, Timex.MODES);
        ClockDiscipline discipline = caller.process().system().wallClock().discipline();
        long adjustment = discipline.adjustment();
        long changed = change(caller, discipline, bytes, modes);
        if (changed < 0) {
            return changed;
        }
        java.util.Arrays.fill(bytes, (byte) 0);
        boolean adjtime = (modes & Timex.ADJ_ADJTIME) != 0;
        fill(bytes, modes, discipline, caller.process().system().wallClock().nanos());
        if (adjtime) {
            putLong(bytes, Timex.OFFSET, adjustment);
        }
        error = caller.memory().write(timex, bytes, 0, bytes.length);
        boolean wrong = (discipline.status() & (Timex.STA_UNSYNC | Timex.STA_CLOCKERR)) != 0;
        return error < 0 ? error : wrong ? Timex.TIME_ERROR : Timex.TIME_OK;
    }

    /** Does what the modes ask for: 0, -EINVAL, -EPERM. */
    private static long change(UserThread caller, ClockDiscipline discipline, byte[] bytes, int modes) {
        boolean adjtime = (modes & Timex.ADJ_ADJTIME) != 0;
        boolean reads = adjtime ? (modes & Timex.ADJ_NANO) != 0 : modes == 0;
        if (adjtime && (modes & Timex.ADJ_OFFSET) == 0) {
            return -EINVAL;
        }
        if (!reads && !caller.identity().has(Credentials.CAP_SYS_TIME)) {
            return -EPERM;
        }
        if (adjtime) {
            if (!reads) {
                discipline.adjust(getLong(bytes, Timex.OFFSET));
            }
            return 0;
        }
        long tick = getLong(bytes, Timex.TICK);
        if ((modes & Timex.ADJ_TICK) != 0 && (tick < SHORTEST_TICK || tick > LONGEST_TICK)) {
            return -EINVAL;
        }
        long frequency = getLong(bytes, Timex.FREQUENCY);
        boolean beyond = frequency > MOST_FREQUENCY || frequency < -MOST_FREQUENCY;
        if ((modes & Timex.ADJ_FREQUENCY) != 0 && beyond) {
            return -EINVAL;
        }
        long error = (modes & Timex.ADJ_SETOFFSET) == 0 ? 0 : move(caller, bytes, (modes & Timex.ADJ_NANO) != 0);
        if (error == 0) {
            steer(discipline, bytes, modes);
        }
        return error;
    }

    /** The order is Linux's: what comes first bears on what follows. */
    private static void steer(ClockDiscipline discipline, byte[] bytes, int modes) {
        if ((modes & Timex.ADJ_STATUS) != 0) {
            discipline.setStatus(getInt(bytes, Timex.STATUS));
        }
        if ((modes & Timex.ADJ_NANO) != 0) {
            discipline.setNanoseconds(true);
        }
        if ((modes & Timex.ADJ_MICRO) != 0) {
            discipline.setNanoseconds(false);
        }
        if ((modes & Timex.ADJ_FREQUENCY) != 0) {
            discipline.setFrequency(getLong(bytes, Timex.FREQUENCY));
        }
        if ((modes & Timex.ADJ_MAXERROR) != 0) {
            discipline.setMaximumError(getLong(bytes, Timex.MAX_ERROR));
        }
        if ((modes & Timex.ADJ_ESTERROR) != 0) {
            discipline.setEstimatedError(getLong(bytes, Timex.ESTIMATED_ERROR));
        }
        if ((modes & Timex.ADJ_TIMECONST) != 0) {
            discipline.setConstant(getLong(bytes, Timex.CONSTANT));
        }
        if ((modes & Timex.ADJ_TAI) != 0) {
            discipline.setTai(getLong(bytes, Timex.CONSTANT));
        }
        if ((modes & Timex.ADJ_OFFSET) != 0) {
            long offset = Math.clamp(getLong(bytes, Timex.OFFSET), -NANOS_PER_SECOND, NANOS_PER_SECOND);
            discipline.setOffset(discipline.isInNanoseconds() ? offset : offset * NANOS_PER_MICRO);
        }
        if ((modes & Timex.ADJ_TICK) != 0) {
            discipline.setTick(getLong(bytes, Timex.TICK));
        }
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

    private static void fill(byte[] bytes, int modes, ClockDiscipline discipline, long now) {
        long unit = discipline.isInNanoseconds() ? 1 : NANOS_PER_MICRO;
        putInt(bytes, Timex.MODES, modes);
        putLong(bytes, Timex.OFFSET, discipline.offset() / unit);
        putLong(bytes, Timex.FREQUENCY, discipline.frequency());
        putLong(bytes, Timex.MAX_ERROR, discipline.maximumError());
        putLong(bytes, Timex.ESTIMATED_ERROR, discipline.estimatedError());
        putInt(bytes, Timex.STATUS, discipline.status());
        putLong(bytes, Timex.CONSTANT, discipline.constant());
        putLong(bytes, Timex.PRECISION, 1);
        putLong(bytes, Timex.TOLERANCE, ClockDiscipline.MOST_FREQUENCY);
        putLong(bytes, Timex.SECONDS, now / NANOS_PER_SECOND);
        putLong(bytes, Timex.MICROSECONDS, now % NANOS_PER_SECOND / unit);
        putLong(bytes, Timex.TICK, discipline.tick());
        putInt(bytes, Timex.TAI, (int) discipline.tai());
    }

    /** clock_adjtime(2). */
    @SystemCall(number = 305, name = "clock_adjtime", support = Support.PARTIAL, note = NOTE)
    public long clockAdjtime(UserThread caller, int clock, long timex) {
        if (clock == Clocks.REALTIME) {
            return adjtimex(caller, timex);
        }
        return ClockCalls.exists(caller, clock) ? -EOPNOTSUPP : -EINVAL;
    }
}
