package biscotti.syscall;

import static biscotti.abi.AtFlags.AT_EMPTY_PATH;
import static biscotti.abi.AtFlags.AT_FDCWD;
import static biscotti.abi.AtFlags.AT_REMOVEDIR;
import static biscotti.abi.AtFlags.AT_SYMLINK_FOLLOW;
import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EISDIR;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOTDIR;
import static biscotti.abi.Errno.ENOTEMPTY;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.EROFS;
import static biscotti.abi.Errno.EXDEV;

import biscotti.abi.FileMode;
import biscotti.file.Access;
import biscotti.file.Caller;
import biscotti.file.Directory;
import biscotti.file.Identity;
import biscotti.file.PathWalk;
import biscotti.file.Rename;
import biscotti.file.Slot;
import biscotti.file.Vnode;

/** System calls that make, remove and move names: mkdir, mknod, link, symlink, unlink, rmdir, rename. */
public final class NameCalls {
    private static final int RENAME_FLAGS = Rename.NO_REPLACE | Rename.EXCHANGE | Rename.WHITEOUT;

    /** mkdir(2). */
    @SystemCall(number = 83, name = "mkdir")
    public long mkdir(Caller caller, long path, int mode) {
        return mkdirat(caller, AT_FDCWD, path, mode);
    }

    /** mkdirat(2). */
    @SystemCall(number = 258, name = "mkdirat")
    public long mkdirat(Caller caller, int directory, long path, int mode) {
        PathWalk walk = new PathWalk(caller);
        int error = UserPaths.walk(caller, walk, directory, path, PathWalk.PARENT);
        if (error < 0) {
            return error;
        }
        int permissions =
                mode & (0777 | FileMode.S_ISVTX) & ~caller.fileContext().umask();
        return create(caller, walk, FileMode.S_IFDIR | permissions, 0, "");
    }

    /** mknod(2). */
    @SystemCall(number = 133, name = "mknod")
    public long mknod(Caller caller, long path, int mode, int device) {
        return mknodat(caller, AT_FDCWD, path, mode, device);
    }

    /** mknodat(2). */
    @SystemCall(number = 259, name = "mknodat")
    public long mknodat(Caller caller, int directory, long path, int mode, int device) {
        int type = (mode & FileMode.S_IFMT) == 0 ? FileMode.S_IFREG : mode & FileMode.S_IFMT;
        if (type == FileMode.S_IFDIR || type == FileMode.S_IFLNK) {
            return type == FileMode.S_IFDIR ? -EPERM : -EINVAL;
        }
        PathWalk walk = new PathWalk(caller);
        int error = UserPaths.walk(caller, walk, directory, path, PathWalk.PARENT);
        if (error < 0) {
            return error;
        }
        if (walk.slashBehind()) {
            return -ENOENT;
        }
        int permissions = mode & FileMode.PERMISSIONS & ~caller.fileContext().umask();
        return create(caller, walk, type | permissions, device, "");
    }

    /** symlink(2). */
    @SystemCall(number = 88, name = "symlink")
    public long symlink(Caller caller, long target, long path) {
        return symlinkat(caller, target, AT_FDCWD, path);
    }

    /** symlinkat(2). */
    @SystemCall(number = 266, name = "symlinkat")
    public long symlinkat(Caller caller, long target, int directory, long path) {
        Slot<String> text = new Slot<>();
        int error = UserPaths.read(caller, target, text);
        if (error < 0) {
            return error;
        }
        if (text.get().isEmpty()) {
            return -ENOENT;
        }
        PathWalk walk = new PathWalk(caller);
        error = UserPaths.walk(caller, walk, directory, path, PathWalk.PARENT);
        if (error < 0) {
            return error;
        }
        if (walk.slashBehind()) {
            return -ENOENT;
        }
        return create(caller, walk, FileMode.S_IFLNK | 0777, 0, text.get());
    }

    /** Makes the name that a walk ended before. A name that is there already is told before a file system that is read-only. */
    private static long create(Caller caller, PathWalk walk, int mode, int device, String target) {
        int error = walk.checkName(-EEXIST);
        if (error < 0) {
            return error;
        }
        Slot<Vnode> made = new Slot<>();
        if (walk.mount().isReadOnly()) {
            return walk.directory().lookup(walk.lastName(), made) == 0 ? -EEXIST : -EROFS;
        }
        return walk.directory().create(caller.identity(), walk.lastName(), mode, device, target, made);
    }

    /** link(2). */
    @SystemCall(number = 86, name = "link")
    public long link(Caller caller, long oldPath, long newPath) {
        return linkat(caller, AT_FDCWD, oldPath, AT_FDCWD, newPath, 0);
    }

    /** linkat(2). */
    @SystemCall(number = 265, name = "linkat")
    public long linkat(Caller caller, int oldDirectory, long oldPath, int newDirectory, long newPath, int flags) {
        if ((flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) != 0) {
            return -EINVAL;
        }
        boolean byDescriptor = (flags & AT_EMPTY_PATH) != 0;
        if (byDescriptor && !caller.identity().has(Identity.CAP_DAC_READ_SEARCH)) {
            return -ENOENT;
        }
        PathWalk from = new PathWalk(caller);
        int fromFlags =
                ((flags & AT_SYMLINK_FOLLOW) != 0 ? PathWalk.FOLLOW : 0) | (byDescriptor ? PathWalk.MAY_BE_EMPTY : 0);
        int error = UserPaths.walk(caller, from, oldDirectory, oldPath, fromFlags);
        if (error < 0) {
            return error;
        }
        PathWalk to = new PathWalk(caller);
        error = UserPaths.walk(caller, to, newDirectory, newPath, PathWalk.PARENT);
        if (error < 0) {
            return error;
        }
        error = to.checkName(-EEXIST);
        if (error < 0) {
            return error;
        }
        if (to.directory().lookup(to.lastName(), new Slot<>()) == 0) {
            return -EEXIST;
        }
        if (to.slashBehind()) {
            return -ENOENT;
        }
        if (to.mount().isReadOnly()) {
            return -EROFS;
        }
        Vnode vnode = from.place().vnode();
        if (from.mount() != to.mount()) {
            return -EXDEV;
        }
        if (!Access.mayLink(caller.identity(), vnode)) {
            return -EPERM;
        }
        return to.directory().link(caller.identity(), to.lastName(), vnode);
    }

    /** unlink(2). */
    @SystemCall(number = 87, name = "unlink")
    public long unlink(Caller caller, long path) {
        return unlinkat(caller, AT_FDCWD, path, 0);
    }

    /** rmdir(2). */
    @SystemCall(number = 84, name = "rmdir")
    public long rmdir(Caller caller, long path) {
        return unlinkat(caller, AT_FDCWD, path, AT_REMOVEDIR);
    }

    /** unlinkat(2). */
    @SystemCall(number = 263, name = "unlinkat")
    public long unlinkat(Caller caller, int directory, long path, int flags) {
        if ((flags & ~AT_REMOVEDIR) != 0) {
            return -EINVAL;
        }
        PathWalk walk = new PathWalk(caller);
        int error = UserPaths.walk(caller, walk, directory, path, PathWalk.PARENT);
        if (error < 0) {
            return error;
        }
        return flags == 0 ? unlink(caller, walk) : removeDirectory(caller, walk);
    }

    private static long unlink(Caller caller, PathWalk walk) {
        int error = walk.checkName(-EISDIR);
        if (error < 0) {
            return error;
        }
        if (walk.mount().isReadOnly()) {
            return -EROFS;
        }
        if (!walk.slashBehind()) {
            return walk.directory().unlink(caller.identity(), walk.lastName());
        }
        Slot<Vnode> found = new Slot<>();
        error = walk.directory().lookup(walk.lastName(), found);
        if (error < 0) {
            return error;
        }
        return found.get() instanceof Directory ? -EISDIR : -ENOTDIR;
    }

    private static long removeDirectory(Caller caller, PathWalk walk) {
        String name = walk.lastName();
        int errorForDots = name.isEmpty() ? -EBUSY : name.equals(".") ? -EINVAL : -ENOTEMPTY;
        int error = walk.checkName(errorForDots);
        if (error < 0) {
            return error;
        }
        if (walk.mount().isReadOnly()) {
            return -EROFS;
        }
        return walk.directory().removeDirectory(caller.identity(), name);
    }

    /** rename(2). */
    @SystemCall(number = 82, name = "rename")
    public long rename(Caller caller, long oldPath, long newPath) {
        return renameat2(caller, AT_FDCWD, oldPath, AT_FDCWD, newPath, 0);
    }

    /** renameat(2). */
    @SystemCall(number = 264, name = "renameat")
    public long renameat(Caller caller, int oldDirectory, long oldPath, int newDirectory, long newPath) {
        return renameat2(caller, oldDirectory, oldPath, newDirectory, newPath, 0);
    }

    /** renameat2(2). */
    @SystemCall(number = 316, name = "renameat2")
    public long renameat2(Caller caller, int oldDirectory, long oldPath, int newDirectory, long newPath, int flags) {
        boolean exchange = (flags & Rename.EXCHANGE) != 0;
        if ((flags & ~RENAME_FLAGS) != 0 || exchange && flags != Rename.EXCHANGE) {
            return -EINVAL;
        }
        PathWalk from = new PathWalk(caller);
        int error = UserPaths.walk(caller, from, oldDirectory, oldPath, PathWalk.PARENT);
        PathWalk to = new PathWalk(caller);
        if (error == 0) {
            error = UserPaths.walk(caller, to, newDirectory, newPath, PathWalk.PARENT);
        }
        if (error < 0) {
            return error;
        }
        if (from.mount() != to.mount()) {
            return -EXDEV;
        }
        error = from.checkName(-EBUSY);
        if (error == 0) {
            error = to.checkName((flags & Rename.NO_REPLACE) != 0 ? -EEXIST : -EBUSY);
        }
        if (error < 0) {
            return error;
        }
        if (from.mount().isReadOnly()) {
            return -EROFS;
        }
        error = checkEnds(from, to, (flags & Rename.NO_REPLACE) != 0);
        return error < 0
                ? error
                : new Rename(caller.identity(), from.directory(), from.lastName(), to.directory(), to.lastName(), flags)
                        .perform();
    }

    /** Slashes behind a name promise a directory. */
    private static int checkEnds(PathWalk from, PathWalk to, boolean mayNotReplace) {
        Slot<Vnode> slot = new Slot<>();
        if (from.directory().lookup(from.lastName(), slot) < 0) {
            return -ENOENT;
        }
        Vnode moved = slot.get();
        boolean taken = to.directory().lookup(to.lastName(), slot) == 0;
        if (mayNotReplace && taken) {
            return -EEXIST;
        }
        boolean slashes = from.slashBehind() || to.slashBehind();
        return slashes && !(moved instanceof Directory) ? -ENOTDIR : 0;
    }
}
