package biscotti.sched;

/**
 * How fast virtual runtime passes: at the weight of nice 0 as fast as the clock, for each step of nice 1.25 times as fast, so
 * that a step is worth about a tenth of the CPU between two threads.
 */
final class Weights {
    private static final int NORMAL = 1024;
    private static final int IDLE = 3;
    private static final double STEP = 1.25;
    private static final int MINIMUM_NICE = -20;
    private static final long[] OF_NICE = new long[40];

    static {
        for (int i = 0; i < OF_NICE.length; i++) {
            OF_NICE[i] = Math.round(NORMAL / Math.pow(STEP, MINIMUM_NICE + i));
        }
    }

    private Weights() {}

    /** The virtual time of some nanoseconds at a nice value. */
    static long scale(long nanos, int nice) {
        return nice == 0 ? nanos : nanos * NORMAL / OF_NICE[nice - MINIMUM_NICE];
    }

    /** The virtual time of some nanoseconds with the IDLE policy. */
    static long scaleIdle(long nanos) {
        return nanos * NORMAL / IDLE;
    }
}
