package biscotti.abi;

/** Flags and commands of the system calls that hold file systems and mounts by descriptors ({@code linux/mount.h}). */
public final class MountObjects {
    /** fsopen(2): the descriptor is closed by execve(2). */
    public static final int FSOPEN_CLOEXEC = 1;

    /** fsmount(2): the descriptor is closed by execve(2). */
    public static final int FSMOUNT_CLOEXEC = 1;

    /** fspick(2): the descriptor is closed by execve(2). */
    public static final int FSPICK_CLOEXEC = 1;

    /** fspick(2): a symbolic link in the last place is not followed. */
    public static final int FSPICK_SYMLINK_NOFOLLOW = 2;

    /** fspick(2): nothing is mounted by itself here, so it changes nothing. */
    public static final int FSPICK_NO_AUTOMOUNT = 4;

    /** fspick(2): an empty path names what the descriptor is open on. */
    public static final int FSPICK_EMPTY_PATH = 8;

    /** fsconfig(2): a parameter without a value. */
    public static final int FSCONFIG_SET_FLAG = 0;

    /** fsconfig(2): a parameter with a text. */
    public static final int FSCONFIG_SET_STRING = 1;

    /** fsconfig(2): a parameter with bytes. */
    public static final int FSCONFIG_SET_BINARY = 2;

    /** fsconfig(2): a parameter with a path. */
    public static final int FSCONFIG_SET_PATH = 3;

    /** fsconfig(2): a parameter with a path that may be empty. */
    public static final int FSCONFIG_SET_PATH_EMPTY = 4;

    /** fsconfig(2): a parameter with an open file. */
    public static final int FSCONFIG_SET_FD = 5;

    /** fsconfig(2): makes or opens the file system. */
    public static final int FSCONFIG_CMD_CREATE = 6;

    /** fsconfig(2): gives the file system the parameters. */
    public static final int FSCONFIG_CMD_RECONFIGURE = 7;

    /** fsconfig(2): the most bytes of a binary value. */
    public static final int FSCONFIG_BINARY_MAX = 1024 * 1024;

    /** fsconfig(2): the most bytes of a key or a text, NUL among them. */
    public static final int FSCONFIG_TEXT_MAX = 256;

    /** open_tree(2): a copy of the mount. */
    public static final int OPEN_TREE_CLONE = 1;

    /** open_tree(2): the descriptor is closed by execve(2). */
    public static final int OPEN_TREE_CLOEXEC = OpenFlags.O_CLOEXEC;

    /** move_mount(2): a symbolic link in the last place of the first path is followed. */
    public static final int MOVE_MOUNT_F_SYMLINKS = 1;

    /** move_mount(2): the first path may be empty. */
    public static final int MOVE_MOUNT_F_EMPTY_PATH = 4;

    /** move_mount(2): a symbolic link in the last place of the second path is followed. */
    public static final int MOVE_MOUNT_T_SYMLINKS = 0x10;

    /** move_mount(2): the second path may be empty. */
    public static final int MOVE_MOUNT_T_EMPTY_PATH = 0x40;

    /** move_mount(2): nothing moves, but the second mount joins the group of the first. */
    public static final int MOVE_MOUNT_SET_GROUP = 0x100;

    /** move_mount(2): the flags there are. */
    public static final int MOVE_MOUNT_FLAGS = 0x177;

    /** A mount's attribute: nothing can be changed. */
    public static final int MOUNT_ATTR_RDONLY = 1;

    /** Set-id bits have no effect. */
    public static final int MOUNT_ATTR_NOSUID = 2;

    /** Device nodes cannot be opened. */
    public static final int MOUNT_ATTR_NODEV = 4;

    /** Programs cannot be run. */
    public static final int MOUNT_ATTR_NOEXEC = 8;

    /** Of {@link #MOUNT_ATTR_ATIME}: times of access are not kept. */
    public static final int MOUNT_ATTR_NOATIME = 0x10;

    /** Of {@link #MOUNT_ATTR_ATIME}: times of access are always kept. */
    public static final int MOUNT_ATTR_STRICTATIME = 0x20;

    /** When times of access are kept: one of the two above, or 0 for now and then. */
    public static final int MOUNT_ATTR_ATIME = 0x70;

    /** Times of access of directories are not kept. */
    public static final int MOUNT_ATTR_NODIRATIME = 0x80;

    /** Users are shown as others. */
    public static final int MOUNT_ATTR_IDMAP = 0x10_0000;

    /** Symbolic links are not followed. */
    public static final int MOUNT_ATTR_NOSYMFOLLOW = 0x20_0000;

    /** The attributes that fsmount(2) knows. */
    public static final int MOUNT_ATTRIBUTES = MOUNT_ATTR_RDONLY
            | MOUNT_ATTR_NOSUID
            | MOUNT_ATTR_NODEV
            | MOUNT_ATTR_NOEXEC
            | MOUNT_ATTR_ATIME
            | MOUNT_ATTR_NODIRATIME
            | MOUNT_ATTR_NOSYMFOLLOW;

    /** {@code struct mount_attr} of mount_setattr(2): what is set. */
    public static final int ATTR_SET = 0;

    /** What is cleared. */
    public static final int ATTR_CLEAR = 8;

    /** How the mount spreads: one of {@link MountFlags#MS_PROPAGATION}, or 0. */
    public static final int ATTR_PROPAGATION = 16;

    /** The descriptor of a user namespace. */
    public static final int ATTR_NAMESPACE = 24;

    /** The structure's size. */
    public static final int ATTR_SIZE = 32;

    private MountObjects() {}
}
