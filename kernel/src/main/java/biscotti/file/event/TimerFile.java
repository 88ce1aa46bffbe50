package biscotti.file.event;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.ECANCELED;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Restart.ERESTARTSYS;

import biscotti.abi.Clocks;
import biscotti.abi.EventFlags;
import biscotti.abi.LittleEndian;
import biscotti.abi.OpenFlags;
import biscotti.abi.Poll;
import biscotti.file.AnonymousInode;
import biscotti.file.Caller;
import biscotti.file.FileText;
import biscotti.file.OpenFile;
import biscotti.file.Transfer;
import biscotti.file.Watchers;
import biscotti.sched.KernelThread;
import biscotti.sched.Scheduler;
import biscotti.sched.SpinLock;
import biscotti.sched.Timer;
import biscotti.sched.WaitQueue;
import biscotti.sched.Waiter;
import biscotti.sched.WallClock;
import java.util.Optional;

/**
 * A timer whose expirations are read: timerfd_create(2).
 *
 * <p>Of a timer that expires again and again, only the first time wakes anybody; the others are counted when somebody looks. So
 * an interval of a nanosecond costs nothing while nobody reads.
 */
public final class TimerFile extends OpenFile {
    /**
     * A timer's setting, in nanoseconds.
     *
     * @param value until it expires first; 0 if it does not
     * @param interval from then on again and again; 0 for once
     */
    public record Setting(long value, long interval) {}

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Scheduler scheduler;
    private final WallClock wallClock;
    private final boolean realTime;
    private final Timer timer;
    private final ClockObserver clockObserver = new ClockObserver();
    private final WaitQueue readers = new WaitQueue();
    private final Watchers watchers = new Watchers();

    /** Guards what follows; arming and waking is done with it held. */
    private final SpinLock lock = new SpinLock();
    /** Whether it is set to a time of day: one from now on is not moved when the clock is set. */
    private boolean timeOfDay;
    /** When it expires next, by the time of day or the monotonic clock; 0 when it is not set. */
    private long deadline;

    private long interval;
    /** Whether the deadline has passed and those behind it are to be counted. */
    private boolean expired;

    private long expirations;
    /** As {@link #set} was asked. */
    private int settingFlags;

    private boolean cancelOnSet;
    private boolean cancelled;

    /**
     * A timer that is not set.
     *
     * @param realTime whether its clock is the time of day, else the monotonic clock
     * @param flags O_NONBLOCK or 0
     */
    public TimerFile(AnonymousInode inode, Scheduler scheduler, WallClock wallClock, boolean realTime, int flags) {
        super(inode.place("anon_inode:[timerfd]"), OpenFlags.O_RDWR | flags);
        this.scheduler = scheduler;
        this.wallClock = wallClock;
        this.realTime = realTime;
        this.timer = new Timer(scheduler, this::expire);
    }

    private final class ClockObserver extends WallClock.Observer {
        @Override
        protected void clockSet(boolean jumped) {
            TimerFile.this.clockSet(jumped);
        }
    }

    private long now() {
        return timeOfDay ? wallClock.nanos() : scheduler.now();
    }

    private static long later(long time, long nanos) {
        long sum = time + nanos;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /**
     * timerfd_settime(2).
     *
     * @param absolute whether the value is a time of the timer's clock
     * @param cancel whether reads fail when the clock is set: only for an absolute time of day
     * @return what it was set to; empty if reads failed because the clock was set, and nobody has read yet, and this setting is to
     *     be cancelled too: the timer is set, but the caller is told ECANCELED instead
     */
    public Optional<Setting> set(Setting setting, boolean absolute, boolean cancel) {
        boolean ofDay = realTime && absolute;
        if (ofDay) {
            wallClock.observe(clockObserver);
        } else {
            wallClock.forget(clockObserver);
        }
        lock.acquire();
        timer.cancel();
        Setting before = remaining();
        timeOfDay = ofDay;
        deadline = setting.value() == 0 ? 0 : absolute ? setting.value() : later(now(), setting.value());
        interval = setting.interval();
        expired = false;
        expirations = 0;
        settingFlags =
                (absolute ? EventFlags.TFD_TIMER_ABSTIME : 0) | (cancel ? EventFlags.TFD_TIMER_CANCEL_ON_SET : 0);
        cancelOnSet = cancel && ofDay;
        boolean tellCancelled = cancelled && cancelOnSet && deadline != 0;
        cancelled &= cancelOnSet && deadline == 0;
        arm();
        lock.release();
        return tellCancelled ? Optional.empty() : Optional.of(before);
    }

    @Override
    public long describe(long record, FileText out) {
        lock.acquire();
        long ticks = expirations;
        Setting now = remaining();
        int flags = settingFlags;
        lock.release();
        out.append("clockid: ").append(realTime ? Clocks.REALTIME : Clocks.MONOTONIC);
        out.append("\nticks: ").append(ticks).append("\nsettime flags: 0").append(flags);
        time(out.append("\nit_value: ("), now.value());
        time(out.append("\nit_interval: ("), now.interval());
        out.append("\n");
        return 0;
    }

    private static void time(FileText out, long nanos) {
        out.append(nanos / NANOS_PER_SECOND)
                .append(", ")
                .append(nanos % NANOS_PER_SECOND)
                .append(")");
    }

    /** timerfd_gettime(2): what is left. */
    public Setting get() {
        lock.acquire();
        countMissed();
        Setting setting = remaining();
        lock.release();
        return setting;
    }

    private Setting remaining() {
        return new Setting(deadline == 0 ? 0 : Math.max(expired ? 0 : 1, deadline - now()), interval);
    }

    private void arm() {
        if (deadline != 0) {
            timer.arm(timeOfDay ? Math.max(0, wallClock.toMonotonic(deadline)) : deadline);
        }
    }

    /** The timer's action, on a carrier. */
    private void expire() {
        lock.acquire();
        boolean due = deadline != 0 && !expired && now() >= deadline;
        if (due) {
            expired = true;
            expirations++;
            readers.wakeAll();
        }
        lock.release();
        if (due) {
            watchers.tell(Poll.READABLE);
        }
    }

    /** Counts the expirations since the first one that nobody has seen, and waits for the next. */
    private void countMissed() {
        if (!expired) {
            return;
        }
        if (interval == 0) {
            deadline = 0;
        } else {
            long missed = Math.max(0, now() - deadline) / interval;
            expirations += missed;
            deadline = later(deadline + missed * interval, interval);
            arm();
        }
        expired = false;
    }

    private void clockSet(boolean jumped) {
        boolean tell;
        lock.acquire();
        tell = cancelOnSet && jumped;
        if (tell) {
            cancelled = true;
            expirations++;
        }
        if (deadline != 0 && !expired) {
            arm();
        }
        if (tell) {
            readers.wakeAll();
        }
        lock.release();
        if (tell) {
            watchers.tell(Poll.READABLE);
        }
    }

    /** {@inheritDoc} Eight bytes: how often it has expired since the last read. */
    @Override
    protected long doRead(Caller caller, Transfer to) {
        if (to.remaining() < Long.BYTES) {
            return -EINVAL;
        }
        long count = take();
        if (count == 0) {
            count = blocking() ? await() : -EAGAIN;
        }
        if (count < 0) {
            return count;
        }
        byte[] bytes = new byte[Long.BYTES];
        LittleEndian.putLong(bytes, 0, count);
        int error = to.put(bytes, 0, bytes.length);
        return error < 0 ? error : bytes.length;
    }

    /** {@inheritDoc} TFD_IOC_SET_TICKS of timerfd_create(2). */
    @Override
    public long control(Caller caller, int request, long argument) {
        if (request != EventFlags.TFD_IOC_SET_TICKS) {
            return super.control(caller, request, argument);
        }
        int error = caller.memory().readLong(argument);
        long wanted = caller.memory().value();
        return error < 0 ? error : wanted == 0 ? -EINVAL : setExpirations(wanted);
    }

    private long setExpirations(long wanted) {
        lock.acquire();
        boolean refused = cancelled;
        if (!refused) {
            expirations = wanted;
            readers.wakeAll();
        }
        lock.release();
        if (!refused) {
            watchers.tell(Poll.READABLE);
        }
        return refused ? -ECANCELED : 0;
    }

    /** Takes the expirations: 0 if there are none, or -ECANCELED. */
    private long take() {
        lock.acquire();
        long result;
        if (cancelled) {
            cancelled = false;
            result = -ECANCELED;
        } else {
            countMissed();
            result = expirations;
        }
        expirations = 0;
        lock.release();
        return result;
    }

    private long await() {
        Waiter waiter = KernelThread.current().waiter();
        while (true) {
            waiter.reset();
            readers.join(waiter.entry());
            long count = take();
            int result = count == 0 ? waiter.sleep(Waiter.FOREVER) : 0;
            readers.leave(waiter.entry());
            if (count == 0) {
                count = take();
            }
            if (count != 0 || result < 0) {
                return count != 0 ? count : -ERESTARTSYS;
            }
        }
    }

    /** {@inheritDoc} Its position is always 0. */
    @Override
    public long seek(long offset, int whence) {
        return 0;
    }

    @Override
    public int ownEvents() {
        lock.acquire();
        int events = expirations != 0 ? Poll.READABLE : 0;
        lock.release();
        return events;
    }

    @Override
    public Watchers watchers() {
        return watchers;
    }

    @Override
    protected void closed() {
        wallClock.forget(clockObserver);
        lock.acquire();
        deadline = 0;
        timer.cancel();
        lock.release();
    }
}
