package biscotti.syscall;

import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.Clocks;
import biscotti.abi.Restart;
import biscotti.process.CpuClock;
import biscotti.process.CpuTimer;
import biscotti.process.SleepRestart;
import biscotti.process.UserThread;
import biscotti.process.identity.Credentials;
import biscotti.sched.Deadline;
import biscotti.sched.Waiter;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** System calls about clocks, and sleeping by them. */
public final class ClockCalls {
    /** Coarse clocks, and CPU clocks by ticks, move with the tick of Debian's Linux. */
    private static final long TICK_NANOS = 4_000_000;

    private static final long NO_CLOCK = -EINVAL;

    /** The family has no state. */
    public ClockCalls() {}

    /** Whether there is such a clock. */
    static boolean exists(UserThread caller, int clock) {
        return isAlwaysThere(clock) || CpuClock.find(caller, clock, false).isPresent();
    }

    private static boolean isAlwaysThere(int clock) {
        return clock >= Clocks.REALTIME
                && clock <= Clocks.TAI
                && clock != Clocks.PROCESS_CPUTIME
                && clock != Clocks.THREAD_CPUTIME
                && clock != Clocks.SGI_CYCLE;
    }

    /** What a clock shows, in nanoseconds; negative if there is no such clock. */
    private static long read(UserThread caller, int clock) {
        return switch (clock) {
            case Clocks.REALTIME, Clocks.REALTIME_COARSE, Clocks.REALTIME_ALARM, Clocks.TAI ->
                caller.process().system().wallClock().nanos();
            case Clocks.MONOTONIC,
                    Clocks.MONOTONIC_RAW,
                    Clocks.MONOTONIC_COARSE,
                    Clocks.BOOTTIME,
                    Clocks.BOOTTIME_ALARM -> caller.process().system().now();
            default -> {
                caller.kernelThread().chargeNow();
                yield CpuClock.find(caller, clock, true).map(CpuClock::nanos).orElse(NO_CLOCK);
            }
        };
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
        if (!exists(caller, clock)) {
            return -EINVAL;
        }
        boolean coarse = clock == Clocks.REALTIME_COARSE
                || clock == Clocks.MONOTONIC_COARSE
                || (clock < 0 && (clock & Clocks.CPU_KIND) != Clocks.CPU_SCHED);
        return resolution == 0 ? 0 : Structures.writeTimespec(caller.memory(), resolution, coarse ? TICK_NANOS : 1);
    }

    /** clock_settime(2). */
    @SystemCall(number = 227, name = "clock_settime")
    public long clockSettime(UserThread caller, int clock, long time) {
        if (clock != Clocks.REALTIME && clock >= 0) {
            return -EINVAL;
        }
        long nanos = Structures.readTimespec(caller.memory(), time);
        if (clock < 0) {
            return nanos == -EINVAL || nanos >= 0 ? exists(caller, clock) ? -EPERM : -EINVAL : nanos;
        }
        return nanos < 0 ? nanos : setTime(caller, nanos);
    }

    /** Beyond this, a machine that runs for thirty years would come to the end of what the nanoseconds can count. */
    private static final long LATEST_TIME = TimeUnit.SECONDS.toNanos(
            TimeUnit.NANOSECONDS.toSeconds(Long.MAX_VALUE) - TimeUnit.DAYS.toSeconds(30L * 365));

    /**
     * Sets the time of day, if the caller may; it cannot be earlier than when the machine would have been started before 1970, nor
     * so late that it soon overflows.
     */
    static long setTime(UserThread caller, long nanos) {
        if (!caller.identity().has(Credentials.CAP_SYS_TIME)) {
            return -EPERM;
        }
        if (nanos < caller.process().system().now() || nanos >= LATEST_TIME) {
            return -EINVAL;
        }
        caller.process().system().wallClock().set(nanos);
        return 0;
    }

    /** nanosleep(2). */
    @SystemCall(number = 35, name = "nanosleep")
    public long nanosleep(UserThread caller, long request, long remaining) {
        return clockNanosleep(caller, Clocks.MONOTONIC, 0, request, remaining);
    }

    /** clock_nanosleep(2). */
    @SystemCall(number = 230, name = "clock_nanosleep")
    public long clockNanosleep(UserThread caller, int clock, int flags, long request, long remaining) {
        boolean realTime = clock == Clocks.REALTIME || clock == Clocks.TAI || clock == Clocks.REALTIME_ALARM;
        boolean monotonic = clock == Clocks.MONOTONIC || clock == Clocks.BOOTTIME || clock == Clocks.BOOTTIME_ALARM;
        Optional<CpuClock> cpu = CpuClock.find(caller, clock, false);
        if (cpu.isEmpty() && !realTime && !monotonic) {
            return isAlwaysThere(clock) ? -EOPNOTSUPP : -EINVAL;
        }
        if (clock == Clocks.THREAD_CPUTIME) {
            return -EOPNOTSUPP;
        }
        long nanos = Structures.readTimespec(caller.memory(), request);
        if (nanos < 0) {
            return nanos;
        }
        boolean absolute = (flags & Clocks.TIMER_ABSTIME) != 0;
        boolean alarm = clock == Clocks.REALTIME_ALARM || clock == Clocks.BOOTTIME_ALARM;
        boolean forbidden = alarm && !caller.identity().has(Credentials.CAP_WAKE_ALARM);
        if ((alarm && (flags & ~Clocks.TIMER_ABSTIME) != 0)
                || (cpu.isPresent() && cpu.get().isOf(caller))) {
            return -EINVAL;
        }
        if (forbidden) {
            return -EPERM;
        }
        if (!absolute) {
            int by = cpu.isPresent() ? clock : Clocks.MONOTONIC;
            return sleep(caller, by, later(read(caller, by), nanos), remaining);
        }
        int result = cpu.isPresent()
                ? sleepByCpuTime(caller, cpu.get(), nanos)
                : caller.kernelThread()
                        .sleepUntil(realTime ? Deadlines.atTimeOfDay(caller, nanos) : Deadline.at(nanos));
        return result == 0 ? 0 : -Restart.ERESTARTNOHAND;
    }

    private static long later(long time, long nanos) {
        long sum = time + nanos;
        return sum < 0 ? Waiter.FOREVER : sum;
    }

    /** Sleeps until a clock of CPU time shows a time: 0 or -EINTR. */
    private static int sleepByCpuTime(UserThread caller, CpuClock clock, long deadline) {
        Waiter waiter = caller.kernelThread().waiter();
        CpuTimer timer = new CpuTimer(clock, waiter::wake);
        waiter.reset();
        timer.arm(deadline);
        int result = clock.nanos() >= deadline ? 0 : waiter.sleep(Waiter.FOREVER);
        timer.cancel();
        return result;
    }

    /** Sleeps for a while, by the monotonic clock or CPU time; a handler ends it, and the program learns what was left. */
    private static long sleep(UserThread caller, int clock, long deadline, long remaining) {
        Optional<CpuClock> cpu = CpuClock.find(caller, clock, false);
        int result = cpu.isPresent()
                ? sleepByCpuTime(caller, cpu.get(), deadline)
                : caller.kernelThread().sleepUntil(deadline);
        if (result != -EINTR) {
            return 0;
        }
        long left = Math.max(0, deadline - Math.max(0, read(caller, clock)));
        if (left == 0) {
            return 0;
        }
        int error = remaining == 0 ? 0 : Structures.writeTimespec(caller.memory(), remaining, left);
        caller.sleepRestart().set(clock, deadline, remaining);
        return error < 0 ? error : -Restart.ERESTART_RESTARTBLOCK;
    }

    /** restart_syscall(2): goes on with a wait that a stop interrupted. */
    @SystemCall(number = 219, name = "restart_syscall")
    public long restartSyscall(UserThread caller) {
        SleepRestart wait = caller.sleepRestart();
        return switch (wait.kind()) {
            case NONE -> -Restart.EINTR_ALWAYS;
            case SLEEP -> sleep(caller, wait.clock(), wait.deadline(), wait.remaining());
            case POLL -> PollCalls.pollUntil(caller, wait.deadline());
            case FUTEX -> FutexCalls.awaitUntil(caller, wait.deadline());
        };
    }
}
