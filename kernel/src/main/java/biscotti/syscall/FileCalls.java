package biscotti.syscall;

import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.EFBIG;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EISDIR;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EROFS;
import static biscotti.abi.Errno.ESPIPE;

import biscotti.abi.FileMode;
import biscotti.abi.Limits;
import biscotti.file.Access;
import biscotti.file.Caller;
import biscotti.file.Mount;
import biscotti.file.OpenFile;
import biscotti.file.PathWalk;
import biscotti.file.Slot;
import biscotti.file.UserTransfer;
import biscotti.file.Vnode;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.UserRange;

/** System calls that move the bytes of files, or change how many there are. */
public final class FileCalls {
    private final PhysicalMemory memory;

    /** Calls on a machine with this memory. */
    public FileCalls(PhysicalMemory memory) {
        this.memory = memory;
    }

    /** read(2). */
    @SystemCall(number = 0, name = "read")
    public long read(Caller caller, int descriptor, long buffer, long count) {
        OpenFile file = caller.files().get(descriptor);
        return file.readable() && isNoUserRange(buffer, count)
                ? -EFAULT
                : file.read(caller, one(caller, buffer, count));
    }

    /** write(2). */
    @SystemCall(number = 1, name = "write")
    public long write(Caller caller, int descriptor, long buffer, long count) {
        OpenFile file = caller.files().get(descriptor);
        return file.writable() && isNoUserRange(buffer, count)
                ? -EFAULT
                : file.write(caller, one(caller, buffer, count));
    }

    /** Whether a buffer reaches beyond what can be user memory, even if that much of it will not be used. */
    private static boolean isNoUserRange(long buffer, long count) {
        return (buffer | count) < 0 || count > UserRange.HIGH_END - buffer;
    }

    /** A transfer of one buffer; a count beyond what one call moves is cut, as on Linux. */
    private static UserTransfer one(Caller caller, long buffer, long count) {
        return new UserTransfer(caller.memory(), buffer, Math.min(count, Limits.MAX_TRANSFER));
    }

    /** pread(2). */
    @SystemCall(number = 17, name = "pread64")
    public long pread64(Caller caller, int descriptor, long buffer, long count, long position) {
        if (position < 0) {
            return -EINVAL;
        }
        OpenFile file = caller.files().get(descriptor);
        return file.readable() && isNoUserRange(buffer, count)
                ? -EFAULT
                : file.readAt(caller, one(caller, buffer, count), position);
    }

    /** pwrite(2). */
    @SystemCall(number = 18, name = "pwrite64")
    public long pwrite64(Caller caller, int descriptor, long buffer, long count, long position) {
        if (position < 0) {
            return -EINVAL;
        }
        OpenFile file = caller.files().get(descriptor);
        return file.writable() && isNoUserRange(buffer, count)
                ? -EFAULT
                : file.writeAt(caller, one(caller, buffer, count), position);
    }

    /** readv(2). */
    @SystemCall(number = 19, name = "readv")
    public long readv(Caller caller, int descriptor, long vector, int count) {
        Slot<UserTransfer> transfer = new Slot<>();
        int error = IoVectors.read(caller, vector, count, transfer);
        return error < 0 ? error : caller.files().get(descriptor).read(caller, transfer.get());
    }

    /** writev(2). */
    @SystemCall(number = 20, name = "writev")
    public long writev(Caller caller, int descriptor, long vector, int count) {
        Slot<UserTransfer> transfer = new Slot<>();
        int error = IoVectors.read(caller, vector, count, transfer);
        return error < 0 ? error : caller.files().get(descriptor).write(caller, transfer.get());
    }

    /** preadv(2); the position comes in two halves, of which the lower has all bits here. */
    @SystemCall(number = 295, name = "preadv")
    public long preadv(Caller caller, int descriptor, long vector, int count, long position, long high) {
        if (position < 0) {
            return -EINVAL;
        }
        Slot<UserTransfer> transfer = new Slot<>();
        int error = IoVectors.read(caller, vector, count, transfer);
        return error < 0 ? error : caller.files().get(descriptor).readAt(caller, transfer.get(), position);
    }

    /** pwritev(2). */
    @SystemCall(number = 296, name = "pwritev")
    public long pwritev(Caller caller, int descriptor, long vector, int count, long position, long high) {
        if (position < 0) {
            return -EINVAL;
        }
        Slot<UserTransfer> transfer = new Slot<>();
        int error = IoVectors.read(caller, vector, count, transfer);
        return error < 0 ? error : caller.files().get(descriptor).writeAt(caller, transfer.get(), position);
    }

    /** preadv2(2). */
    @SystemCall(number = 327, name = "preadv2", support = Support.PARTIAL, note = "no flags")
    public long preadv2(Caller caller, int descriptor, long vector, int count, long position, long high, int flags) {
        if (flags != 0) {
            return -EOPNOTSUPP;
        }
        return position == -1
                ? readv(caller, descriptor, vector, count)
                : preadv(caller, descriptor, vector, count, position, high);
    }

    /** pwritev2(2). */
    @SystemCall(number = 328, name = "pwritev2", support = Support.PARTIAL, note = "no flags")
    public long pwritev2(Caller caller, int descriptor, long vector, int count, long position, long high, int flags) {
        if (flags != 0) {
            return -EOPNOTSUPP;
        }
        return position == -1
                ? writev(caller, descriptor, vector, count)
                : pwritev(caller, descriptor, vector, count, position, high);
    }

    /** lseek(2). */
    @SystemCall(number = 8, name = "lseek")
    public long lseek(Caller caller, int descriptor, long offset, int whence) {
        return caller.files().get(descriptor).seek(offset, whence);
    }

    /** sendfile(2): from regular files only, as what the receiver does not take must not be lost. */
    @SystemCall(number = 40, name = "sendfile")
    public long sendfile(Caller caller, int out, int in, long offsetAddress, long count) {
        OpenFile from = caller.files().get(in);
        OpenFile to = caller.files().get(out);
        if (!from.readable() || !to.writable()) {
            return -EBADF;
        }
        if (!FileMode.isRegular(from.vnode().mode())) {
            return -EINVAL;
        }
        return new FileCopy(memory, caller, from, to).copy(offsetAddress, 0, count);
    }

    /** copy_file_range(2). */
    @SystemCall(number = 326, name = "copy_file_range")
    public long copyFileRange(Caller caller, int in, long inOffset, int out, long outOffset, long count, int flags) {
        OpenFile from = caller.files().get(in);
        OpenFile to = caller.files().get(out);
        if (!from.readable() || !to.writable()) {
            return -EBADF;
        }
        if (flags != 0) {
            return -EINVAL;
        }
        int both = from.vnode().mode() & to.vnode().mode();
        if (FileMode.isDirectory(from.vnode().mode())
                || FileMode.isDirectory(to.vnode().mode())) {
            return -EISDIR;
        }
        return FileMode.isRegular(both)
                ? new FileCopy(memory, caller, from, to).copy(inOffset, outOffset, count)
                : -EINVAL;
    }

    /** truncate(2). */
    @SystemCall(number = 76, name = "truncate")
    public long truncate(Caller caller, long path, long length) {
        if (length < 0) {
            return -EINVAL;
        }
        PathWalk walk = new PathWalk(caller);
        int error = UserPaths.walk(caller, walk, biscotti.abi.AtFlags.AT_FDCWD, path, PathWalk.FOLLOW);
        if (error < 0) {
            return error;
        }
        Vnode vnode = walk.vnode();
        if (FileMode.isDirectory(vnode.mode())) {
            return -EISDIR;
        }
        error = Access.check(caller.identity(), vnode, Access.WRITE);
        if (error < 0) {
            return error;
        }
        if (walk.mount().has(Mount.READ_ONLY)) {
            return -EROFS;
        }
        error = vnode.allowWriter();
        if (error < 0) {
            return error;
        }
        error = length > caller.fileSizeLimit() ? -EFBIG : vnode.truncate(length);
        vnode.writerGone();
        return error;
    }

    /** ftruncate(2). */
    @SystemCall(number = 77, name = "ftruncate")
    public long ftruncate(Caller caller, int descriptor, long length) {
        return length < 0 ? -EINVAL : caller.files().get(descriptor).truncate(caller, length);
    }

    /** fallocate(2). */
    @SystemCall(
            number = 285,
            name = "fallocate",
            support = Support.PARTIAL,
            note = "no FALLOC_FL_COLLAPSE_RANGE, INSERT_RANGE, ZERO_RANGE")
    public long fallocate(Caller caller, int descriptor, int mode, long offset, long length) {
        if (offset < 0 || length <= 0) {
            return -EINVAL;
        }
        return offset + length < 0 ? -EFBIG : caller.files().get(descriptor).allocate(caller, mode, offset, length);
    }

    /** fsync(2): all file systems are in memory. */
    @SystemCall(number = 74, name = "fsync")
    public long fsync(Caller caller, int descriptor) {
        return caller.files().get(descriptor).sync();
    }

    /** fdatasync(2). */
    @SystemCall(number = 75, name = "fdatasync")
    public long fdatasync(Caller caller, int descriptor) {
        return caller.files().get(descriptor).sync();
    }

    /** sync(2): there is nothing that is kept elsewhere. */
    @SystemCall(number = 162, name = "sync")
    public long sync(Caller caller) {
        return 0;
    }

    /** syncfs(2). */
    @SystemCall(number = 306, name = "syncfs")
    public long syncfs(Caller caller, int descriptor) {
        return caller.files().get(descriptor) == OpenFile.CLOSED ? -EBADF : 0;
    }

    /** sync_file_range(2). */
    @SystemCall(number = 277, name = "sync_file_range")
    public long syncFileRange(Caller caller, int descriptor, long offset, long length, int flags) {
        OpenFile file = caller.files().get(descriptor);
        if (file == OpenFile.CLOSED) {
            return -EBADF;
        }
        if (offset < 0 || length < 0 || (flags & ~7) != 0) {
            return -EINVAL;
        }
        return file.sync() < 0 ? -ESPIPE : 0;
    }

    /** readahead(2): everything is in memory. */
    @SystemCall(number = 187, name = "readahead")
    public long readahead(Caller caller, int descriptor, long offset, long count) {
        OpenFile file = caller.files().get(descriptor);
        if (!file.readable()) {
            return -EBADF;
        }
        return FileMode.isRegular(file.vnode().mode()) ? 0 : -EINVAL;
    }

    /** posix_fadvise(2): advice that needs no action, as everything is in memory. */
    @SystemCall(number = 221, name = "fadvise64")
    public long fadvise(Caller caller, int descriptor, long offset, long length, int advice) {
        OpenFile file = caller.files().get(descriptor);
        if (file == OpenFile.CLOSED) {
            return -EBADF;
        }
        if ((file.vnode().mode() & FileMode.S_IFMT) == FileMode.S_IFIFO) {
            return -ESPIPE;
        }
        return advice < 0 || advice > 5 || length < 0 ? -EINVAL : 0;
    }
}
