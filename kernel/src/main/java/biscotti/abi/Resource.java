package biscotti.abi;

/** Resources of getrlimit(2), and who of getrusage(2) and getpriority(2). */
public final class Resource {
    /** How many resources there are. */
    public static final int COUNT = 16;

    /** No limit. */
    public static final long INFINITY = -1;

    /** CPU time in seconds. */
    public static final int CPU = 0;

    /** Size of a file. */
    public static final int FSIZE = 1;

    /** Private writable memory. */
    public static final int DATA = 2;

    /** The stack. */
    public static final int STACK = 3;

    /** Size of a core file. */
    public static final int CORE = 4;

    /** Number of processes. */
    public static final int NPROC = 6;

    /** Number of descriptors. */
    public static final int NOFILE = 7;

    /** Locked memory. */
    public static final int MEMLOCK = 8;

    /** Mapped memory. */
    public static final int AS = 9;

    /** Queued signals. */
    public static final int SIGPENDING = 11;

    /** Bytes in POSIX message queues. */
    public static final int MSGQUEUE = 12;

    /** Ceiling of nice. */
    public static final int NICE = 13;

    /** Ceiling of real-time priority. */
    public static final int RTPRIO = 14;

    /** getrusage: the process. */
    public static final int RUSAGE_SELF = 0;

    /** getrusage: its children that were waited for. */
    public static final int RUSAGE_CHILDREN = -1;

    /** getrusage: the thread. */
    public static final int RUSAGE_THREAD = 1;

    /** Bytes of {@code struct rusage}. */
    public static final int RUSAGE_BYTES = 144;

    private Resource() {}
}
