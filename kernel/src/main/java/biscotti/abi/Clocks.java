package biscotti.abi;

/** Clocks of clock_gettime(2) and timers of getitimer(2) ({@code linux/time.h}). */
public final class Clocks {
    /** Time since 1970. */
    public static final int REALTIME = 0;

    /** Time since boot. */
    public static final int MONOTONIC = 1;

    /** CPU time of the process. */
    public static final int PROCESS_CPUTIME = 2;

    /** CPU time of the thread. */
    public static final int THREAD_CPUTIME = 3;

    /** As MONOTONIC. */
    public static final int MONOTONIC_RAW = 4;

    /** As REALTIME. */
    public static final int REALTIME_COARSE = 5;

    /** As MONOTONIC. */
    public static final int MONOTONIC_COARSE = 6;

    /** As MONOTONIC: the machine never sleeps. */
    public static final int BOOTTIME = 7;

    /** REALTIME that wakes the machine. */
    public static final int REALTIME_ALARM = 8;

    /** BOOTTIME that wakes the machine. */
    public static final int BOOTTIME_ALARM = 9;

    /** Atomic time; here as REALTIME. */
    public static final int TAI = 11;

    /** clock_nanosleep: the time is absolute. */
    public static final int TIMER_ABSTIME = 1;

    /** setitimer: real time, SIGALRM. */
    public static final int ITIMER_REAL = 0;

    /** setitimer: user CPU time, SIGVTALRM. */
    public static final int ITIMER_VIRTUAL = 1;

    /** setitimer: CPU time, SIGPROF. */
    public static final int ITIMER_PROF = 2;

    /** Ticks in a second of times(2). */
    public static final long TICKS_PER_SECOND = 100;

    private Clocks() {}
}
