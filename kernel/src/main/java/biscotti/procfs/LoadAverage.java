package biscotti.procfs;

import biscotti.sched.Scheduler;
import biscotti.sched.Timer;
import java.util.concurrent.atomic.AtomicLongArray;

/** How many threads wanted a CPU, averaged over one, five and fifteen minutes: looked at every five seconds, as on Linux. */
final class LoadAverage {
    private static final long INTERVAL_NANOS = 5_000_000_000L;
    private static final double[] MINUTES = {1, 5, 15};
    private static final double INTERVALS_PER_MINUTE = 12;

    private final Scheduler scheduler;
    private final Timer timer;

    /** The bits of the averages: changed in place, so that looking takes nothing from the heap. */
    private final AtomicLongArray averages = new AtomicLongArray(MINUTES.length);

    /** Starts to look. */
    LoadAverage(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.timer = new Timer(scheduler, this::sample);
        timer.arm(scheduler.now() + INTERVAL_NANOS);
    }

    private void sample() {
        int runnable = scheduler.runnableCount();
        for (int i = 0; i < MINUTES.length; i++) {
            double keep = Math.exp(-1 / (MINUTES[i] * INTERVALS_PER_MINUTE));
            averages.set(i, Double.doubleToRawLongBits(average(i) * keep + runnable * (1 - keep)));
        }
        timer.arm(scheduler.now() + INTERVAL_NANOS);
    }

    private double average(int index) {
        return Double.longBitsToDouble(averages.get(index));
    }

    /** Appends the three averages with two decimals, a blank behind each. */
    void write(TextWindow out) {
        for (int i = 0; i < MINUTES.length; i++) {
            long hundredths = Math.round(average(i) * 100);
            out.append(hundredths / 100).append('.').digits(hundredths % 100, 2).append(' ');
        }
    }
}
