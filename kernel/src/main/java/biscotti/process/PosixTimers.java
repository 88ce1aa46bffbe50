package biscotti.process;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.Clocks;
import biscotti.abi.SignalNumber;
import biscotti.bounded.IdTable;
import java.util.Optional;

/** The timers of timer_create(2) of a process. A child has none; another program begins with none. */
public final class PosixTimers {
    private static final int LIMIT = 1 << 20;

    private final Process process;

    // Guarded by the process's lock.
    private final IdTable<Optional<PosixTimer>> timers = new IdTable<>(LIMIT, Optional.empty());
    private int last = -1;

    PosixTimers(Process process) {
        this.process = process;
    }

    /** How expirations are told: {@code struct sigevent}. */
    public record Event(int kind, int signal, long value, int thread) {
        /** What a timer does that was made without one. */
        public static final Event DEFAULT = new Event(Clocks.SIGEV_SIGNAL, SignalNumber.SIGALRM, 0, 0);
    }

    /**
     * How a timer was made, for /proc/PID/timers.
     *
     * @param clock its clock, as clock_gettime(2) has it
     */
    public record Description(int clock, int kind, int signal, long value, int receiver) {}

    /**
     * timer_create(2), on the time of day or the monotonic clock.
     *
     * @param clock as the program named it
     * @return the timer's number, -EINVAL or -EAGAIN
     */
    public long create(int clock, Event event, boolean realTime) {
        return create(clock, event, timer -> new ClockCountdown(process.system(), realTime, timer::expired));
    }

    /** timer_create(2), on a clock of CPU time. */
    public long create(int name, Event event, CpuClock clock) {
        return create(name, event, timer -> new CpuTimer(clock, timer::expired));
    }

    private interface CountdownMaker {
        Countdown make(PosixTimer timer);
    }

    private long create(int clock, Event event, CountdownMaker maker) {
        process.lock.lock();
        try {
            if (!process.signalQuota.take()) {
                return -EAGAIN;
            }
            int id = timers.firstFree(last + 1, LIMIT);
            if (id < 0) {
                id = timers.firstFree(0, LIMIT);
            }
            last = Math.max(id, -1); // a call that fails from here on has used up a number, as on Linux
            Optional<PosixTimer.Event> told = id < 0 ? Optional.empty() : resolve(event, id);
            if (told.isEmpty()) {
                process.signalQuota.giveBack();
                return id < 0 ? -EAGAIN : -EINVAL;
            }
            PosixTimer timer = new PosixTimer(process, id, told.get());
            timer.setCountdown(maker.make(timer));
            boolean ofThread = event.kind() == Clocks.SIGEV_THREAD_ID;
            int receiver = ofThread ? event.thread() : process.id();
            timer.setDescription(new Description(clock, event.kind(), event.signal(), event.value(), receiver));
            timers.put(id, Optional.of(timer));
            return id;
        } finally {
            process.lock.unlock();
        }
    }

    /** Whom an event means; nothing if it means nobody, or no signal. */
    private Optional<PosixTimer.Event> resolve(Event event, int id) {
        if (event.kind() == Clocks.SIGEV_NONE) {
            return Optional.of(new PosixTimer.Event(0, 0, null));
        }
        UserThread receiver = null;
        if (event.kind() == Clocks.SIGEV_THREAD_ID) {
            receiver = process.system().table().thread(event.thread()).orElse(null);
            if (receiver == null || receiver.process() != process) {
                return Optional.empty();
            }
        } else if (event.kind() != Clocks.SIGEV_SIGNAL && event.kind() != Clocks.SIGEV_THREAD) {
            return Optional.empty();
        }
        long value = event == Event.DEFAULT ? id : event.value();
        return SignalNumber.isValid(event.signal())
                ? Optional.of(new PosixTimer.Event(event.signal(), value, receiver))
                : Optional.empty();
    }

    /** timer_settime(2): what the timer was set to, or nothing if there is no such timer or its clock stands. */
    public Optional<IntervalTimers.Setting> set(int id, IntervalTimers.Setting setting, boolean absolute) {
        process.lock.lock();
        try {
            return timers.get(id).map(timer -> timer.set(setting, absolute));
        } finally {
            process.lock.unlock();
        }
    }

    /** Whether a timer's process or thread has ended, so that it can be set no more. */
    public boolean stands(int id) {
        process.lock.lock();
        try {
            return timers.get(id).map(PosixTimer::stands).orElse(false);
        } finally {
            process.lock.unlock();
        }
    }

    /** timer_gettime(2): nothing if there is no such timer. */
    public Optional<IntervalTimers.Setting> get(int id) {
        process.lock.lock();
        try {
            return timers.get(id).map(PosixTimer::get);
        } finally {
            process.lock.unlock();
        }
    }

    /** The highest number of a timer that is below a limit; -1 if there is none. */
    public int lastBelow(int limit) {
        process.lock.lock();
        try {
            int found = -1;
            for (int id = timers.next(0); id >= 0 && id < limit; id = timers.next(id + 1)) {
                found = id;
            }
            return found;
        } finally {
            process.lock.unlock();
        }
    }

    /** How a timer was made; nothing if there is no such timer. */
    public Optional<Description> description(int id) {
        process.lock.lock();
        try {
            return timers.get(id).map(PosixTimer::description);
        } finally {
            process.lock.unlock();
        }
    }

    /** timer_getoverrun(2): how often the timer expired beside the time that its last signal told; or -EINVAL. */
    public long overrun(int id) {
        process.lock.lock();
        try {
            return timers.get(id).map(PosixTimer::lastOverrun).orElse(-EINVAL);
        } finally {
            process.lock.unlock();
        }
    }

    /** timer_delete(2): 0 or -EINVAL. */
    public long delete(int id) {
        process.lock.lock();
        try {
            Optional<PosixTimer> timer = timers.get(id);
            if (timer.isEmpty()) {
                return -EINVAL;
            }
            remove(timer.get());
            return 0;
        } finally {
            process.lock.unlock();
        }
    }

    private void remove(PosixTimer timer) {
        timer.delete();
        timers.remove(timer.id());
        process.signalQuota.giveBack();
    }

    /** Deletes all, with their signals, when the process ends or runs another program. */
    void deleteAll() {
        process.lock.lock();
        try {
            for (int id = timers.next(0); id >= 0; id = timers.next(id + 1)) {
                timers.get(id).ifPresent(this::remove);
            }
            process.pending.discardTimers();
            for (UserThread thread = process.oldestThread; thread != null; thread = thread.nextInProcess) {
                thread.pending.discardTimers();
            }
        } finally {
            process.lock.unlock();
        }
    }
}
