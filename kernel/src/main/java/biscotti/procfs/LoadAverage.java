package biscotti.procfs;

import biscotti.sched.Scheduler;
import biscotti.sched.Timer;

/** How many threads wanted a CPU, averaged over one, five and fifteen minutes: looked at every five seconds, as on Linux. */
final class LoadAverage {
    private static final long INTERVAL_NANOS = 5_000_000_000L;
    private static final double[] MINUTES = {1, 5, 15};
    private static final double INTERVALS_PER_MINUTE = 12;

    private final Scheduler scheduler;
    private final Timer timer;
    private volatile double[] averages = new double[MINUTES.length];

    /** Starts to look. */
    LoadAverage(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.timer = new Timer(scheduler, this::sample);
        timer.arm(scheduler.now() + INTERVAL_NANOS);
    }

    private void sample() {
        int runnable = scheduler.runnableCount();
        double[] next = new double[MINUTES.length];
        for (int i = 0; i < next.length; i++) {
            double keep = Math.exp(-1 / (MINUTES[i] * INTERVALS_PER_MINUTE));
            next[i] = averages[i] * keep + runnable * (1 - keep);
        }
        averages = next;
        timer.arm(scheduler.now() + INTERVAL_NANOS);
    }

    /** Appends the three averages with two decimals, a blank behind each. */
    void write(TextWindow out) {
        for (double average : averages) {
            long hundredths = Math.round(average * 100);
            out.append(hundredths / 100).append('.').digits(hundredths % 100, 2).append(' ');
        }
    }
}
