package biscotti.abi;

/** Flags of mount(2) and umount2(2) ({@code linux/mount.h}). */
public final class MountFlags {
    /** Nothing can be changed. */
    public static final int MS_RDONLY = 1;

    /** Set-id bits have no effect. */
    public static final int MS_NOSUID = 2;

    /** Device nodes cannot be opened. */
    public static final int MS_NODEV = 4;

    /** Programs cannot be run. */
    public static final int MS_NOEXEC = 8;

    /** Writes are kept at once. */
    public static final int MS_SYNCHRONOUS = 16;

    /** Change an existing mount. */
    public static final int MS_REMOUNT = 32;

    /** Mandatory locks, which no longer exist. */
    public static final int MS_MANDLOCK = 64;

    /** Changes of directories are kept at once. */
    public static final int MS_DIRSYNC = 128;

    /** Symbolic links are not followed. */
    public static final int MS_NOSYMFOLLOW = 256;

    /** Times of access are not kept. */
    public static final int MS_NOATIME = 1024;

    /** Those of directories are not kept. */
    public static final int MS_NODIRATIME = 2048;

    /** Show a directory or file at another place, too. */
    public static final int MS_BIND = 4096;

    /** Move a mount. */
    public static final int MS_MOVE = 8192;

    /** With MS_BIND: the mounts below, too. */
    public static final int MS_REC = 16384;

    /** Say less in the kernel log. */
    public static final int MS_SILENT = 32768;

    /** A mount that cannot be bound. */
    public static final int MS_UNBINDABLE = 1 << 17;

    /** A mount that tells and hears nothing of what is mounted below. */
    public static final int MS_PRIVATE = 1 << 18;

    /** A mount that hears, but does not tell. */
    public static final int MS_SLAVE = 1 << 19;

    /** A mount that tells and hears. */
    public static final int MS_SHARED = 1 << 20;

    /** Times of access are kept now and then. */
    public static final int MS_RELATIME = 1 << 21;

    /** Times of access are always kept. */
    public static final int MS_STRICTATIME = 1 << 24;

    /** Times are written to disk late. */
    public static final int MS_LAZYTIME = 1 << 25;

    /** Only the kernel itself may ask so. */
    public static final int MS_NOUSER = 1 << 31;

    /** Change how mounts spread. */
    public static final int MS_PROPAGATION = MS_UNBINDABLE | MS_PRIVATE | MS_SLAVE | MS_SHARED;

    /** The half in which old programs put a magic number. */
    public static final int MS_MGC_MASK = 0xffff_0000;

    /** That magic number. */
    public static final int MS_MGC_VALUE = 0xc0ed_0000;

    /** umount2(2): give up waiting for requests, where a file system does so. */
    public static final int MNT_FORCE = 1;

    /** umount2(2): take the mount away with all that is mounted below, and even if it is in use. */
    public static final int MNT_DETACH = 2;

    /** umount2(2): only if it has not been used since the same was asked before. */
    public static final int MNT_EXPIRE = 4;

    /** umount2(2): do not follow a symbolic link. */
    public static final int UMOUNT_NOFOLLOW = 8;

    /** umount2(2): the flags there are. */
    public static final int UMOUNT_FLAGS = 15;

    private MountFlags() {}
}
