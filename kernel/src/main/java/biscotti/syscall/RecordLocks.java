package biscotti.syscall;

import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EOVERFLOW;

import biscotti.abi.Fcntl;
import biscotti.abi.LittleEndian;
import biscotti.abi.OpenFlags;
import biscotti.abi.Seek;
import biscotti.file.Caller;
import biscotti.file.OpenFile;
import biscotti.file.lock.LockOwner;
import biscotti.file.lock.LockType;
import biscotti.file.lock.RangeLock;
import biscotti.file.lock.RangeLocks;
import java.util.Optional;

/** The locks of fcntl(2): record locks, which a process holds, and those that an open file description holds. */
final class RecordLocks {
    // struct flock, and the bytes of it that are used.
    private static final int TYPE = 0;
    private static final int WHENCE = 2;
    private static final int START = 8;
    private static final int LENGTH = 16;
    private static final int PROCESS = 24;
    private static final int SIZE = 32;

    private RecordLocks() {}

    private static boolean ofDescription(int command) {
        return command >= Fcntl.F_OFD_GETLK && command <= Fcntl.F_OFD_SETLKW;
    }

    private static RangeLock lock(Caller caller, OpenFile file, int command, int type, RangeOrError range) {
        boolean description = ofDescription(command);
        LockOwner owner = description ? file : caller.files();
        LockType kind = type == Fcntl.F_RDLCK ? LockType.SHARED : LockType.EXCLUSIVE;
        return new RangeLock(owner, description ? -1 : caller.processId(), kind, range.first, range.last);
    }

    /** F_GETLK, F_OFD_GETLK: 0, -EBADF, -EFAULT, -EINVAL, -EOVERFLOW. */
    static long find(Caller caller, OpenFile file, int command, long address) {
        byte[] bytes = new byte[SIZE];
        int error = caller.memory().read(address, bytes, 0, SIZE);
        if (error < 0 || file.has(OpenFlags.O_PATH)) {
            return error < 0 ? error : -EBADF;
        }
        int type = LittleEndian.getShort(bytes, TYPE);
        if (type != Fcntl.F_RDLCK && type != Fcntl.F_WRLCK) {
            return -EINVAL;
        }
        RangeOrError range = range(file, bytes, command);
        if (range.error < 0) {
            return range.error;
        }
        RangeLock wanted = lock(caller, file, command, type, range);
        Optional<RangeLock> found = file.vnode().locks().records().conflict(wanted);
        if (found.isEmpty()) {
            LittleEndian.putShort(bytes, TYPE, (short) Fcntl.F_UNLCK);
        } else {
            tell(found.get(), bytes);
        }
        return caller.memory().write(address, bytes, 0, SIZE);
    }

    private static void tell(RangeLock lock, byte[] bytes) {
        boolean shared = lock.type() == LockType.SHARED;
        LittleEndian.putShort(bytes, TYPE, (short) (shared ? Fcntl.F_RDLCK : Fcntl.F_WRLCK));
        LittleEndian.putShort(bytes, WHENCE, (short) Seek.SEEK_SET);
        LittleEndian.putLong(bytes, START, lock.first());
        LittleEndian.putLong(bytes, LENGTH, lock.last() == RangeLock.END ? 0 : lock.last() - lock.first() + 1);
        LittleEndian.putInt(bytes, PROCESS, lock.processId());
    }

    /** F_SETLK, F_SETLKW and their OFD kin: 0; -EBADF, -EFAULT, -EINVAL, -EOVERFLOW, -EAGAIN, -EDEADLK, -ERESTARTSYS. */
    static long set(Caller caller, int descriptor, int command, long address) {
        OpenFile file = caller.files().getRetained(descriptor);
        if (file == OpenFile.CLOSED) {
            return -EBADF;
        }
        long result = set(caller, file, command, address);
        if (result == 0 && caller.files().get(descriptor) != file) {
            // Another thread has closed it meanwhile, and found no lock to take.
            file.vnode().locks().records().unlock(caller.files());
        }
        file.release();
        return result;
    }

    private static long set(Caller caller, OpenFile file, int command, long address) {
        byte[] bytes = new byte[SIZE];
        int error = caller.memory().read(address, bytes, 0, SIZE);
        if (error < 0 || file.has(OpenFlags.O_PATH)) {
            return error < 0 ? error : -EBADF;
        }
        RangeOrError range = range(file, bytes, command);
        int type = LittleEndian.getShort(bytes, TYPE);
        if (range.error < 0 || type < Fcntl.F_RDLCK || type > Fcntl.F_UNLCK) {
            return range.error < 0 ? range.error : -EINVAL;
        }
        if (type == Fcntl.F_RDLCK && !file.readable() || type == Fcntl.F_WRLCK && !file.writable()) {
            return -EBADF;
        }
        RangeLock wanted = lock(caller, file, command, type, range);
        RangeLocks locks = file.vnode().locks().records();
        if (type == Fcntl.F_UNLCK) {
            locks.unlock(ofDescription(command) ? file : caller.files(), range.first, range.last);
            return 0;
        }
        boolean wait = command == Fcntl.F_SETLKW || command == Fcntl.F_OFD_SETLKW;
        return wait ? locks.lock(wanted, !ofDescription(command)) : locks.tryLock(wanted);
    }

    /** A range of bytes, or why there is none. */
    private record RangeOrError(int error, long first, long last) {
        static RangeOrError failed(int errno) {
            return new RangeOrError(-errno, 0, 0);
        }
    }

    /** The range of a {@code struct flock}, by the rules of fcntl(2): a negative length means the bytes before the start. */
    private static RangeOrError range(OpenFile file, byte[] bytes, int command) {
        long offset = LittleEndian.getLong(bytes, START);
        long length = LittleEndian.getLong(bytes, LENGTH);
        if (ofDescription(command) && LittleEndian.getInt(bytes, PROCESS) != 0) {
            return RangeOrError.failed(EINVAL);
        }
        long base;
        switch (LittleEndian.getShort(bytes, WHENCE)) {
            case Seek.SEEK_SET -> base = 0;
            case Seek.SEEK_CUR -> base = Math.max(0, file.seek(0, Seek.SEEK_CUR));
            case Seek.SEEK_END -> base = file.vnode().size();
            default -> {
                return RangeOrError.failed(EINVAL);
            }
        }
        if (offset > Long.MAX_VALUE - base) {
            return RangeOrError.failed(EOVERFLOW);
        }
        long start = base + offset;
        if (start < 0 || length < 0 && start + length < 0) {
            return RangeOrError.failed(EINVAL);
        }
        if (length > 0 && start > Long.MAX_VALUE - (length - 1)) {
            return RangeOrError.failed(EOVERFLOW);
        }
        if (length < 0) {
            return new RangeOrError(0, start + length, start - 1);
        }
        return new RangeOrError(0, start, length == 0 ? RangeLock.END : start + length - 1);
    }
}
