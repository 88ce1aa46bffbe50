package biscotti.sched;

import java.util.concurrent.atomic.AtomicLongArray;

/** How many threads wanted a CPU, averaged over one, five and fifteen minutes: looked at every five seconds, as on Linux. */
public final class LoadAverage {
    /** How many averages there are. */
    public static final int COUNT = 3;

    private static final long INTERVAL_NANOS = 5_000_000_000L;
    private static final double[] MINUTES = {1, 5, 15};
    private static final double INTERVALS_PER_MINUTE = 12;

    private final Scheduler scheduler;
    private final Timer timer;

    /** The bits of the averages: changed in place, so that looking takes nothing from the heap. */
    private final AtomicLongArray averages = new AtomicLongArray(COUNT);

    /** All are 0 until {@link #start}. */
    public LoadAverage(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.timer = new Timer(scheduler, this::sample);
    }

    /** Starts to look. */
    public void start() {
        timer.arm(scheduler.now() + INTERVAL_NANOS);
    }

    private void sample() {
        int runnable = scheduler.runnableCount();
        for (int i = 0; i < COUNT; i++) {
            double keep = Math.exp(-1 / (MINUTES[i] * INTERVALS_PER_MINUTE));
            averages.set(i, Double.doubleToRawLongBits(average(i) * keep + runnable * (1 - keep)));
        }
        timer.arm(scheduler.now() + INTERVAL_NANOS);
    }

    private double average(int index) {
        return Double.longBitsToDouble(averages.get(index));
    }

    /** An average in units of a fraction, rounded. */
    public long scaled(int index, int unitsPerThread) {
        return Math.round(average(index) * unitsPerThread);
    }
}
