package biscotti.syscall;

import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOTTY;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.EROFS;

import biscotti.abi.Fcntl;
import biscotti.abi.FileMode;
import biscotti.abi.Ioctl;
import biscotti.abi.LittleEndian;
import biscotti.abi.OpenFlags;
import biscotti.file.Access;
import biscotti.file.Caller;
import biscotti.file.FileFlags;
import biscotti.file.FileOwner;
import biscotti.file.FileTable;
import biscotti.file.Identity;
import biscotti.file.OpenFile;
import biscotti.file.Vnode;
import biscotti.file.pipe.PipeFile;
import biscotti.file.socket.SocketFile;
import biscotti.process.UserThread;
import java.util.Optional;

/** System calls about descriptors, whatever they refer to. */
public final class DescriptorCalls {
    private static final int CLOSE_RANGE_UNSHARE = 2;
    private static final int CLOSE_RANGE_CLOEXEC = 4;

    /** dup(2). */
    @SystemCall(number = 32, name = "dup")
    public long dup(Caller caller, int descriptor) {
        return caller.files().duplicate(descriptor, false, 0, caller.openFilesLimit());
    }

    /** dup2(2). */
    @SystemCall(number = 33, name = "dup2")
    public long dup2(Caller caller, int descriptor, int copy) {
        return caller.files().duplicateTo(caller, descriptor, copy, false);
    }

    /** dup3(2). */
    @SystemCall(number = 292, name = "dup3")
    public long dup3(Caller caller, int descriptor, int copy, int flags) {
        if (descriptor == copy || (flags & ~OpenFlags.O_CLOEXEC) != 0) {
            return -EINVAL;
        }
        return caller.files().duplicateTo(caller, descriptor, copy, flags != 0);
    }

    /** close_range(2). */
    @SystemCall(number = 436, name = "close_range")
    public long closeRange(UserThread caller, int first, int last, int flags) {
        if ((flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) != 0 || Integer.compareUnsigned(first, last) > 0) {
            return -EINVAL;
        }
        if (first < 0) {
            return 0;
        }
        int end = last < 0 ? Integer.MAX_VALUE : last;
        FileTable files = caller.files();
        if ((flags & CLOSE_RANGE_UNSHARE) != 0 && files.shared()) {
            Optional<FileTable> own = files.copy(caller);
            if (own.isEmpty()) {
                return -EINTR;
            }
            caller.setFiles(own.get());
            files.leave(caller);
        }
        if ((flags & CLOSE_RANGE_CLOEXEC) != 0) {
            caller.files().markRange(first, end);
        } else {
            caller.files().closeRange(caller, first, end);
        }
        return 0;
    }

    /** fcntl(2). */
    @SystemCall(
            number = 72,
            name = "fcntl",
            support = Support.PARTIAL,
            note = "no notification (F_NOTIFY); a real-time signal to a group tells nothing")
    public long fcntl(Caller caller, int descriptor, int command, long argument) {
        OpenFile file = caller.files().get(descriptor);
        if (file == OpenFile.CLOSED) {
            return -EBADF;
        }
        if (file.has(OpenFlags.O_PATH) && !isForPaths(command)) {
            return -EBADF;
        }
        FileTable files = caller.files();
        int limit = caller.openFilesLimit();
        return switch (command) {
            case Fcntl.F_DUPFD -> files.duplicate(descriptor, false, (int) argument, limit);
            case Fcntl.F_DUPFD_CLOEXEC -> files.duplicate(descriptor, true, (int) argument, limit);
            case Fcntl.F_GETFD -> files.closeOnExec(descriptor);
            case Fcntl.F_SETFD -> files.setCloseOnExec(descriptor, (argument & Fcntl.FD_CLOEXEC) != 0);
            case Fcntl.F_GETFL -> file.flags();
            case Fcntl.F_SETFL -> setFlags(caller, file, descriptor, (int) argument);
            case Fcntl.F_SETOWN -> FileOwners.set(caller, file, (int) argument);
            case Fcntl.F_GETOWN -> FileOwners.get(file);
            case Fcntl.F_SETOWN_EX -> FileOwners.setExtended(caller, file, argument);
            case Fcntl.F_GETOWN_EX -> FileOwners.getExtended(caller, file, argument);
            case Fcntl.F_SETSIG -> FileOwners.setSignal(caller, file, argument);
            case Fcntl.F_GETSIG -> file.owner().map(FileOwner::signal).orElse(0);
            case Fcntl.F_GETPIPE_SZ -> file instanceof PipeFile pipe ? pipe.capacity() : -EBADF;
            case Fcntl.F_SETPIPE_SZ -> setPipeSize(caller, file, argument);
            case Fcntl.F_ADD_SEALS -> MemoryFileCalls.addSeals(file, (int) argument);
            case Fcntl.F_GET_SEALS -> file.vnode().seals();
            case Fcntl.F_GET_RW_HINT -> tellHint(caller, file.vnode(), argument);
            case Fcntl.F_SET_RW_HINT -> setHint(caller, file.vnode(), argument);
            case Fcntl.F_SETLEASE -> LeaseCommands.set(caller, file, descriptor, argument);
            case Fcntl.F_GETLEASE -> LeaseCommands.get(file);
            case Fcntl.F_GETLK, Fcntl.F_OFD_GETLK -> RecordLocks.find(caller, file, command, argument);
            case Fcntl.F_SETLK, Fcntl.F_SETLKW, Fcntl.F_OFD_SETLK, Fcntl.F_OFD_SETLKW ->
                RecordLocks.set(caller, descriptor, command, argument);
            default -> -EINVAL;
        };
    }

    /** The commands that a descriptor with O_PATH has (open(2)). */
    private static boolean isForPaths(int command) {
        return switch (command) {
            case Fcntl.F_DUPFD, Fcntl.F_DUPFD_CLOEXEC, Fcntl.F_GETFD, Fcntl.F_SETFD, Fcntl.F_GETFL -> true;
            default -> false;
        };
    }

    private static long setFlags(Caller caller, OpenFile file, int descriptor, int flags) {
        if ((flags & OpenFlags.O_APPEND) == 0 && file.has(OpenFlags.O_APPEND) && FileFlags.isAppendOnly(file.vnode())) {
            return -EPERM;
        }
        boolean quiet = (flags & OpenFlags.O_NOATIME) != 0 && !file.has(OpenFlags.O_NOATIME);
        if (quiet && !Access.owns(caller.identity(), file.vnode())) {
            return -EPERM;
        }
        if ((flags & OpenFlags.O_DIRECT) != 0
                && !(file instanceof PipeFile)
                && !file.vnode().isOnDisk()) {
            return -EINVAL;
        }
        if (((flags ^ file.flags()) & OpenFlags.O_ASYNC) != 0) {
            file.setAsync(caller, descriptor, (flags & OpenFlags.O_ASYNC) != 0);
        }
        file.setFlags(flags);
        return 0;
    }

    private static long tellHint(Caller caller, Vnode vnode, long address) {
        return caller.memory().writeLong(address, vnode.writeHint());
    }

    private static long setHint(Caller caller, Vnode vnode, long address) {
        byte[] bytes = new byte[Long.BYTES];
        int error = caller.memory().read(address, bytes, 0, bytes.length);
        if (error < 0) {
            return error;
        }
        long hint = LittleEndian.getLong(bytes, 0);
        if (hint < 0 || hint > Fcntl.RWH_WRITE_LIFE_EXTREME) {
            return -EINVAL;
        }
        vnode.setWriteHint((int) hint);
        return 0;
    }

    private static long setPipeSize(Caller caller, OpenFile file, long size) {
        if (!(file instanceof PipeFile pipe)) {
            return -EBADF;
        }
        return size < 0 || size > Integer.MAX_VALUE ? -EINVAL : pipe.setCapacity(caller.identity(), (int) size);
    }

    /** ioctl(2): what every file has, and then what this one has. */
    @SystemCall(
            number = 16,
            name = "ioctl",
            support = Support.PARTIAL,
            note =
                    "of files FIONREAD, FIOQSIZE, FIGETBSZ, of tmpfs FS_IOC_GETFLAGS and SETFLAGS; of pipes and sockets FIONREAD; what terminals and sockets have")
    public long ioctl(Caller caller, int descriptor, int request, long argument) {
        OpenFile file = caller.files().get(descriptor);
        if (file == OpenFile.CLOSED || file.has(OpenFlags.O_PATH)) {
            return -EBADF;
        }
        return switch (request) {
            case Ioctl.FIOCLEX -> caller.files().setCloseOnExec(descriptor, true);
            case Ioctl.FIONCLEX -> caller.files().setCloseOnExec(descriptor, false);
            case Ioctl.FIONBIO -> {
                long on = caller.memory().readInt(argument);
                if (on < 0) {
                    yield on;
                }
                int others = file.flags() & ~OpenFlags.O_NONBLOCK;
                file.setFlags(on != 0 ? others | OpenFlags.O_NONBLOCK : others);
                yield 0;
            }
            case Ioctl.FIOASYNC -> {
                long on = caller.memory().readInt(argument);
                if (on < 0) {
                    yield on;
                }
                yield on != 0 == file.has(OpenFlags.O_ASYNC) ? 0 : file.setAsync(caller, descriptor, on != 0);
            }
            case Ioctl.FIGETBSZ -> caller.memory().writeInt(argument, FileStatus.BLOCK_SIZE);
            case Ioctl.FICLONE, Ioctl.FICLONERANGE, Ioctl.FS_IOC_FIEMAP ->
                FileMode.isRegular(file.vnode().mode()) ? -EOPNOTSUPP : file.control(caller, request, argument);
            case Ioctl.FIFREEZE, Ioctl.FITHAW -> caller.identity().has(Identity.CAP_SYS_ADMIN) ? -EOPNOTSUPP : -EPERM;
            case Ioctl.FS_IOC_GETFLAGS ->
                keepsFlags(file.vnode())
                        ? caller.memory().writeInt(argument, file.vnode().inodeFlags())
                        : file.control(caller, request, argument);
            case Ioctl.FS_IOC_SETFLAGS ->
                keepsFlags(file.vnode())
                        ? changeFlags(caller, file, argument)
                        : file.control(caller, request, argument);
            case Ioctl.FIOQSIZE -> tellSize(caller, file.vnode(), argument);
            case Ioctl.FIOSETOWN, Ioctl.SIOCSPGRP, Ioctl.FIOGETOWN, Ioctl.SIOCGPGRP ->
                file instanceof SocketFile
                        ? FileOwners.control(caller, file, request, argument)
                        : file.control(caller, request, argument);
            default -> file.control(caller, request, argument);
        };
    }

    private static boolean keepsFlags(Vnode vnode) {
        int type = vnode.mode() & FileMode.S_IFMT;
        return (type == FileMode.S_IFREG || type == FileMode.S_IFDIR)
                && vnode.fileSystem().inodeFlags() != 0;
    }

    private static long changeFlags(Caller caller, OpenFile file, long address) {
        int error = caller.memory().read(address, new byte[Integer.BYTES], 0, Integer.BYTES);
        if (error < 0) {
            return error;
        }
        if (file.place().mount().isReadOnly()) {
            return -EROFS;
        }
        return FileFlags.change(
                caller.identity(), file.vnode(), (int) caller.memory().readInt(address));
    }

    /** FIOQSIZE: the bytes that a file takes on its file system. */
    private static long tellSize(Caller caller, Vnode vnode, long address) {
        boolean sized = switch (vnode.mode() & FileMode.S_IFMT) {
            case FileMode.S_IFREG, FileMode.S_IFDIR, FileMode.S_IFLNK -> true;
            default -> false;
        };
        return sized ? caller.memory().writeLong(address, vnode.blocks() * FileStatus.BYTES_PER_BLOCK) : -ENOTTY;
    }
}
