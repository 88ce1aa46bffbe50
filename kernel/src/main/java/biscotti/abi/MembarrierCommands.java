package biscotti.abi;

/** Commands of membarrier(2) (linux/membarrier.h); each that asks for something private has one behind it that registers it. */
public final class MembarrierCommands {
    /** Which commands there are. */
    public static final int QUERY = 0;

    /** All threads of the machine pass a barrier. */
    public static final int GLOBAL = 1;

    /** All threads of processes that have registered for it do. */
    public static final int GLOBAL_EXPEDITED = 1 << 1;

    /** Registers for that. */
    public static final int REGISTER_GLOBAL_EXPEDITED = 1 << 2;

    /** All threads of the process do. */
    public static final int PRIVATE_EXPEDITED = 1 << 3;

    /** Registers for that. */
    public static final int REGISTER_PRIVATE_EXPEDITED = 1 << 4;

    /** The same, and see changed instructions. */
    public static final int SYNC_CORE = 1 << 5;

    /** Registers for that. */
    public static final int REGISTER_SYNC_CORE = 1 << 6;

    /** The same, and begin sequences of rseq(2) anew. */
    public static final int RSEQ = 1 << 7;

    /** Registers for that. */
    public static final int REGISTER_RSEQ = 1 << 8;

    /** What the process has registered. */
    public static final int GET_REGISTRATIONS = 1 << 9;

    /** All commands but QUERY. */
    public static final int ALL = (1 << 10) - 1;

    /** Flag of RSEQ: on one CPU only. */
    public static final int FLAG_CPU = 1;

    private MembarrierCommands() {}
}
