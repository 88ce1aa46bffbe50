package biscotti.file;

import static biscotti.abi.Errno.ELOOP;

import biscotti.abi.FileMode;

/** A symbolic link (symlink(7)). */
public abstract class SymbolicLink extends Vnode {
    /** A link; its permission bits mean nothing and are all set. */
    protected SymbolicLink(FileSystem fileSystem, long number, int userId, int groupId) {
        super(fileSystem, number, FileMode.S_IFLNK | 0777, userId, groupId);
    }

    /**
     * Where it points, as readlink(2) tells.
     *
     * @return 0, or an errno
     */
    public abstract int target(Caller caller, Slot<String> path);

    /**
     * Where following it leads, if that is not by its target's path: a link such as /proc/PID/exe leads to the open file
     * itself.
     *
     * @return 0 with the place, a negative errno, or {@link #BY_PATH}
     */
    public int jump(Caller caller, Slot<Place> place) {
        return BY_PATH;
    }

    /** Answer of {@link #jump}: this link is followed by its path. */
    public static final int BY_PATH = 1;

    @Override
    public int open(Caller caller, Place place, int flags, Slot<OpenFile> opened) {
        return -ELOOP;
    }
}
