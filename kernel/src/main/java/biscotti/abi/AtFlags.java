package biscotti.abi;

/** Flags of the system calls that take a directory descriptor and a path ({@code linux/fcntl.h}). */
public final class AtFlags {
    /** As a directory descriptor: the current directory. */
    public static final int AT_FDCWD = -100;

    /** Do not follow a symbolic link in the last place. */
    public static final int AT_SYMLINK_NOFOLLOW = 0x100;

    /** unlinkat(2): remove a directory. */
    public static final int AT_REMOVEDIR = 0x200;

    /** faccessat2(2): check with the effective ids; the same bit as {@link #AT_REMOVEDIR}. */
    public static final int AT_EACCESS = 0x200;

    /** linkat(2): follow a symbolic link in the last place. */
    public static final int AT_SYMLINK_FOLLOW = 0x400;

    /** Do not trigger an automount; there are none. */
    public static final int AT_NO_AUTOMOUNT = 0x800;

    /** An empty path names what the descriptor is open on. */
    public static final int AT_EMPTY_PATH = 0x1000;

    /** statx(2): how fresh the answer must be. */
    public static final int AT_STATX_SYNC_TYPE = 0x6000;

    /** With the mounts below: open_tree(2), mount_setattr(2). */
    public static final int AT_RECURSIVE = 0x8000;

    private AtFlags() {}
}
