package biscotti.process;

import biscotti.sched.ClockTimer;

/**
 * Counts down on a clock that always runs. A time of day that was given as such moves with the clock; a relative one does not
 * (timer_settime(2)).
 */
final class ClockCountdown implements Countdown {
    private final ClockTimer timer;
    private final boolean realTime;

    /**
     * A countdown.
     *
     * @param realTime whether the clock is the time of day, else the monotonic one
     * @param action what to do when the time has come, on the alarms' thread
     */
    ClockCountdown(Processes system, boolean realTime, Runnable action) {
        Alarm alarm = new Alarm(action);
        this.realTime = realTime;
        this.timer = new ClockTimer(
                system.scheduler(), system.wallClock(), () -> system.alarms().ring(alarm));
    }

    @Override
    public void begin(boolean absolute) {
        timer.cancel();
        timer.follow(realTime && absolute);
    }

    @Override
    public long now() {
        return timer.now();
    }

    @Override
    public void arm(long deadline) {
        timer.arm(deadline);
    }

    @Override
    public void cancel() {
        timer.cancel();
    }

    @Override
    public void close() {
        timer.close();
    }

    @Override
    public boolean stands() {
        return false;
    }
}
