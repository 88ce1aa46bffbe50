package biscotti.file;

import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.FileMode;

/**
 * What keeps users from being led to the files of others: the settings {@code protected_*} of {@code /proc/sys/fs} (proc_sys_fs(5)).
 * Level 0 is no protection.
 */
public enum Protection {
    /** Who makes a hard link owns the file, or may read and write it. */
    HARD_LINKS("protected_hardlinks", 1, 1),
    /** In a sticky directory that all may write, links are followed only by their owners, or if they are the directory's owner's. */
    SYMBOLIC_LINKS("protected_symlinks", 1, 1),
    /** In a sticky directory that all (2: or its group) may write, O_CREAT opens no FIFO of somebody else but the directory's owner. */
    FIFOS("protected_fifos", 2, 0),
    /** The same for regular files. */
    REGULAR_FILES("protected_regular", 2, 0);

    private final String setting;
    private final int highest;
    private volatile int level;

    Protection(String setting, int highest, int level) {
        this.setting = setting;
        this.highest = highest;
        this.level = level;
    }

    /** The name of the setting. */
    public String setting() {
        return setting;
    }

    /** The level. */
    public int level() {
        return level;
    }

    /** Sets the level: 0, or -EINVAL if there is no such one. */
    public int setLevel(long wanted) {
        if (wanted < 0 || wanted > highest) {
            return -EINVAL;
        }
        level = (int) wanted;
        return 0;
    }

    /** Whether somebody who asks for a new file (O_CREAT) may open one that is there. */
    static boolean mayOpenAsNew(Identity who, Vnode file, Directory directory) {
        boolean fifo = (file.mode() & FileMode.S_IFMT) == FileMode.S_IFIFO;
        if (!fifo && !FileMode.isRegular(file.mode())) {
            return true;
        }
        int level = (fifo ? FIFOS : REGULAR_FILES).level;
        int shared = level == 0 ? 0 : level == 1 ? FileMode.S_IWOTH : FileMode.S_IWOTH | FileMode.S_IWGRP;
        boolean exposed = (directory.mode() & FileMode.S_ISVTX) != 0 && (directory.mode() & shared) != 0;
        return !exposed || file.userId() == directory.userId() || file.userId() == who.userId();
    }
}
