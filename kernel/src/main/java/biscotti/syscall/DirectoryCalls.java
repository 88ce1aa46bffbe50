package biscotti.syscall;

import static biscotti.abi.AtFlags.AT_EMPTY_PATH;
import static biscotti.abi.AtFlags.AT_FDCWD;
import static biscotti.abi.AtFlags.AT_SYMLINK_NOFOLLOW;
import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENAMETOOLONG;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOTDIR;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ERANGE;

import biscotti.abi.Latin1;
import biscotti.abi.Limits;
import biscotti.file.Access;
import biscotti.file.Caller;
import biscotti.file.Directory;
import biscotti.file.FileContext;
import biscotti.file.Identity;
import biscotti.file.OpenFile;
import biscotti.file.PathWalk;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.file.SymbolicLink;

/** System calls that list directories, move among them, and read symbolic links. */
public final class DirectoryCalls {
    /** getdents64(2). */
    @SystemCall(number = 217, name = "getdents64")
    public long getdents64(Caller caller, int descriptor, long buffer, int count) {
        return list(caller, descriptor, new DirectoryEntries(caller, buffer, Integer.toUnsignedLong(count), false));
    }

    /** getdents(2): the older structure. */
    @SystemCall(number = 78, name = "getdents")
    public long getdents(Caller caller, int descriptor, long buffer, int count) {
        return list(caller, descriptor, new DirectoryEntries(caller, buffer, Integer.toUnsignedLong(count), true));
    }

    private static long list(Caller caller, int descriptor, DirectoryEntries entries) {
        int error = caller.files().get(descriptor).list(caller, entries);
        if (error < 0) {
            return error;
        }
        if (entries.used() > 0) {
            return entries.used();
        }
        return entries.isFull() ? -EINVAL : entries.error();
    }

    /** getcwd(2): the system call returns the length with the NUL. */
    @SystemCall(number = 79, name = "getcwd")
    public long getcwd(Caller caller, long buffer, long size) {
        FileContext context = caller.fileContext();
        if (((Directory) context.current().vnode()).removed()) {
            return -ENOENT;
        }
        String found = context.current().path(context.root());
        if (found.isEmpty()) {
            return -ENAMETOOLONG;
        }
        byte[] path = Latin1.withNul(found);
        if (path.length > Math.max(0, size)) {
            return -ERANGE;
        }
        int error = caller.memory().write(buffer, path, 0, path.length);
        return error < 0 ? error : path.length;
    }

    /** chdir(2). */
    @SystemCall(number = 80, name = "chdir")
    public long chdir(Caller caller, long path) {
        Slot<Place> place = new Slot<>();
        int error = searchable(caller, path, place);
        if (error == 0) {
            caller.fileContext().setCurrent(place.get());
        }
        return error;
    }

    /** fchdir(2). */
    @SystemCall(number = 81, name = "fchdir")
    public long fchdir(Caller caller, int descriptor) {
        OpenFile file = caller.files().get(descriptor);
        if (file == OpenFile.CLOSED) {
            return -EBADF;
        }
        if (!(file.vnode() instanceof Directory directory)) {
            return -ENOTDIR;
        }
        int error = Access.check(caller, caller.identity(), directory, Access.EXECUTE);
        if (error == 0) {
            caller.fileContext().setCurrent(file.place());
        }
        return error;
    }

    /** chroot(2). */
    @SystemCall(number = 161, name = "chroot")
    public long chroot(Caller caller, long path) {
        Slot<Place> place = new Slot<>();
        int error = searchable(caller, path, place);
        if (error < 0) {
            return error;
        }
        if (!caller.identity().has(Identity.CAP_SYS_CHROOT)) {
            return -EPERM;
        }
        caller.fileContext().setRoot(place.get());
        return 0;
    }

    private static int searchable(Caller caller, long path, Slot<Place> place) {
        PathWalk walk = new PathWalk(caller);
        int error = UserPaths.walk(caller, walk, AT_FDCWD, path, PathWalk.FOLLOW);
        if (error < 0) {
            return error;
        }
        if (!(walk.place().vnode() instanceof Directory directory)) {
            return -ENOTDIR;
        }
        error = Access.check(caller, caller.identity(), directory, Access.EXECUTE);
        return error < 0 ? error : place.put(walk.place());
    }

    /** readlink(2). */
    @SystemCall(number = 89, name = "readlink")
    public long readlink(Caller caller, long path, long buffer, int size) {
        return readlinkat(caller, AT_FDCWD, path, buffer, size);
    }

    /** readlinkat(2); an empty path names the link that the descriptor is open on. */
    @SystemCall(number = 267, name = "readlinkat")
    public long readlinkat(Caller caller, int directory, long path, long buffer, int size) {
        if (size <= 0) {
            return -EINVAL;
        }
        Slot<String> text = new Slot<>();
        int error = UserPaths.read(caller, path, text);
        PathWalk walk = new PathWalk(caller);
        if (error == 0) {
            int flags = AttributeCalls.walkFlags(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH);
            error = walk.resolve(directory, text.get(), flags);
        }
        if (error < 0) {
            return error;
        }
        if (!(walk.place().vnode() instanceof SymbolicLink link)) {
            return text.get().isEmpty() ? -ENOENT : -EINVAL;
        }
        Slot<String> target = new Slot<>();
        error = link.target(caller, target);
        if (error < 0) {
            return error;
        }
        byte[] bytes = Latin1.bytes(target.get());
        int length = Math.min(bytes.length, Math.min(size, Limits.PATH_MAX));
        return caller.memory().write(buffer, bytes, 0, length) < 0 ? -EFAULT : length;
    }
}
