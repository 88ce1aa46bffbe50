package biscotti.abi;

/** Options of prctl(2): Linux's {@code linux/prctl.h}. */
public final class Prctl {
    /** The signal at the parent's end. */
    public static final int PR_SET_PDEATHSIG = 1;

    /** Asks for it. */
    public static final int PR_GET_PDEATHSIG = 2;

    /** Whether others of the user may look in. */
    public static final int PR_GET_DUMPABLE = 3;

    /** Sets it. */
    public static final int PR_SET_DUMPABLE = 4;

    /** SECBIT_KEEP_CAPS. */
    public static final int PR_GET_KEEPCAPS = 7;

    /** Sets it. */
    public static final int PR_SET_KEEPCAPS = 8;

    /** How CPU time is measured. */
    public static final int PR_GET_TIMING = 13;

    /** Sets it. */
    public static final int PR_SET_TIMING = 14;

    /** The thread's name. */
    public static final int PR_SET_NAME = 15;

    /** Asks for it. */
    public static final int PR_GET_NAME = 16;

    /** The mode of seccomp(2). */
    public static final int PR_GET_SECCOMP = 21;

    /** Whether a capability is in the bounding set. */
    public static final int PR_CAPBSET_READ = 23;

    /** Takes one out of it. */
    public static final int PR_CAPBSET_DROP = 24;

    /** Whether the time stamp counter can be read. */
    public static final int PR_GET_TSC = 25;

    /** Sets it. */
    public static final int PR_SET_TSC = 26;

    /** The securebits of capabilities(7). */
    public static final int PR_GET_SECUREBITS = 27;

    /** Sets them. */
    public static final int PR_SET_SECUREBITS = 28;

    /** How late timers may be. */
    public static final int PR_SET_TIMERSLACK = 29;

    /** Asks for it. */
    public static final int PR_GET_TIMERSLACK = 30;

    /** Stops the caller's performance counters. */
    public static final int PR_TASK_PERF_EVENTS_DISABLE = 31;

    /** Lets them go on. */
    public static final int PR_TASK_PERF_EVENTS_ENABLE = 32;

    /** When to tell of broken memory. */
    public static final int PR_MCE_KILL = 33;

    /** Asks for it. */
    public static final int PR_MCE_KILL_GET = 34;

    /** What /proc tells of where the program lies. */
    public static final int PR_SET_MM = 35;

    /** Whether orphans among the descendants are adopted. */
    public static final int PR_SET_CHILD_SUBREAPER = 36;

    /** Asks for it. */
    public static final int PR_GET_CHILD_SUBREAPER = 37;

    /** No program gives more privileges. */
    public static final int PR_SET_NO_NEW_PRIVS = 38;

    /** Asks for it. */
    public static final int PR_GET_NO_NEW_PRIVS = 39;

    /** The address that set_tid_address(2) set. */
    public static final int PR_GET_TID_ADDRESS = 40;

    /** No large pages. */
    public static final int PR_SET_THP_DISABLE = 41;

    /** Asks for it. */
    public static final int PR_GET_THP_DISABLE = 42;

    /** The ambient capabilities. */
    public static final int PR_CAP_AMBIENT = 47;

    /** What is done against flaws of speculation. */
    public static final int PR_GET_SPECULATION_CTRL = 52;

    /** Sets it. */
    public static final int PR_SET_SPECULATION_CTRL = 53;

    /** Whether others' writes depend on the caller. */
    public static final int PR_SET_IO_FLUSHER = 57;

    /** Asks for it. */
    public static final int PR_GET_IO_FLUSHER = 58;

    /** The auxiliary vector. */
    public static final int PR_GET_AUXV = 0x41555856;

    /** Who may trace the caller besides its ancestors. */
    public static final int PR_SET_PTRACER = 0x59616d61;

    private Prctl() {}
}
