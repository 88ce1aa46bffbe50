package biscotti.abi;

/** Commands of fcntl(2) and their arguments. */
public final class Fcntl {
    /** Duplicate. */
    public static final int F_DUPFD = 0;

    /** Get the descriptor's flags. */
    public static final int F_GETFD = 1;

    /** Set the descriptor's flags. */
    public static final int F_SETFD = 2;

    /** Get the description's flags. */
    public static final int F_GETFL = 3;

    /** Set the description's flags. */
    public static final int F_SETFL = 4;

    /** Look for a lock. */
    public static final int F_GETLK = 5;

    /** Set a lock or fail. */
    public static final int F_SETLK = 6;

    /** Set a lock, waiting for it. */
    public static final int F_SETLKW = 7;

    /** Duplicate, with FD_CLOEXEC. */
    public static final int F_DUPFD_CLOEXEC = 1030;

    /** Set a pipe's capacity. */
    public static final int F_SETPIPE_SZ = 1031;

    /** Get a pipe's capacity. */
    public static final int F_GETPIPE_SZ = 1032;

    /** Add seals to a memfd. */
    public static final int F_ADD_SEALS = 1033;

    /** Get a memfd's seals. */
    public static final int F_GET_SEALS = 1034;

    /** The descriptor's flag. */
    public static final int FD_CLOEXEC = 1;

    private Fcntl() {}
}
