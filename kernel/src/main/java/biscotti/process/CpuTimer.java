package biscotti.process;

/** Does something when a {@link CpuClock} reaches a time; as fine as ticks. */
public final class CpuTimer implements Countdown {
    private final CpuClock clock;
    private final Runnable action;

    // Guarded by the lock of the timers of the clock's process.
    CpuTimer next;
    CpuTimer previous;
    boolean armed;
    long deadline;

    /**
     * A timer that is not armed.
     *
     * @param action runs on a thread of the clock's process, which holds no lock, at the first tick when the time has come
     */
    public CpuTimer(CpuClock clock, Runnable action) {
        this.clock = clock;
        this.action = action;
    }

    CpuClock clock() {
        return clock;
    }

    void expire() {
        action.run();
    }

    @Override
    public void begin(boolean absolute) {
        cancel();
    }

    @Override
    public long now() {
        return clock.nanos();
    }

    @Override
    public void arm(long nanos) {
        clock.process().cpuTimers().arm(this, nanos);
    }

    @Override
    public void cancel() {
        clock.process().cpuTimers().cancel(this);
    }

    @Override
    public void close() {
        cancel();
    }

    @Override
    public boolean stands() {
        return clock.stands();
    }
}
