package biscotti.syscall;

import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.Clocks;
import biscotti.abi.Restart;
import biscotti.memory.UserMemory;
import biscotti.process.Credentials;
import biscotti.process.IntervalTimers;
import biscotti.process.Process;
import biscotti.process.ProcessTimes;
import biscotti.process.UserThread;
import biscotti.sched.KernelThread;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** System calls about clocks, sleeping and interval timers. */
public final class TimeCalls {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long NANOS_PER_TICK = NANOS_PER_SECOND / Clocks.TICKS_PER_SECOND;
    private static final int TIMEVAL_BYTES = 16;

    /** Coarse clocks move with the tick of Linux's smallest configuration. */
    private static final long COARSE_NANOS = 4_000_000;

    private static final long NO_CLOCK = -EINVAL;

    /** The family has no state. */
    public TimeCalls() {}

    /** What a clock shows, in nanoseconds; negative if there is no such clock. */
    private static long read(UserThread caller, int clock) {
        Process process = caller.process();
        return switch (clock) {
            case Clocks.REALTIME, Clocks.REALTIME_COARSE, Clocks.REALTIME_ALARM, Clocks.TAI ->
                process.system().wallClock().nanos();
            case Clocks.MONOTONIC,
                    Clocks.MONOTONIC_RAW,
                    Clocks.MONOTONIC_COARSE,
                    Clocks.BOOTTIME,
                    Clocks.BOOTTIME_ALARM -> process.system().now();
            case Clocks.PROCESS_CPUTIME -> cpuTime(process);
            case Clocks.THREAD_CPUTIME -> caller.kernelThread().runNanos();
            default -> clock < 0 ? readOther(caller, clock) : NO_CLOCK;
        };
    }

    /** CPU clocks of others: the complement of the number, with two bits for the kind and one for threads (clock_getres(2)). */
    private static long readOther(UserThread caller, int clock) {
        int number = ~(clock >> 3);
        boolean thread = (clock & 4) != 0;
        if ((clock & 3) == 3) {
            return NO_CLOCK;
        }
        if (thread) {
            return number == 0
                    ? caller.kernelThread().runNanos()
                    : caller.process()
                            .system()
                            .table()
                            .thread(number)
                            .map(UserThread::kernelThread)
                            .map(KernelThread::runNanos)
                            .orElse(NO_CLOCK);
        }
        Optional<Process> process = number == 0
                ? Optional.of(caller.process())
                : caller.process().system().table().process(number);
        return process.map(TimeCalls::cpuTime).orElse(NO_CLOCK);
    }

    private static long cpuTime(Process process) {
        ProcessTimes.Usage used = process.times().total();
        return used.userNanos() + used.systemNanos();
    }

    /** clock_gettime(2). */
    @SystemCall(number = 228, name = "clock_gettime")
    public long clockGettime(UserThread caller, int clock, long time) {
        long nanos = read(caller, clock);
        return nanos < 0 ? nanos : Structures.writeTimespec(caller.memory(), time, nanos);
    }

    /** clock_getres(2). */
    @SystemCall(number = 229, name = "clock_getres")
    public long clockGetres(UserThread caller, int clock, long resolution) {
        long nanos = read(caller, clock);
        if (nanos < 0) {
            return nanos;
        }
        boolean coarse = clock == Clocks.REALTIME_COARSE || clock == Clocks.MONOTONIC_COARSE;
        return resolution == 0 ? 0 : Structures.writeTimespec(caller.memory(), resolution, coarse ? COARSE_NANOS : 1);
    }

    /** clock_settime(2). */
    @SystemCall(number = 227, name = "clock_settime")
    public long clockSettime(UserThread caller, int clock, long time) {
        long nanos = Structures.readTimespec(caller.memory(), time);
        if (nanos < 0 || clock != Clocks.REALTIME) {
            return nanos < 0 ? nanos : -EINVAL;
        }
        return setTime(caller, nanos);
    }

    private static long setTime(UserThread caller, long nanos) {
        if (!caller.process().credentials().has(Credentials.CAP_SYS_TIME)) {
            return -EPERM;
        }
        caller.process().system().wallClock().set(nanos);
        return 0;
    }

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
        return nanos < 0 || time == 0 ? nanos : setTime(caller, nanos);
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

    /** nanosleep(2). */
    @SystemCall(number = 35, name = "nanosleep")
    public long nanosleep(UserThread caller, long request, long remaining) {
        return clockNanosleep(caller, Clocks.MONOTONIC, 0, request, remaining);
    }

    /** clock_nanosleep(2). */
    @SystemCall(
            number = 230,
            name = "clock_nanosleep",
            support = Support.PARTIAL,
            note = "not on clocks of CPU time; setting the clock does not move a sleep that has begun")
    public long clockNanosleep(UserThread caller, int clock, int flags, long request, long remaining) {
        boolean realTime = clock == Clocks.REALTIME || clock == Clocks.TAI || clock == Clocks.REALTIME_ALARM;
        boolean monotonic = clock == Clocks.MONOTONIC || clock == Clocks.BOOTTIME || clock == Clocks.BOOTTIME_ALARM;
        if (!realTime && !monotonic) {
            return clock == Clocks.PROCESS_CPUTIME ? -EOPNOTSUPP : -EINVAL;
        }
        long nanos = Structures.readTimespec(caller.memory(), request);
        if (nanos < 0) {
            return nanos;
        }
        if ((flags & Clocks.TIMER_ABSTIME) != 0) {
            long deadline = realTime ? Deadlines.atTimeOfDay(caller, nanos) : nanos;
            return caller.kernelThread().sleepUntil(deadline) == 0 ? 0 : -Restart.ERESTARTNOHAND;
        }
        return sleep(caller, Deadlines.after(caller, nanos), remaining);
    }

    /** Sleeps for a while; a handler ends it, and the program learns what was left. */
    private static long sleep(UserThread caller, long deadline, long remaining) {
        if (caller.kernelThread().sleepUntil(deadline) != -EINTR) {
            return 0;
        }
        long left = Math.max(0, deadline - caller.process().system().now());
        if (left == 0) {
            return 0;
        }
        int error = remaining == 0 ? 0 : Structures.writeTimespec(caller.memory(), remaining, left);
        caller.setRestartDeadline(deadline);
        caller.setRestartRemaining(remaining);
        return error < 0 ? error : -Restart.ERESTART_RESTARTBLOCK;
    }

    /** restart_syscall(2): goes on with a sleep that a stop interrupted. */
    @SystemCall(number = 219, name = "restart_syscall")
    public long restartSyscall(UserThread caller) {
        return sleep(caller, caller.restartDeadline(), caller.restartRemaining());
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
