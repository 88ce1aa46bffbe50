package biscotti.syscall;

import static biscotti.abi.AtFlags.AT_EACCESS;
import static biscotti.abi.AtFlags.AT_EMPTY_PATH;
import static biscotti.abi.AtFlags.AT_FDCWD;
import static biscotti.abi.AtFlags.AT_NO_AUTOMOUNT;
import static biscotti.abi.AtFlags.AT_STATX_SYNC_TYPE;
import static biscotti.abi.AtFlags.AT_SYMLINK_NOFOLLOW;
import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EROFS;

import biscotti.abi.FileMode;
import biscotti.abi.OpenFlags;
import biscotti.abi.StatxLayout;
import biscotti.file.Access;
import biscotti.file.Caller;
import biscotti.file.Identity;
import biscotti.file.Mount;
import biscotti.file.OpenFile;
import biscotti.file.PathWalk;
import biscotti.file.Slot;
import biscotti.file.Vnode;
import biscotti.process.UserThread;

/** System calls that tell and change what is known about a file: status, permissions, owner. */
public final class AttributeCalls {
    private static final int STAT_FLAGS = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH;

    /** stat(2). */
    @SystemCall(number = 4, name = "stat")
    public long stat(Caller caller, long path, long buffer) {
        return newfstatat(caller, AT_FDCWD, path, buffer, 0);
    }

    /** lstat(2). */
    @SystemCall(number = 6, name = "lstat")
    public long lstat(Caller caller, long path, long buffer) {
        return newfstatat(caller, AT_FDCWD, path, buffer, AT_SYMLINK_NOFOLLOW);
    }

    /** fstat(2). */
    @SystemCall(number = 5, name = "fstat")
    public long fstat(Caller caller, int descriptor, long buffer) {
        OpenFile file = caller.files().get(descriptor);
        return file == OpenFile.CLOSED ? -EBADF : FileStatus.writeStat(caller, file.vnode(), buffer);
    }

    /** fstatat(2). */
    @SystemCall(number = 262, name = "newfstatat")
    public long newfstatat(Caller caller, int directory, long path, long buffer, int flags) {
        if ((flags & ~STAT_FLAGS) != 0) {
            return -EINVAL;
        }
        PathWalk walk = new PathWalk(caller);
        int error = UserPaths.walk(caller, walk, directory, path, walkFlags(flags));
        return error < 0 ? error : FileStatus.writeStat(caller, walk.place().vnode(), buffer);
    }

    /** statx(2). */
    @SystemCall(number = 332, name = "statx")
    public long statx(Caller caller, int directory, long path, int flags, int mask, long buffer) {
        boolean badFlags =
                (flags & ~(STAT_FLAGS | AT_STATX_SYNC_TYPE)) != 0 || (flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE;
        if (badFlags || (mask & StatxLayout.RESERVED) != 0) {
            return -EINVAL;
        }
        PathWalk walk = new PathWalk(caller);
        int error = UserPaths.walk(caller, walk, directory, path, walkFlags(flags));
        return error < 0 ? error : FileStatus.writeStatx(caller, walk.place(), mask, buffer);
    }

    /** How to walk for calls that follow a last symbolic link unless told not to. */
    static int walkFlags(int flags) {
        return ((flags & AT_SYMLINK_NOFOLLOW) == 0 ? PathWalk.FOLLOW : 0)
                | ((flags & AT_EMPTY_PATH) != 0 ? PathWalk.MAY_BE_EMPTY : 0);
    }

    /** statfs(2). */
    @SystemCall(number = 137, name = "statfs")
    public long statfs(Caller caller, long path, long buffer) {
        PathWalk walk = new PathWalk(caller);
        int error = UserPaths.walk(caller, walk, AT_FDCWD, path, PathWalk.FOLLOW);
        return error < 0
                ? error
                : FileStatus.writeStatfs(caller, walk.place().vnode().fileSystem(), walk.mount(), buffer);
    }

    /** fstatfs(2). */
    @SystemCall(number = 138, name = "fstatfs")
    public long fstatfs(Caller caller, int descriptor, long buffer) {
        OpenFile file = caller.files().get(descriptor);
        return file == OpenFile.CLOSED
                ? -EBADF
                : FileStatus.writeStatfs(
                        caller, file.vnode().fileSystem(), file.place().mount(), buffer);
    }

    /** access(2). */
    @SystemCall(number = 21, name = "access")
    public long access(UserThread caller, long path, int mode) {
        return faccessat2(caller, AT_FDCWD, path, mode, 0);
    }

    /** faccessat(2): the system call has no flags. */
    @SystemCall(number = 269, name = "faccessat")
    public long faccessat(UserThread caller, int directory, long path, int mode) {
        return faccessat2(caller, directory, path, mode, 0);
    }

    /** faccessat2(2): asks for the real ids unless told otherwise. */
    @SystemCall(number = 439, name = "faccessat2")
    public long faccessat2(UserThread caller, int directory, long path, int mode, int flags) {
        boolean badFlags = (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EACCESS | AT_EMPTY_PATH)) != 0;
        if (badFlags || (mode & ~(Access.READ | Access.WRITE | Access.EXECUTE)) != 0) {
            return -EINVAL;
        }
        boolean effective = (flags & AT_EACCESS) != 0;
        Identity who = effective ? caller.identity() : caller.identity().real();
        PathWalk walk = new PathWalk(caller, who);
        int error = UserPaths.walk(caller, walk, directory, path, walkFlags(flags));
        if (error < 0) {
            return error;
        }
        Vnode vnode = walk.place().vnode();
        if ((mode & Access.WRITE) != 0 && walk.mount().isReadOnly() && !isSpecial(vnode)) {
            return -EROFS;
        }
        boolean runs = (mode & Access.EXECUTE) != 0 && FileMode.isRegular(vnode.mode());
        if (runs && walk.mount().has(Mount.NO_EXECUTE)) {
            return -EACCES;
        }
        return Access.check(caller, who, vnode, mode);
    }

    private static boolean isSpecial(Vnode vnode) {
        return !FileMode.isRegular(vnode.mode()) && !FileMode.isDirectory(vnode.mode());
    }

    /** chmod(2). */
    @SystemCall(number = 90, name = "chmod")
    public long chmod(Caller caller, long path, int mode) {
        return fchmodat2(caller, AT_FDCWD, path, mode, 0);
    }

    /** fchmod(2). */
    @SystemCall(number = 91, name = "fchmod")
    public long fchmod(Caller caller, int descriptor, int mode) {
        Slot<Vnode> vnode = new Slot<>();
        int error = changeable(caller, descriptor, vnode);
        return error < 0 ? error : vnode.get().changeMode(caller.identity(), mode);
    }

    /** fchmodat(2): the system call has no flags. */
    @SystemCall(number = 268, name = "fchmodat")
    public long fchmodat(Caller caller, int directory, long path, int mode) {
        return fchmodat2(caller, directory, path, mode, 0);
    }

    /** fchmodat2(2). */
    @SystemCall(number = 452, name = "fchmodat2")
    public long fchmodat2(Caller caller, int directory, long path, int mode, int flags) {
        Slot<Vnode> vnode = new Slot<>();
        int error = changeable(caller, directory, path, flags, vnode);
        if (error < 0) {
            return error;
        }
        boolean link = FileMode.isSymbolicLink(vnode.get().mode());
        return link ? -EOPNOTSUPP : vnode.get().changeMode(caller.identity(), mode);
    }

    /** chown(2). */
    @SystemCall(number = 92, name = "chown")
    public long chown(Caller caller, long path, int user, int group) {
        return fchownat(caller, AT_FDCWD, path, user, group, 0);
    }

    /** lchown(2). */
    @SystemCall(number = 94, name = "lchown")
    public long lchown(Caller caller, long path, int user, int group) {
        return fchownat(caller, AT_FDCWD, path, user, group, AT_SYMLINK_NOFOLLOW);
    }

    /** fchown(2). */
    @SystemCall(number = 93, name = "fchown")
    public long fchown(Caller caller, int descriptor, int user, int group) {
        Slot<Vnode> vnode = new Slot<>();
        int error = changeable(caller, descriptor, vnode);
        return error < 0 ? error : vnode.get().changeOwner(caller.identity(), user, group);
    }

    /** fchownat(2). */
    @SystemCall(number = 260, name = "fchownat")
    public long fchownat(Caller caller, int directory, long path, int user, int group, int flags) {
        Slot<Vnode> vnode = new Slot<>();
        int error = changeable(caller, directory, path, flags, vnode);
        return error < 0 ? error : vnode.get().changeOwner(caller.identity(), user, group);
    }

    /** The file that a descriptor refers to, if its attributes can be changed: 0, -EBADF, -EROFS. */
    static int changeable(Caller caller, int descriptor, Slot<Vnode> vnode) {
        OpenFile file = caller.files().get(descriptor);
        if (file == OpenFile.CLOSED || file.has(OpenFlags.O_PATH)) {
            return -EBADF;
        }
        return file.place().mount().isReadOnly() ? -EROFS : vnode.put(file.vnode());
    }

    /** The file that a path leads to, if its attributes can be changed. */
    static int changeable(Caller caller, int directory, long path, int flags, Slot<Vnode> vnode) {
        if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0) {
            return -EINVAL;
        }
        PathWalk walk = new PathWalk(caller);
        int error = UserPaths.walk(caller, walk, directory, path, walkFlags(flags));
        if (error < 0) {
            return error;
        }
        return walk.mount().isReadOnly() ? -EROFS : vnode.put(walk.place().vnode());
    }

    /** umask(2). */
    @SystemCall(number = 95, name = "umask")
    public long umask(Caller caller, int mask) {
        return caller.fileContext().setUmask(mask);
    }
}
