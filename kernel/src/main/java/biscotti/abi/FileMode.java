package biscotti.abi;

/** The mode of a file: its type and its permission bits (inode(7)). */
public final class FileMode {
    /** Mask of the type. */
    public static final int S_IFMT = 0170000;

    /** A socket. */
    public static final int S_IFSOCK = 0140000;

    /** A symbolic link. */
    public static final int S_IFLNK = 0120000;

    /** A regular file. */
    public static final int S_IFREG = 0100000;

    /** A block device. */
    public static final int S_IFBLK = 0060000;

    /** A directory. */
    public static final int S_IFDIR = 0040000;

    /** A character device. */
    public static final int S_IFCHR = 0020000;

    /** A FIFO or pipe. */
    public static final int S_IFIFO = 0010000;

    /** Set user id on execve(2). */
    public static final int S_ISUID = 04000;

    /** Set group id on execve(2); in a directory: new files get its group. */
    public static final int S_ISGID = 02000;

    /** In a directory: only a file's owner, the directory's owner and the superuser remove or rename the file. */
    public static final int S_ISVTX = 01000;

    /** Execute by the group. */
    public static final int S_IXGRP = 010;

    /** The group may write. */
    public static final int S_IWGRP = 0020;

    /** Others may write. */
    public static final int S_IWOTH = 2;

    /** Execute by anyone: the three x bits. */
    public static final int X_ANY = 0111;

    /** The bits that chmod(2) sets. */
    public static final int PERMISSIONS = 07777;

    private FileMode() {}

    /** Whether a mode is that of a directory. */
    public static boolean isDirectory(int mode) {
        return (mode & S_IFMT) == S_IFDIR;
    }

    /** Whether a mode is that of a regular file. */
    public static boolean isRegular(int mode) {
        return (mode & S_IFMT) == S_IFREG;
    }

    /** Whether a mode is that of a symbolic link. */
    public static boolean isSymbolicLink(int mode) {
        return (mode & S_IFMT) == S_IFLNK;
    }

    /** Whether a mode is that of a character or block device. */
    public static boolean isDevice(int mode) {
        int type = mode & S_IFMT;
        return type == S_IFCHR || type == S_IFBLK;
    }
}
