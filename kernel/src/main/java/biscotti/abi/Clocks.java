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

    /** A clock of machines that are gone. */
    public static final int SGI_CYCLE = 10;

    /** Atomic time; here as REALTIME. */
    public static final int TAI = 11;

    /** In the number of another's CPU clock: where the complement of its process or thread begins. */
    public static final int CPU_NUMBER_SHIFT = 3;

    /** In the number of another's CPU clock: it is a thread's. */
    public static final int CPU_THREAD = 4;

    /** In the number of another's CPU clock: what counts. */
    public static final int CPU_KIND = 3;

    /** Kind of CPU clock: user and system time, in ticks. */
    public static final int CPU_PROF = 0;

    /** Kind of CPU clock: user time. */
    public static final int CPU_VIRTUAL = 1;

    /** Kind of CPU clock: all time, in nanoseconds. */
    public static final int CPU_SCHED = 2;

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

    /** struct sigevent: a signal. */
    public static final int SIGEV_SIGNAL = 0;

    /** struct sigevent: nobody is told. */
    public static final int SIGEV_NONE = 1;

    /** struct sigevent: for the C library, which starts a thread; to the kernel it is a signal. */
    public static final int SIGEV_THREAD = 2;

    /** struct sigevent: a signal to one thread. */
    public static final int SIGEV_THREAD_ID = 4;

    /** Bytes of struct sigevent. */
    public static final int SIGEVENT_BYTES = 64;

    private Clocks() {}
}
