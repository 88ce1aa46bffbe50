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

    /** Choose who hears of the file by signal: a process, or a negated group. */
    public static final int F_SETOWN = 8;

    /** Who that is. */
    public static final int F_GETOWN = 9;

    /** Choose the signal. */
    public static final int F_SETSIG = 10;

    /** Which that is. */
    public static final int F_GETSIG = 11;

    /** Choose a thread, process or group by a {@code struct f_owner_ex}. */
    public static final int F_SETOWN_EX = 15;

    /** Who that is. */
    public static final int F_GETOWN_EX = 16;

    /** Look for a lock that keeps an open file description from one. */
    public static final int F_OFD_GETLK = 36;

    /** Set a lock of an open file description or fail. */
    public static final int F_OFD_SETLK = 37;

    /** Set a lock of an open file description, waiting for it. */
    public static final int F_OFD_SETLKW = 38;

    /** {@code l_type}: shared. */
    public static final int F_RDLCK = 0;

    /** {@code l_type}: exclusive. */
    public static final int F_WRLCK = 1;

    /** {@code l_type}: none. */
    public static final int F_UNLCK = 2;

    /** flock(2): shared. */
    public static final int LOCK_SH = 1;

    /** flock(2): exclusive. */
    public static final int LOCK_EX = 2;

    /** flock(2): fail instead of waiting. */
    public static final int LOCK_NB = 4;

    /** flock(2): none. */
    public static final int LOCK_UN = 8;

    /** flock(2): a mandatory lock, which is no more. */
    public static final int LOCK_MAND = 32;

    /** Take or give up a lease. */
    public static final int F_SETLEASE = 1024;

    /** Which lease there is. */
    public static final int F_GETLEASE = 1025;

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

    /** Asks how long what is written will stay. */
    public static final int F_GET_RW_HINT = 1035;

    /** Says that. */
    public static final int F_SET_RW_HINT = 1036;

    /** The greatest of these hints: for ever. */
    public static final int RWH_WRITE_LIFE_EXTREME = 5;

    private Fcntl() {}
}
