package biscotti.file;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.FileMode;

/** Permission checks of inode(7) and path_resolution(7), as Linux makes them in {@code generic_permission}. */
public final class Access {
    /** Execute a file, or search a directory. */
    public static final int EXECUTE = 1;

    /** Write. */
    public static final int WRITE = 2;

    /** Read. */
    public static final int READ = 4;

    private Access() {}

    /**
     * Whether somebody may use a file in all of the ways asked for.
     *
     * @param wanted a union of {@link #READ}, {@link #WRITE}, {@link #EXECUTE}
     * @return 0, -EACCES; -EPERM to write what is immutable
     */
    public static int check(Identity who, Vnode vnode, int wanted) {
        if ((wanted & WRITE) != 0 && FileFlags.isImmutable(vnode)) {
            return -EPERM;
        }
        int mode = vnode.mode();
        int granted;
        if (who.userId() == vnode.userId()) {
            granted = mode >> 6;
        } else if (who.inGroup(vnode.groupId())) {
            granted = mode >> 3;
        } else {
            granted = mode;
        }
        if ((wanted & ~granted) == 0) {
            return 0;
        }
        return overrides(who, mode, wanted) ? 0 : -EACCES;
    }

    /** As {@link #check(Identity, Vnode, int)}, but that some directories are always open to some callers. */
    public static int check(Caller caller, Identity who, Vnode vnode, int wanted) {
        int error = check(who, vnode, wanted);
        return error < 0 && vnode instanceof Directory directory && directory.isOpenTo(caller) ? 0 : error;
    }

    /** Capabilities override all but execution of a file that nobody may execute. */
    private static boolean overrides(Identity who, int mode, int wanted) {
        boolean directory = FileMode.isDirectory(mode);
        if (who.has(Identity.CAP_DAC_OVERRIDE)) {
            return directory || (wanted & EXECUTE) == 0 || (mode & FileMode.X_ANY) != 0;
        }
        int readOnly = directory ? READ | EXECUTE : READ;
        return (wanted & ~readOnly) == 0 && who.has(Identity.CAP_DAC_READ_SEARCH);
    }

    /** Whether somebody owns a file or may act as if. */
    public static boolean owns(Identity who, Vnode vnode) {
        return who.userId() == vnode.userId() || who.has(Identity.CAP_FOWNER);
    }

    /**
     * Whether somebody may give a file one more name: not a directory, nor what is protected, and, as {@link Protection#HARD_LINKS} has it,
     * somebody else's file only if it is a plain one that he may read and write anyway.
     */
    public static boolean mayLink(Identity who, Vnode vnode) {
        int mode = vnode.mode();
        if (FileMode.isDirectory(mode) || FileFlags.isProtected(vnode)) {
            return false;
        }
        if (Protection.HARD_LINKS.level() == 0 || owns(who, vnode)) {
            return true;
        }
        boolean setGroup = (mode & (FileMode.S_ISGID | FileMode.S_IXGRP)) == (FileMode.S_ISGID | FileMode.S_IXGRP);
        boolean plain = FileMode.isRegular(mode) && (mode & FileMode.S_ISUID) == 0 && !setGroup;
        return plain && check(who, vnode, READ | WRITE) == 0;
    }

    /**
     * Whether somebody may follow a link at the end of a path: as {@link Protection#SYMBOLIC_LINKS} has it, in a sticky
     * directory that all may write only his own, and those of the directory's owner.
     */
    static boolean mayFollow(Identity who, SymbolicLink link, Directory directory) {
        int shared = FileMode.S_ISVTX | FileMode.S_IWOTH;
        return Protection.SYMBOLIC_LINKS.level() == 0
                || (directory.mode() & shared) != shared
                || who.userId() == link.userId()
                || directory.userId() == link.userId();
    }

    /**
     * Whether somebody may take a name out of a directory: write and search permission, and in a sticky directory ownership
     * of the file or the directory. What is protected keeps its names, and so does all in a directory that can be appended to only.
     *
     * @return 0, -EACCES or -EPERM
     */
    public static int checkRemove(Identity who, Directory directory, Vnode victim) {
        int error = check(who, directory, WRITE | EXECUTE);
        if (error < 0) {
            return error;
        }
        boolean sticky = (directory.mode() & FileMode.S_ISVTX) != 0;
        boolean free = !sticky || who.userId() == victim.userId() || owns(who, directory);
        boolean kept = FileFlags.isAppendOnly(directory) || FileFlags.isProtected(victim);
        return free && !kept ? 0 : -EPERM;
    }
}
