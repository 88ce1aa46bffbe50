package biscotti.file;

import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.InodeFlags;

/** What the flags of a file forbid, even to the superuser, and who may set them (ioctl_iflags(2)). */
public final class FileFlags {
    private static final int PROTECTING = InodeFlags.IMMUTABLE | InodeFlags.APPEND;

    private FileFlags() {}

    /** Whether a file has one of some flags. */
    public static boolean has(Vnode file, int some) {
        return (file.inodeFlags() & some) != 0;
    }

    /** Whether it keeps its names, owner and permissions: it is immutable, or can be appended to only. */
    public static boolean isProtected(Vnode file) {
        return has(file, PROTECTING);
    }

    /** Whether nobody can write it. */
    static boolean isImmutable(Vnode file) {
        return has(file, InodeFlags.IMMUTABLE);
    }

    /** Whether it can be appended to only. */
    public static boolean isAppendOnly(Vnode file) {
        return has(file, InodeFlags.APPEND);
    }

    /**
     * FS_IOC_SETFLAGS.
     *
     * @return 0; -EPERM for who does not own it, or lacks CAP_LINUX_IMMUTABLE to protect it or to end that; -EOPNOTSUPP for a flag that its file
     *     system does not keep
     */
    public static int change(Identity who, Vnode file, int wanted) {
        boolean protects = ((wanted ^ file.inodeFlags()) & PROTECTING) != 0;
        if (!Access.owns(who, file) || protects && !who.has(Identity.CAP_LINUX_IMMUTABLE)) {
            return -EPERM;
        }
        if ((wanted & ~file.fileSystem().inodeFlags()) != 0) {
            return -EOPNOTSUPP;
        }
        file.setInodeFlags(wanted);
        file.changed();
        return 0;
    }
}
