package biscotti.file;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EISDIR;
import static biscotti.abi.Errno.ELOOP;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOTDIR;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.EROFS;
import static biscotti.abi.Errno.ESTALE;
import static biscotti.abi.OpenFlags.O_ACCMODE;
import static biscotti.abi.OpenFlags.O_APPEND;
import static biscotti.abi.OpenFlags.O_CLOEXEC;
import static biscotti.abi.OpenFlags.O_CREAT;
import static biscotti.abi.OpenFlags.O_DIRECT;
import static biscotti.abi.OpenFlags.O_DIRECTORY;
import static biscotti.abi.OpenFlags.O_EXCL;
import static biscotti.abi.OpenFlags.O_LARGEFILE;
import static biscotti.abi.OpenFlags.O_NOATIME;
import static biscotti.abi.OpenFlags.O_NOFOLLOW;
import static biscotti.abi.OpenFlags.O_NONBLOCK;
import static biscotti.abi.OpenFlags.O_PATH;
import static biscotti.abi.OpenFlags.O_RDONLY;
import static biscotti.abi.OpenFlags.O_TMPFILE;
import static biscotti.abi.OpenFlags.O_TRUNC;
import static biscotti.abi.OpenFlags.O_WRONLY;

import biscotti.abi.FileMode;

/** open(2) and openat(2): from a path to an open file description. */
public final class OpenCall {
    private static final int PATH_FLAGS = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

    private final Caller caller;
    private final int flags;
    private boolean created;
    private int resolve;

    private OpenCall(Caller caller, int flags) {
        this.caller = caller;
        this.flags = (flags & O_PATH) != 0 ? flags & PATH_FLAGS : flags | O_LARGEFILE;
    }

    /**
     * Opens a file.
     *
     * @param descriptor where a relative path starts, as in {@link PathWalk#resolve}
     * @param mode permissions of a new file; the umask takes its part
     * @return 0, or an errno of open(2)
     */
    public static int open(Caller caller, int descriptor, String path, int flags, int mode, Slot<OpenFile> opened) {
        return open(caller, descriptor, path, flags, mode, 0, opened);
    }

    /**
     * Opens a file as openat2(2) does.
     *
     * @param resolve a union of the {@code RESOLVE_} constants of {@link biscotti.abi.OpenHow}
     * @return 0, or an errno of openat2(2)
     */
    public static int open(
            Caller caller, int descriptor, String path, int flags, int mode, int resolve, Slot<OpenFile> opened) {
        OpenCall call = new OpenCall(caller, flags);
        call.resolve = resolve << PathWalk.RESOLVE_SHIFT;
        if ((flags & O_TMPFILE) == O_TMPFILE) {
            if ((call.flags & O_CREAT) != 0) {
                return -EINVAL;
            }
            return call.openUnnamed(descriptor, path, mode, opened);
        }
        if ((call.flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY)) {
            return -EINVAL;
        }
        Slot<Place> place = new Slot<>();
        while (true) {
            call.created = false;
            int error = call.find(descriptor, path, mode, place);
            error = error < 0 ? error : call.open(place.get(), opened);
            if (error != -ESTALE) {
                return error;
            }
            if (!caller.rounds().awaitRound()) {
                return -EINTR;
            }
        }
    }

    /**
     * Opens a file that was found already, for a caller who may do so.
     *
     * @return 0, or an errno of open(2)
     */
    public static int open(Caller caller, Place place, int flags, Slot<OpenFile> opened) {
        int error = new OpenCall(caller, flags & ~(O_CREAT | O_EXCL)).open(place, opened);
        return error == -ESTALE ? -ENOENT : error;
    }

    /** Finds the file, or makes it. Somebody else may make or remove the name at the same time: then it looks again. */
    private int find(int descriptor, String path, int mode, Slot<Place> place) {
        boolean create = (flags & O_CREAT) != 0;
        boolean follow = (flags & O_NOFOLLOW) == 0 && (flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL);
        int walkFlags = resolve | (follow ? PathWalk.FOLLOW : 0) | (create ? PathWalk.MAY_BE_MISSING : 0);
        while (true) {
            PathWalk walk = new PathWalk(caller);
            int error = walk.resolve(descriptor, path, walkFlags);
            if (error < 0) {
                return error;
            }
            if (walk.found()) {
                error = create ? checkPresent(walk) : 0;
                return error < 0 ? error : place.put(walk.place());
            }
            error = create(walk, mode, place);
            if (error != -EEXIST || (flags & O_EXCL) != 0) {
                return error;
            }
            if (!caller.rounds().awaitRound()) {
                return -EINTR;
            }
        }
    }

    /** O_CREAT finds a file: 0, -EEXIST with O_EXCL; -EACCES if it may be a trap. */
    private int checkPresent(PathWalk walk) {
        if ((flags & O_EXCL) != 0) {
            return -EEXIST;
        }
        Vnode present = walk.place().vnode();
        return Protection.mayOpenAsNew(caller.identity(), present, walk.directory()) ? 0 : -EACCES;
    }

    private int create(PathWalk walk, int mode, Slot<Place> place) {
        if (walk.slashBehind()) {
            return -EISDIR;
        }
        if (walk.mount().isReadOnly()) {
            return -EROFS;
        }
        int permissions = mode & FileMode.PERMISSIONS & ~caller.fileContext().umask();
        Slot<Vnode> made = new Slot<>();
        int error = walk.directory()
                .create(caller.identity(), walk.lastName(), FileMode.S_IFREG | permissions, 0, "", made);
        if (error < 0) {
            return error;
        }
        created = true;
        return place.put(new Place(Place.Kind.NAMED, walk.mount(), made.get(), walk.directory(), walk.lastName()));
    }

    /** O_TMPFILE: a file without a name in the file system of a directory. */
    private int openUnnamed(int descriptor, String path, int mode, Slot<OpenFile> opened) {
        if ((flags & O_ACCMODE) == O_RDONLY) {
            return -EINVAL;
        }
        PathWalk walk = new PathWalk(caller);
        int error = walk.resolve(descriptor, path, resolve | PathWalk.FOLLOW);
        if (error < 0) {
            return error;
        }
        if (!(walk.vnode() instanceof Directory directory)) {
            return -ENOTDIR;
        }
        error = Access.check(caller.identity(), directory, Access.WRITE | Access.EXECUTE);
        if (error < 0) {
            return error;
        }
        if (walk.mount().isReadOnly()) {
            return -EROFS;
        }
        int permissions = mode & FileMode.PERMISSIONS & ~caller.fileContext().umask();
        Slot<Vnode> made = new Slot<>();
        error = directory.makeUnnamed(caller.identity(), FileMode.S_IFREG | permissions, made);
        if (error < 0) {
            return error == -EPERM ? -EOPNOTSUPP : error;
        }
        created = true;
        if ((flags & O_EXCL) == 0) {
            made.get().allowFirstLink();
        }
        String name = "#" + made.get().number();
        error = open(new Place(Place.Kind.NAMED, walk.mount(), made.get(), directory, name), opened);
        made.get().release();
        return error;
    }

    private int open(Place place, Slot<OpenFile> opened) {
        Vnode vnode = place.vnode();
        int error = checkType(vnode.mode());
        if (error == 0 && !created) {
            error = checkPermission(place);
        }
        if (error == 0 && (flags & O_DIRECT) != 0 && (flags & O_PATH) == 0 && !vnode.isOnDisk()) {
            error = -EINVAL;
        }
        if (error < 0) {
            return error;
        }
        if (!vnode.retain()) {
            // Its last name went away; or its file system has forgotten it meanwhile, and finds it anew.
            return vnode.links() == 0 ? -ENOENT : -ESTALE;
        }
        error = openRetained(place, opened);
        if (error < 0) {
            vnode.release();
        } else {
            opened.get().countInMount();
        }
        return error;
    }

    private int openRetained(Place place, Slot<OpenFile> opened) {
        Vnode vnode = place.vnode();
        if ((flags & O_PATH) != 0) {
            return opened.put(new PathFile(place, flags));
        }
        boolean regular = FileMode.isRegular(vnode.mode());
        boolean writer = regular && (flags & O_ACCMODE) != O_RDONLY;
        boolean cut = regular && (flags & O_TRUNC) != 0 && !created;
        if (writer || cut) {
            int error = vnode.allowWriter();
            if (error < 0) {
                return error;
            }
        }
        boolean reader = regular && !writer;
        if (reader) {
            vnode.readerComes();
        }
        int error = created ? 0 : vnode.breakLeases(writer || cut, (flags & O_NONBLOCK) == 0);
        if (cut && error == 0) {
            vnode.dropPrivileges(caller.identity());
            error = vnode.truncate(0);
        }
        if (error == 0) {
            error = vnode.open(caller, place, flags, opened);
        }
        if (writer && error == 0) {
            opened.get().countedAsWriter();
        } else if (writer || cut) {
            vnode.writerGone();
        }
        if (reader && error == 0) {
            opened.get().countedAsReader();
        } else if (reader) {
            vnode.readerGone();
        }
        return error;
    }

    private int checkType(int mode) {
        boolean directory = FileMode.isDirectory(mode);
        if ((flags & O_DIRECTORY) != 0 && !directory && !created) {
            return -ENOTDIR;
        }
        if ((flags & O_PATH) != 0) {
            return 0;
        }
        if (FileMode.isSymbolicLink(mode)) {
            return -ELOOP;
        }
        boolean changes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
        return directory && changes ? -EISDIR : 0;
    }

    private int checkPermission(Place place) {
        if ((flags & O_PATH) != 0) {
            return 0;
        }
        Vnode vnode = place.vnode();
        int access = flags & O_ACCMODE;
        boolean cut = (flags & O_TRUNC) != 0;
        int wanted = (access == O_WRONLY ? 0 : Access.READ) | (access == O_RDONLY && !cut ? 0 : Access.WRITE);
        int error = Access.check(caller, caller.identity(), vnode, wanted);
        if (error < 0) {
            return error;
        }
        boolean writes = (wanted & Access.WRITE) != 0;
        if (writes && FileMode.isRegular(vnode.mode()) && place.mount().isReadOnly()) {
            return -EROFS;
        }
        if (FileMode.isDevice(vnode.mode()) && place.mount().has(Mount.NO_DEVICES)) {
            return -EACCES;
        }
        boolean replaces = access != O_RDONLY && (flags & O_APPEND) == 0 || cut;
        if (replaces && FileFlags.isAppendOnly(vnode)) {
            return -EPERM;
        }
        boolean quiet = (flags & O_NOATIME) != 0;
        return quiet && !Access.owns(caller.identity(), vnode) ? -EPERM : 0;
    }
}
