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
     * @return 0 or -EACCES
     */
    public static int check(Identity who, Vnode vnode, int wanted) {
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
     * Whether somebody may take a name out of a directory: write and search permission, and in a sticky directory ownership
     * of the file or the directory.
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
        return free ? 0 : -EPERM;
    }
}
