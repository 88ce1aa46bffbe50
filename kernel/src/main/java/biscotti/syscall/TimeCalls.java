package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.Clocks;
import biscotti.memory.UserMemory;
import biscotti.process.IntervalTimers;
import biscotti.process.ProcessTimes;
import biscotti.process.UserThread;
import biscotti.process.identity.Credentials;
import java.util.concurrent.TimeUnit;

/** System calls about the time of day, the time used, and interval timers. */
public final class TimeCalls {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long NANOS_PER_TICK = NANOS_PER_SECOND / Clocks.TICKS_PER_SECOND;
    private static final int TIMEVAL_BYTES = 16;
    /** No time zone is farther away from UTC. */
    private static final int WIDEST_ZONE_MINUTES = 15 * 60;

    /** The family has no state. */
    public TimeCalls() {}

    /** gettimeofday(2). */
    @SystemCall(number = 96, name = "gettimeofday")
    public long gettimeofday(UserThread caller, long time, long zone) {
        long nanos = caller.process().system().wallClock().nanos();
        int error = time == 0 ? 0 : Structures.writeTimeval(caller.memory(), time, nanos);
        return error < 0 || zone == 0 ? error : caller.memory().writeLong(zone, 0);
    }

    /** settimeofday(2). */
    @SystemCall(number = 164, name = "settimeofday", support = Support.PARTIAL, note = "the time zone is not kept")
    public long settimeofday(UserThread caller, long time, long zone) {
        long nanos = time == 0 ? 0 : Structures.readTimeval(caller.memory(), time);
        long west = zone == 0 ? 0 : caller.memory().readInt(zone);
        if (nanos < 0 || west < 0) {
            return nanos < 0 ? nanos : west;
        }
        if (!caller.identity().has(Credentials.CAP_SYS_TIME)) {
            return -EPERM;
        }
        if (Math.abs((long) (int) west) > WIDEST_ZONE_MINUTES) {
            return -EINVAL;
        }
        return time == 0 ? 0 : ClockCalls.setTime(caller, nanos);
    }

    /** time(2). */
    @SystemCall(number = 201, name = "time")
    public long time(UserThread caller, long result) {
        long seconds = caller.process().system().wallClock().nanos() / NANOS_PER_SECOND;
        int error = result == 0 ? 0 : caller.memory().writeLong(result, seconds);
        return error < 0 ? error : seconds;
    }

    /** times(2). */
    @SystemCall(number = 100, name = "times")
    public long times(UserThread caller, long result) {
        ProcessTimes times = caller.process().times();
        ProcessTimes.Usage own = times.total();
        ProcessTimes.Usage children = times.children();
        long[] values = {
            own.userNanos(), own.systemNanos(), children.userNanos(), children.systemNanos(),
        };
        for (int i = 0; i < values.length && result != 0; i++) {
            int error = caller.memory().writeLong(result + i * 8L, values[i] / NANOS_PER_TICK);
            if (error < 0) {
                return error;
            }
        }
        return caller.process().system().now() / NANOS_PER_TICK;
    }

    /** getitimer(2). */
    @SystemCall(number = 36, name = "getitimer")
    public long getitimer(UserThread caller, int which, long value) {
        if (which < Clocks.ITIMER_REAL || which > Clocks.ITIMER_PROF) {
            return -EINVAL;
        }
        return write(caller.memory(), value, caller.process().timers().get(which));
    }

    /** setitimer(2). */
    @SystemCall(number = 38, name = "setitimer")
    public long setitimer(UserThread caller, int which, long value, long oldValue) {
        if (which < Clocks.ITIMER_REAL || which > Clocks.ITIMER_PROF) {
            return -EINVAL;
        }
        long interval = value == 0 ? 0 : Structures.readTimeval(caller.memory(), value);
        long remaining = value == 0 ? 0 : Structures.readTimeval(caller.memory(), value + TIMEVAL_BYTES);
        if (interval < 0 || remaining < 0) {
            return interval < 0 ? interval : remaining;
        }
        IntervalTimers.Setting before =
                caller.process().timers().set(which, new IntervalTimers.Setting(remaining, interval));
        return oldValue == 0 ? 0 : write(caller.memory(), oldValue, before);
    }

    private static int write(UserMemory memory, long address, IntervalTimers.Setting setting) {
        int error = Structures.writeTimeval(memory, address, setting.interval());
        return error < 0 ? error : Structures.writeTimeval(memory, address + TIMEVAL_BYTES, setting.remaining());
    }

    /** alarm(2). */
    @SystemCall(number = 37, name = "alarm")
    public long alarm(UserThread caller, int seconds) {
        long nanos = Integer.toUnsignedLong(seconds) * NANOS_PER_SECOND;
        long left = caller.process()
                .timers()
                .set(Clocks.ITIMER_REAL, new IntervalTimers.Setting(nanos, 0))
                .remaining();
        long rounded = (left + NANOS_PER_SECOND / 2) / NANOS_PER_SECOND;
        return left > 0 ? Math.max(1, rounded) : 0;
    }
}
