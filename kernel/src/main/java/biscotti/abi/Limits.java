package biscotti.abi;

/** Sizes that user programs know ({@code linux/limits.h}). */
public final class Limits {
    /** Bytes of the longest path, its NUL among them. */
    public static final int PATH_MAX = 4096;

    /** Bytes of the longest file name, without its NUL. */
    public static final int NAME_MAX = 255;

    /** The longest write to a pipe that is never mixed with others. */
    public static final int PIPE_BUF = 4096;

    /** Segments of one readv(2) or writev(2). */
    public static final int IOV_MAX = 1024;

    /** The most that one read or write moves: Linux's MAX_RW_COUNT. */
    public static final long MAX_TRANSFER = 0x7ffff000L;

    /** Symbolic links followed in one path (path_resolution(7)). */
    public static final int SYMLINKS_MAX = 40;

    private Limits() {}
}
