package biscotti.syscall;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.EFBIG;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EISDIR;
import static biscotti.abi.Errno.ENODEV;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.EROFS;
import static biscotti.abi.Errno.ESPIPE;
import static biscotti.abi.Errno.EXDEV;
import static biscotti.abi.FallocateFlags.FALLOC_FL_COLLAPSE_RANGE;
import static biscotti.abi.FallocateFlags.FALLOC_FL_INSERT_RANGE;
import static biscotti.abi.FallocateFlags.FALLOC_FL_KEEP_SIZE;
import static biscotti.abi.FallocateFlags.FALLOC_FL_PUNCH_HOLE;
import static biscotti.abi.FallocateFlags.FALLOC_FL_UNSHARE_RANGE;
import static biscotti.abi.FallocateFlags.FALLOC_FL_ZERO_RANGE;
import static biscotti.abi.ReadWriteFlags.RWF_APPEND;
import static biscotti.abi.ReadWriteFlags.RWF_DSYNC;
import static biscotti.abi.ReadWriteFlags.RWF_HIPRI;
import static biscotti.abi.ReadWriteFlags.RWF_NOWAIT;
import static biscotti.abi.ReadWriteFlags.RWF_SYNC;

import biscotti.abi.FileMode;
import biscotti.abi.Limits;
import biscotti.abi.OpenFlags;
import biscotti.abi.Poll;
import biscotti.file.Access;
import biscotti.file.Caller;
import biscotti.file.FileFlags;
import biscotti.file.OpenFile;
import biscotti.file.PathWalk;
import biscotti.file.Slot;
import biscotti.file.UserTransfer;
import biscotti.file.Vnode;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.UserRange;

/** System calls that move the bytes of files, or change how many there are. */
public final class FileCalls {
    private static final int RWF_FLAGS = RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_NOWAIT | RWF_APPEND;

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

    /** writev(2). Unlike write(2), it sends no datagram if there are no bytes, as on Linux. */
    @SystemCall(number = 20, name = "writev")
    public long writev(Caller caller, int descriptor, long vector, int count) {
        Slot<UserTransfer> transfer = new Slot<>();
        int error = IoVectors.read(caller, vector, count, transfer);
        if (error < 0) {
            return error;
        }
        OpenFile file = caller.files().get(descriptor);
        boolean nothing = transfer.get().remaining() == 0 && file.writable();
        return nothing ? 0 : file.write(caller, transfer.get());
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

    /** preadv2(2): a position of -1 is the file's own. */
    @SystemCall(number = 327, name = "preadv2")
    public long preadv2(Caller caller, int descriptor, long vector, int count, long position, long high, int flags) {
        if (position < -1) {
            return -EINVAL;
        }
        OpenFile file = caller.files().get(descriptor);
        if (!file.readable()) {
            return -EBADF;
        }
        Slot<UserTransfer> transfer = new Slot<>();
        int error = IoVectors.read(caller, vector, count, transfer);
        if (error == 0 && transfer.get().remaining() > 0) {
            error = checkFlags(file, flags, Poll.POLLIN);
        }
        if (error < 0) {
            return error;
        }
        return position == -1 ? file.read(caller, transfer.get()) : file.readAt(caller, transfer.get(), position);
    }

    /** pwritev2(2): a position of -1 is the file's own. */
    @SystemCall(number = 328, name = "pwritev2")
    public long pwritev2(Caller caller, int descriptor, long vector, int count, long position, long high, int flags) {
        if (position < -1) {
            return -EINVAL;
        }
        OpenFile file = caller.files().get(descriptor);
        if (!file.writable()) {
            return -EBADF;
        }
        Slot<UserTransfer> transfer = new Slot<>();
        int error = IoVectors.read(caller, vector, count, transfer);
        if (error == 0 && transfer.get().remaining() > 0) {
            error = checkFlags(file, flags, Poll.POLLOUT);
        }
        if (error < 0) {
            return error;
        }
        boolean append = (flags & RWF_APPEND) != 0 || file.has(OpenFlags.O_APPEND);
        return file.write(caller, transfer.get(), position, append);
    }

    /**
     * Whether a call may go on with its flags. What is written is in memory, so RWF_DSYNC and RWF_SYNC are always done.
     *
     * Only sockets can be asked not to wait, as on Linux 6.1.
     *
     * @return 0; -EOPNOTSUPP; -EAGAIN for RWF_NOWAIT where the call would wait
     */
    private static int checkFlags(OpenFile file, int flags, int event) {
        if ((flags & ~RWF_FLAGS) != 0) {
            return -EOPNOTSUPP;
        }
        if ((flags & RWF_NOWAIT) == 0) {
            return 0;
        }
        if ((file.vnode().mode() & FileMode.S_IFMT) != FileMode.S_IFSOCK) {
            return -EOPNOTSUPP;
        }
        boolean waits = (file.events() & (event | Poll.POLLHUP | Poll.POLLERR)) == 0;
        return waits ? -EAGAIN : 0;
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
        if (count < 0) {
            return -EINVAL;
        }
        if (!FileMode.isRegular(from.vnode().mode()) || to.has(OpenFlags.O_APPEND)) {
            boolean pipe = (from.vnode().mode() & FileMode.S_IFMT) == FileMode.S_IFIFO;
            return pipe && offsetAddress != 0 ? -ESPIPE : -EINVAL;
        }
        return new FileCopy(memory, caller, from, to).copy(offsetAddress, 0, count);
    }

    /** copy_file_range(2). */
    @SystemCall(number = 326, name = "copy_file_range")
    public long copyFileRange(Caller caller, int in, long inOffset, int out, long outOffset, long count, int flags) {
        OpenFile from = caller.files().get(in);
        OpenFile to = caller.files().get(out);
        if (!from.isOpen() || !to.isOpen()) {
            return -EBADF;
        }
        if (flags != 0) {
            return -EINVAL;
        }
        int one = from.vnode().mode();
        int other = to.vnode().mode();
        if (FileMode.isDirectory(one) || FileMode.isDirectory(other)) {
            return -EISDIR;
        }
        if (!FileMode.isRegular(one) || !FileMode.isRegular(other)) {
            return -EINVAL;
        }
        if (!from.readable() || !to.writable() || to.has(OpenFlags.O_APPEND)) {
            return -EBADF;
        }
        boolean far =
                !from.vnode().fileSystem().type().equals(to.vnode().fileSystem().type());
        return far ? -EXDEV : new FileCopy(memory, caller, from, to).copyRange(inOffset, outOffset, count);
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
        if (walk.mount().isReadOnly()) {
            return -EROFS;
        }
        if (FileFlags.isAppendOnly(vnode)) {
            return -EPERM;
        }
        error = vnode.allowWriter();
        if (error < 0) {
            return error;
        }
        error = vnode.breakLeases(true, true);
        if (error == 0) {
            vnode.dropPrivileges(caller.identity());
            error = length > caller.fileSizeLimit() ? -EFBIG : vnode.truncate(length);
        }
        vnode.writerGone();
        return error;
    }

    /** ftruncate(2). */
    @SystemCall(number = 77, name = "ftruncate")
    public long ftruncate(Caller caller, int descriptor, long length) {
        if (length < 0) {
            return -EINVAL;
        }
        OpenFile file = caller.files().get(descriptor);
        if (file.has(OpenFlags.O_PATH)) {
            return -EBADF;
        }
        boolean kept = file.writable() && file != OpenFile.CLOSED && FileFlags.isAppendOnly(file.vnode());
        return kept ? -EPERM : file.truncate(caller, length);
    }

    /** fallocate(2). */
    @SystemCall(number = 285, name = "fallocate")
    public long fallocate(Caller caller, int descriptor, int mode, long offset, long length) {
        OpenFile file = caller.files().get(descriptor);
        if (file == OpenFile.CLOSED || file.has(OpenFlags.O_PATH)) {
            return -EBADF;
        }
        if (offset < 0 || length <= 0) {
            return -EINVAL;
        }
        if (!isAllocation(mode)) {
            return -EOPNOTSUPP;
        }
        if (!file.writable()) {
            return -EBADF;
        }
        int type = file.vnode().mode() & FileMode.S_IFMT;
        if (type == FileMode.S_IFIFO) {
            return -ESPIPE;
        }
        if (type != FileMode.S_IFREG) {
            return -ENODEV;
        }
        return offset + length < 0 ? -EFBIG : file.allocate(caller, mode, offset, length);
    }

    /** Whether a mode of fallocate(2) means something, on one file system or another. */
    private static boolean isAllocation(int mode) {
        boolean keeps = (mode & FALLOC_FL_KEEP_SIZE) != 0;
        return switch (mode & ~FALLOC_FL_KEEP_SIZE) {
            case 0, FALLOC_FL_ZERO_RANGE, FALLOC_FL_UNSHARE_RANGE -> true;
            case FALLOC_FL_PUNCH_HOLE -> keeps;
            case FALLOC_FL_COLLAPSE_RANGE, FALLOC_FL_INSERT_RANGE -> !keeps;
            default -> false;
        };
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
        if (!file.isOpen()) {
            return -EBADF;
        }
        if ((file.vnode().mode() & FileMode.S_IFMT) == FileMode.S_IFIFO) {
            return -ESPIPE;
        }
        return advice < 0 || advice > 5 || length < 0 ? -EINVAL : 0;
    }
}
