package biscotti.abi;

/** Flags of mount(2) and umount2(2) ({@code linux/mount.h}). */
public final class MountFlags {
    /** Change an existing mount. */
    public static final int MS_REMOUNT = 32;

    /** Show a directory at another place, too. */
    public static final int MS_BIND = 4096;

    /** Move a mount. */
    public static final int MS_MOVE = 8192;

    /** With MS_BIND: the mounts below, too. */
    public static final int MS_REC = 16384;

    /** Change how mounts spread: unbindable, private, slave, shared. */
    public static final int MS_PROPAGATION = 1 << 17 | 1 << 18 | 1 << 19 | 1 << 20;

    /** The half in which old programs put a magic number. */
    public static final int MS_MGC_MASK = 0xffff_0000;

    /** That magic number. */
    public static final int MS_MGC_VALUE = 0xc0ed_0000;

    /** umount2(2): take the mount away with all that is mounted below, and even if it is in use. */
    public static final int MNT_DETACH = 2;

    /** umount2(2): do not follow a symbolic link. */
    public static final int UMOUNT_NOFOLLOW = 8;

    /** umount2(2): the flags there are. */
    public static final int UMOUNT_FLAGS = 15;

    private MountFlags() {}
}
