package biscotti.syscall;

import static biscotti.abi.Errno.EAFNOSUPPORT;
import static biscotti.abi.Errno.ECONNABORTED;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOTCONN;

import biscotti.abi.SocketTypes;
import biscotti.file.FileTable;
import biscotti.file.Slot;
import biscotti.file.socket.SocketFile;
import biscotti.file.socket.SocketFiles;
import biscotti.net.Socket;
import biscotti.net.SocketAddress;
import biscotti.net.SocketSlot;
import biscotti.net.unix.UnixSockets;
import biscotti.process.UserThread;
import biscotti.sched.KernelLog;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** System calls that make, name and connect sockets: socket(2) and its kin. */
public final class SocketCalls {
    private static final int FLAGS = SocketTypes.SOCK_CLOEXEC | SocketTypes.SOCK_NONBLOCK;

    private final UnixSockets unix;
    private final SocketFiles files;
    private final KernelLog log;
    private final AtomicIntegerArray told = new AtomicIntegerArray(SocketTypes.FAMILIES);

    /** Calls that make sockets, and files of them; a log is told which families are missed. */
    public SocketCalls(UnixSockets unix, SocketFiles files, KernelLog log) {
        this.unix = unix;
        this.files = files;
        this.log = log;
    }

    private static boolean isClosedByExec(int flags) {
        return (flags & SocketTypes.SOCK_CLOEXEC) != 0;
    }

    /** Whether family and type are such as there are: 0, or why not. */
    private int check(UserThread caller, int family, int type) {
        if ((type & ~SocketTypes.TYPE_MASK & ~FLAGS) != 0) {
            return -EINVAL;
        }
        if (family < 0 || family >= SocketTypes.FAMILIES) {
            return -EAFNOSUPPORT;
        }
        if ((type & SocketTypes.TYPE_MASK) >= SocketTypes.TYPES) {
            return -EINVAL;
        }
        if (family == SocketTypes.AF_UNIX) {
            return 0;
        }
        if (told.compareAndSet(family, 0, 1)) {
            log.warning("sockets of family " + family + " asked for by " + caller.name() + ": not supported");
        }
        return -EAFNOSUPPORT;
    }

    /** socket(2). */
    @SystemCall(number = 41, name = "socket", support = Support.PARTIAL, note = "AF_UNIX; others are EAFNOSUPPORT")
    public long socket(UserThread caller, int family, int type, int protocol) {
        int error = check(caller, family, type);
        SocketSlot made = new SocketSlot();
        if (error == 0) {
            error = unix.create(caller, type & SocketTypes.TYPE_MASK, protocol, made);
        }
        return error < 0
                ? error
                : OpenCalls.install(caller, files.open(caller, made.get(), type), isClosedByExec(type));
    }

    /** socketpair(2). */
    @SystemCall(number = 53, name = "socketpair", support = Support.PARTIAL, note = "AF_UNIX; others are EAFNOSUPPORT")
    public long socketpair(UserThread caller, int family, int type, int protocol, long descriptors) {
        int error = (type & ~SocketTypes.TYPE_MASK & ~FLAGS) != 0
                ? -EINVAL
                : caller.files().checkRoom(caller.openFilesLimit());
        if (error == 0) {
            // As on Linux, it is found first that nothing can be told.
            error = caller.memory().writeLong(descriptors, 0);
        }
        if (error == 0) {
            error = check(caller, family, type);
        }
        SocketSlot one = new SocketSlot();
        SocketSlot other = new SocketSlot();
        if (error == 0) {
            error = unix.createPair(caller, type & SocketTypes.TYPE_MASK, protocol, one, other);
        }
        if (error < 0) {
            return error;
        }
        SocketFile first = files.open(caller, one.get(), type);
        SocketFile second = files.open(caller, other.get(), type);
        return installPair(caller, first, second, isClosedByExec(type), descriptors);
    }

    private static long installPair(
            UserThread caller, SocketFile first, SocketFile second, boolean closedByExec, long address) {
        FileTable table = caller.files();
        long low = OpenCalls.install(caller, first, closedByExec);
        if (low < 0) {
            second.release();
            return low;
        }
        long high = OpenCalls.install(caller, second, closedByExec);
        if (high < 0) {
            table.close(caller, (int) low);
            return high;
        }
        int error = caller.memory().writeLong(address, high << Integer.SIZE | low);
        if (error < 0) {
            table.close(caller, (int) low);
            table.close(caller, (int) high);
        }
        return error;
    }

    /** bind(2). */
    @SystemCall(number = 49, name = "bind")
    public long bind(UserThread caller, int descriptor, long address, int length) {
        Slot<SocketFile> file = new Slot<>();
        int error = SocketArguments.find(caller, descriptor, file);
        if (error < 0) {
            return error;
        }
        Slot<SocketAddress> name = new Slot<>();
        error = SocketArguments.readAddress(caller, address, length, name);
        if (error == 0) {
            error = file.get().socket().bind(caller, name.get());
        }
        file.get().release();
        return error;
    }

    /** listen(2). */
    @SystemCall(number = 50, name = "listen")
    public long listen(UserThread caller, int descriptor, int backlog) {
        Slot<SocketFile> file = new Slot<>();
        int error = SocketArguments.find(caller, descriptor, file);
        if (error < 0) {
            return error;
        }
        error = file.get().socket().listen(caller, backlog);
        file.get().release();
        return error;
    }

    /** connect(2). */
    @SystemCall(number = 42, name = "connect")
    public long connect(UserThread caller, int descriptor, long address, int length) {
        Slot<SocketFile> file = new Slot<>();
        int error = SocketArguments.find(caller, descriptor, file);
        if (error < 0) {
            return error;
        }
        Slot<SocketAddress> name = new Slot<>();
        long result = SocketArguments.readAddress(caller, address, length, name);
        if (result == 0) {
            long deadline = file.get().sendDeadline(0);
            result = SocketFile.interrupted(file.get().socket().connect(caller, name.get(), deadline), deadline);
        }
        file.get().release();
        return result;
    }

    /** accept(2). */
    @SystemCall(number = 43, name = "accept")
    public long accept(UserThread caller, int descriptor, long address, long length) {
        return accept4(caller, descriptor, address, length, 0);
    }

    /** accept4(2). */
    @SystemCall(number = 288, name = "accept4")
    public long accept4(UserThread caller, int descriptor, long address, long length, int flags) {
        if ((flags & ~FLAGS) != 0) {
            return -EINVAL;
        }
        Slot<SocketFile> file = new Slot<>();
        int error = SocketArguments.find(caller, descriptor, file);
        if (error < 0) {
            return error;
        }
        long result = accept(caller, file.get(), address, length, flags);
        file.get().release();
        return result;
    }

    /** A connection is only taken if there is a descriptor for it. */
    private long accept(UserThread caller, SocketFile listening, long address, long length, int flags) {
        int error = caller.files().checkRoom(caller.openFilesLimit());
        if (error < 0) {
            return error;
        }
        SocketSlot accepted = new SocketSlot();
        long deadline = listening.receiveDeadline(0);
        error = listening.socket().accept(deadline, accepted);
        if (error < 0) {
            return SocketFile.interrupted(error, deadline);
        }
        Socket connection = accepted.get();
        SocketFile file = files.open(caller, connection, flags);
        if (address != 0) {
            SocketAddress name = connection.peerName();
            error = name.isEmpty() ? -ECONNABORTED : SocketArguments.writeAddress(caller, name, address, length);
            if (error < 0) {
                file.release();
                return error;
            }
        }
        return OpenCalls.install(caller, file, isClosedByExec(flags));
    }

    /** shutdown(2). */
    @SystemCall(number = 48, name = "shutdown")
    public long shutdown(UserThread caller, int descriptor, int how) {
        Slot<SocketFile> file = new Slot<>();
        int error = SocketArguments.find(caller, descriptor, file);
        if (error < 0) {
            return error;
        }
        error = file.get().socket().shutdown(how);
        file.get().release();
        return error;
    }

    /** getsockname(2). */
    @SystemCall(number = 51, name = "getsockname")
    public long getsockname(UserThread caller, int descriptor, long address, long length) {
        Slot<SocketFile> file = new Slot<>();
        int error = SocketArguments.find(caller, descriptor, file);
        if (error < 0) {
            return error;
        }
        SocketAddress name = file.get().socket().name();
        file.get().release();
        return SocketArguments.writeAddress(caller, name, address, length);
    }

    /** getpeername(2). */
    @SystemCall(number = 52, name = "getpeername")
    public long getpeername(UserThread caller, int descriptor, long address, long length) {
        Slot<SocketFile> file = new Slot<>();
        int error = SocketArguments.find(caller, descriptor, file);
        if (error < 0) {
            return error;
        }
        SocketAddress name = file.get().socket().peerName();
        file.get().release();
        return name.isEmpty() ? -ENOTCONN : SocketArguments.writeAddress(caller, name, address, length);
    }
}
