package biscotti.abi;

/** Flags of a file that FS_IOC_GETFLAGS tells and FS_IOC_SETFLAGS sets (ioctl_iflags(2), {@code linux/fs.h}). */
public final class InodeFlags {
    /** FS_IMMUTABLE_FL: nothing about it can be changed. */
    public static final int IMMUTABLE = 0x10;

    /** FS_APPEND_FL: bytes, or names, can be added only. */
    public static final int APPEND = 0x20;

    /** FS_NODUMP_FL: dump(8) passes over it. */
    public static final int NO_DUMP = 0x40;

    /** FS_NOATIME_FL: its time of access is not kept. */
    public static final int NO_ACCESS_TIME = 0x80;

    private InodeFlags() {}
}
