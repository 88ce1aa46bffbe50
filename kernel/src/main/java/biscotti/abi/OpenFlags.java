package biscotti.abi;

/** Flags of open(2) and of open file descriptions (fcntl(2), {@code asm-generic/fcntl.h}). */
public final class OpenFlags {
    /** Mask of the access mode: {@link #O_RDONLY}, {@link #O_WRONLY} or {@link #O_RDWR}. */
    public static final int O_ACCMODE = 3;

    /** Read only. */
    public static final int O_RDONLY = 0;

    /** Write only. */
    public static final int O_WRONLY = 1;

    /** Read and write. */
    public static final int O_RDWR = 2;

    /** Create the file if it does not exist. */
    public static final int O_CREAT = 0100;

    /** Fail if the file exists. */
    public static final int O_EXCL = 0200;

    /** A terminal does not become the controlling terminal. */
    public static final int O_NOCTTY = 0400;

    /** Cut a regular file to length 0. */
    public static final int O_TRUNC = 01000;

    /** Each write goes to the end. */
    public static final int O_APPEND = 02000;

    /** Calls that would wait fail with EAGAIN. */
    public static final int O_NONBLOCK = 04000;

    /** Data reaches the device before write(2) returns. */
    public static final int O_DSYNC = 010000;

    /** SIGIO on readiness; open(2) keeps it, but only fcntl(2) makes it work. */
    public static final int O_ASYNC = 020000;

    /** Around the cache; file systems in memory refuse it. */
    public static final int O_DIRECT = 040000;

    /** Offsets of 64 bits: open(2) sets it always. */
    public static final int O_LARGEFILE = 0100000;

    /** Fail unless a directory. */
    public static final int O_DIRECTORY = 0200000;

    /** Fail with ELOOP if the last component is a symbolic link. */
    public static final int O_NOFOLLOW = 0400000;

    /** Reading does not change the time of access. */
    public static final int O_NOATIME = 01000000;

    /** The descriptor is closed by execve(2). */
    public static final int O_CLOEXEC = 02000000;

    /** Data and metadata reach the device before write(2) returns. */
    public static final int O_SYNC = 04010000;

    /** A mere reference to a place in the tree. */
    public static final int O_PATH = 010000000;

    /** An unnamed file; the value has {@link #O_DIRECTORY} in it. */
    public static final int O_TMPFILE = 020000000 | O_DIRECTORY;

    /** All flags that there are. */
    public static final int ALL = O_ACCMODE
            | O_CREAT
            | O_EXCL
            | O_NOCTTY
            | O_TRUNC
            | O_APPEND
            | O_NONBLOCK
            | O_ASYNC
            | O_DIRECT
            | O_LARGEFILE
            | O_NOFOLLOW
            | O_NOATIME
            | O_CLOEXEC
            | O_SYNC
            | O_PATH
            | O_TMPFILE;

    /** The flags that F_SETFL may change, beside {@link #O_ASYNC}. */
    public static final int SETTABLE = O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME;

    /** The flags that act once, at open(2), and are not kept. */
    public static final int ONCE = O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC;

    private OpenFlags() {}
}
