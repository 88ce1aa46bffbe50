package biscotti.syscall;

import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;
import static biscotti.abi.LittleEndian.getInt;
import static biscotti.abi.LittleEndian.getLong;

import biscotti.abi.Clocks;
import biscotti.memory.UserMemory;
import biscotti.process.CpuClock;
import biscotti.process.IntervalTimers;
import biscotti.process.PosixTimers;
import biscotti.process.UserThread;
import biscotti.process.identity.Credentials;
import java.util.Optional;

/** System calls of POSIX timers: timer_create(2) and its relations. */
public final class TimerCalls {
    /** In {@code struct itimerspec}: the value is behind the interval. */
    private static final int VALUE = 16;

    /** The family has no state. */
    public TimerCalls() {}

    /** timer_create(2). */
    @SystemCall(
            number = 222,
            name = "timer_create",
            support = Support.PARTIAL,
            note = "RLIMIT_SIGPENDING counts the process's timers and signals, not the user's")
    public long timerCreate(UserThread caller, int clock, long event, long timer) {
        if (!ClockCalls.exists(caller, clock)) {
            return -EINVAL;
        }
        Optional<CpuClock> cpu = CpuClock.find(caller, clock, false);
        boolean realTime = clock == Clocks.REALTIME || clock == Clocks.REALTIME_ALARM || clock == Clocks.TAI;
        boolean monotonic = clock == Clocks.MONOTONIC || clock == Clocks.BOOTTIME || clock == Clocks.BOOTTIME_ALARM;
        if (cpu.isEmpty() && !realTime && !monotonic) {
            return -EOPNOTSUPP;
        }
        byte[] bytes = new byte[Clocks.SIGEVENT_BYTES];
        int error = event == 0 ? 0 : caller.memory().read(event, bytes, 0, bytes.length);
        if (error < 0) {
            return error;
        }
        PosixTimers.Event told = event == 0
                ? PosixTimers.Event.DEFAULT
                : new PosixTimers.Event(getInt(bytes, 12), getInt(bytes, 8), getLong(bytes, 0), getInt(bytes, 16));
        PosixTimers timers = caller.process().posixTimers();
        long made = cpu.isPresent() ? timers.create(clock, told, cpu.get()) : timers.create(clock, told, realTime);
        if (made >= 0 && caller.memory().writeInt(timer, (int) made) < 0) {
            timers.delete((int) made);
            return -EFAULT;
        }
        if (made >= 0 && isForbidden(caller, clock)) {
            timers.delete((int) made);
            return -EPERM;
        }
        return made < 0 ? made : 0;
    }

    /** Whether a clock wakes the machine, and the caller may not do so. */
    private static boolean isForbidden(UserThread caller, int clock) {
        boolean alarm = clock == Clocks.REALTIME_ALARM || clock == Clocks.BOOTTIME_ALARM;
        return alarm && !caller.identity().has(Credentials.CAP_WAKE_ALARM);
    }

    /** timer_settime(2). */
    @SystemCall(number = 223, name = "timer_settime")
    public long timerSettime(UserThread caller, int timer, int flags, long setting, long oldSetting) {
        if (setting == 0) {
            return -EINVAL;
        }
        UserMemory memory = caller.memory();
        long interval = Structures.readTimespec(memory, setting);
        long value = interval < 0 ? interval : Structures.readTimespec(memory, setting + VALUE);
        if (value < 0) {
            return value;
        }
        PosixTimers timers = caller.process().posixTimers();
        if (timers.stands(timer)) {
            return -ESRCH;
        }
        caller.kernelThread().chargeNow();
        Optional<IntervalTimers.Setting> before =
                timers.set(timer, new IntervalTimers.Setting(value, interval), (flags & Clocks.TIMER_ABSTIME) != 0);
        if (before.isEmpty()) {
            return -EINVAL;
        }
        return oldSetting == 0 ? 0 : write(memory, oldSetting, before.get());
    }

    /** timer_gettime(2). */
    @SystemCall(number = 224, name = "timer_gettime")
    public long timerGettime(UserThread caller, int timer, long setting) {
        caller.kernelThread().chargeNow();
        Optional<IntervalTimers.Setting> now = caller.process().posixTimers().get(timer);
        return now.isEmpty() ? -EINVAL : write(caller.memory(), setting, now.get());
    }

    /** timer_getoverrun(2). */
    @SystemCall(number = 225, name = "timer_getoverrun")
    public long timerGetoverrun(UserThread caller, int timer) {
        return caller.process().posixTimers().overrun(timer);
    }

    /** timer_delete(2). */
    @SystemCall(number = 226, name = "timer_delete")
    public long timerDelete(UserThread caller, int timer) {
        return caller.process().posixTimers().delete(timer);
    }

    private static int write(UserMemory memory, long address, IntervalTimers.Setting setting) {
        int error = Structures.writeTimespec(memory, address, setting.interval());
        return error < 0 ? error : Structures.writeTimespec(memory, address + VALUE, setting.remaining());
    }
}
