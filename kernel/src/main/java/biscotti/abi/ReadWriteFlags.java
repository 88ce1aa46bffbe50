package biscotti.abi;

/** Flags of preadv2(2) and pwritev2(2) ({@code linux/fs.h}). */
public final class ReadWriteFlags {
    /** Poll for completion. */
    public static final int RWF_HIPRI = 1;

    /** As O_DSYNC, for this call. */
    public static final int RWF_DSYNC = 2;

    /** As O_SYNC, for this call. */
    public static final int RWF_SYNC = 4;

    /** Fail with EAGAIN rather than wait. */
    public static final int RWF_NOWAIT = 8;

    /** Write at the end. */
    public static final int RWF_APPEND = 0x10;

    private ReadWriteFlags() {}
}
