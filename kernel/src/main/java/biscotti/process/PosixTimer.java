package biscotti.process;

import biscotti.process.signal.SignalInfo;

/**
 * A timer of timer_create(2). Its signal waits at most once; expirations in the meantime are counted as overruns. One with an
 * interval is armed again when its signal is taken, not before, so that an interval of a nanosecond costs nothing while nobody
 * looks.
 *
 * <p>Guarded by its process's lock.
 */
final class PosixTimer {
    /** While the signal is ignored, the timer looks again after so much time at the earliest: a tick of Linux's. */
    private static final long IGNORED_NANOS = 4_000_000;

    /** To whom and how an expiration is told: {@code struct sigevent}. Receiver is null for the whole process. */
    record Event(int signal, long value, UserThread receiver) {}

    private final Process process;
    private final int id;
    private final Event event;
    /** How its signal waits for its receiver. */
    final PendingSignals.Waiting waiting;

    private Countdown countdown;
    private PosixTimers.Description description;
    private boolean deleted;
    private long deadline;
    private long interval;
    private boolean armed;
    /** Whether the timer goes on when the signal that waits is taken. */
    private boolean goesOn;

    /** Expirations beside the one that the signal tells; -1 when it has not expired. */
    private long overrun;

    private int lastOverrun;
    /** Expirations while the signal of an earlier setting waited. */
    private int surplus;

    /** A timer that is not set; {@link Event#signal} 0 if nobody is told. */
    PosixTimer(Process process, int id, Event event) {
        this.process = process;
        this.id = id;
        this.event = event;
        this.waiting = new PendingSignals.Waiting(this);
    }

    int id() {
        return id;
    }

    /** The number of its signal; 0 for none. */
    int signal() {
        return event.signal();
    }

    /** How it was made. */
    PosixTimers.Description description() {
        return description;
    }

    /** Sets {@link #description}; before it is used. */
    void setDescription(PosixTimers.Description how) {
        description = how;
    }

    /** Gives it its clock; before it is used. */
    void setCountdown(Countdown on) {
        countdown = on;
    }

    private static long later(long time, long nanos) {
        long sum = time + nanos;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** timer_gettime(2). */
    IntervalTimers.Setting get() {
        if (deadline == 0) {
            return new IntervalTimers.Setting(0, interval);
        }
        long now = countdown.now();
        if (interval != 0 && !armed) {
            forward(now);
        }
        boolean over = now >= deadline;
        if (over && interval == 0 && !armed) {
            return new IntervalTimers.Setting(0, 0);
        }
        return new IntervalTimers.Setting(over ? 1 : deadline - now, interval);
    }

    /** Moves the deadline behind a time, in whole intervals, and counts these. */
    private void forward(long now) {
        if (now >= deadline) {
            long passed = (now - deadline) / interval + 1;
            overrun += passed;
            deadline = later(deadline, passed * interval);
        }
    }

    /** timer_settime(2): what it was set to. */
    IntervalTimers.Setting set(IntervalTimers.Setting setting, boolean absolute) {
        IntervalTimers.Setting before = get();
        countdown.begin(absolute);
        armed = false;
        goesOn = false;
        lastOverrun = 0;
        overrun = -1;
        if (setting.remaining() == 0) {
            deadline = 0;
            interval = 0;
            return before;
        }
        interval = setting.interval();
        deadline = absolute ? setting.remaining() : later(countdown.now(), setting.remaining());
        if (event.signal() != 0) {
            armed = true;
            countdown.arm(deadline);
            if (countdown.now() >= deadline) {
                expired(); // the clock may stand for long
            }
        }
        return before;
    }

    /** timer_getoverrun(2): of the signal taken last. */
    int lastOverrun() {
        return lastOverrun;
    }

    boolean stands() {
        return countdown.stands();
    }

    /** timer_delete(2). A signal that waits is still taken. */
    void delete() {
        deleted = true;
        armed = false;
        goesOn = false;
        countdown.close();
    }

    /** The countdown's action. */
    void expired() {
        process.lock.lock();
        try {
            if (deleted || !armed) {
                return;
            }
            if (countdown.now() < deadline) {
                countdown.arm(deadline);
                return;
            }
            armed = false;
            countdown.cancel();
            if (Signals.isIgnored(process, receiver(), event.signal())) {
                passIgnored();
            } else if (waiting.queued) {
                surplus++;
                goesOn = interval != 0;
            } else {
                surplus = 0;
                goesOn = interval != 0;
                Signals.queueTimer(process, this, event.receiver());
            }
        } finally {
            process.lock.unlock();
        }
    }

    private UserThread receiver() {
        return event.receiver() == null ? process.oldestThread : event.receiver();
    }

    /** Nobody hears of it: looks again later, when somebody may. */
    private void passIgnored() {
        if (interval != 0) {
            forward(later(countdown.now(), Math.max(0, IGNORED_NANOS - interval)));
            armed = true;
            countdown.arm(deadline);
        }
    }

    /** Its signal is taken: what that tells. */
    SignalInfo taken() {
        int told = surplus;
        if (goesOn) {
            goesOn = false;
            forward(countdown.now());
            lastOverrun = (int) Math.clamp(overrun, 0, Integer.MAX_VALUE);
            told = (int) Math.min(Integer.MAX_VALUE, (long) lastOverrun + surplus);
            overrun = -1;
            armed = true;
            countdown.arm(deadline);
        }
        return SignalInfo.timer(event.signal(), id, told, event.value());
    }
}
