package biscotti.syscall;

import static biscotti.abi.Errno.ECANCELED;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.Clocks;
import biscotti.abi.EventFlags;
import biscotti.abi.OpenFlags;
import biscotti.file.AnonymousInode;
import biscotti.file.Caller;
import biscotti.file.OpenFile;
import biscotti.file.event.EventFile;
import biscotti.file.event.TimerFile;
import biscotti.memory.UserMemory;
import biscotti.process.UserThread;
import biscotti.process.identity.Credentials;
import java.util.Optional;

/** System calls of descriptors that stand for events: eventfd(2), timerfd_create(2). */
public final class EventCalls {
    private static final int FLAGS = OpenFlags.O_CLOEXEC | OpenFlags.O_NONBLOCK;
    /** In {@code struct itimerspec}: the value is behind the interval. */
    private static final int VALUE = 16;

    private final AnonymousInode inode;

    /** Calls that make files of an inode. */
    public EventCalls(AnonymousInode inode) {
        this.inode = inode;
    }

    private static long install(Caller caller, OpenFile file, int flags) {
        return OpenCalls.install(caller, file, (flags & OpenFlags.O_CLOEXEC) != 0);
    }

    /** eventfd(2), without flags. */
    @SystemCall(number = 284, name = "eventfd")
    public long eventfd(Caller caller, int initial) {
        return eventfd2(caller, initial, 0);
    }

    /** eventfd(2). */
    @SystemCall(number = 290, name = "eventfd2")
    public long eventfd2(Caller caller, int initial, int flags) {
        if ((flags & ~(FLAGS | EventFlags.EFD_SEMAPHORE)) != 0) {
            return -EINVAL;
        }
        boolean semaphore = (flags & EventFlags.EFD_SEMAPHORE) != 0;
        return install(caller, new EventFile(inode, initial, flags & OpenFlags.O_NONBLOCK, semaphore), flags);
    }

    /** timerfd_create(2). */
    @SystemCall(number = 283, name = "timerfd_create")
    public long timerfdCreate(UserThread caller, int clock, int flags) {
        boolean alarm = clock == Clocks.REALTIME_ALARM || clock == Clocks.BOOTTIME_ALARM;
        boolean realTime = clock == Clocks.REALTIME || clock == Clocks.REALTIME_ALARM;
        boolean known = alarm || realTime || clock == Clocks.MONOTONIC || clock == Clocks.BOOTTIME;
        if (!known || (flags & ~FLAGS) != 0) {
            return -EINVAL;
        }
        if (alarm && !caller.identity().has(Credentials.CAP_WAKE_ALARM)) {
            return -EPERM;
        }
        TimerFile timer = new TimerFile(
                inode,
                caller.process().system().scheduler(),
                caller.process().system().wallClock(),
                realTime,
                flags & OpenFlags.O_NONBLOCK);
        return install(caller, timer, flags);
    }

    /** timerfd_settime(2). */
    @SystemCall(number = 286, name = "timerfd_settime")
    public long timerfdSettime(UserThread caller, int descriptor, int flags, long setting, long oldSetting) {
        UserMemory memory = caller.memory();
        long interval = Structures.readTimespec(memory, setting);
        long value = interval < 0 ? interval : Structures.readTimespec(memory, setting + VALUE);
        if (value < 0) {
            return value;
        }
        if ((flags & ~(EventFlags.TFD_TIMER_ABSTIME | EventFlags.TFD_TIMER_CANCEL_ON_SET)) != 0) {
            return -EINVAL;
        }
        OpenFile file = caller.files().getRetained(descriptor);
        if (!(file instanceof TimerFile timer)) {
            return OtherKind.refuse(file);
        }
        Optional<TimerFile.Setting> before = timer.set(
                new TimerFile.Setting(value, interval),
                (flags & EventFlags.TFD_TIMER_ABSTIME) != 0,
                (flags & EventFlags.TFD_TIMER_CANCEL_ON_SET) != 0);
        file.release();
        if (before.isEmpty()) {
            return -ECANCELED;
        }
        return oldSetting == 0 ? 0 : write(memory, oldSetting, before.get());
    }

    /** timerfd_gettime(2). */
    @SystemCall(number = 287, name = "timerfd_gettime")
    public long timerfdGettime(UserThread caller, int descriptor, long setting) {
        OpenFile file = caller.files().getRetained(descriptor);
        if (!(file instanceof TimerFile timer)) {
            return OtherKind.refuse(file);
        }
        TimerFile.Setting now = timer.get();
        file.release();
        return write(caller.memory(), setting, now);
    }

    private static int write(UserMemory memory, long address, TimerFile.Setting setting) {
        int error = Structures.writeTimespec(memory, address, setting.interval());
        return error < 0 ? error : Structures.writeTimespec(memory, address + VALUE, setting.value());
    }
}
