package biscotti.syscall;

import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.Fcntl;
import biscotti.abi.OpenFlags;
import biscotti.file.Caller;
import biscotti.file.OpenFile;
import biscotti.file.lock.LockType;
import biscotti.file.lock.RangeLock;
import biscotti.file.lock.RangeLocks;

/** flock(2); the locks of fcntl(2) are {@link RecordLocks}. */
public final class LockCalls {
    /**
     * flock(2). As on Linux, a lock that is converted is given up first: it may be lost.
     *
     * @return 0; -EWOULDBLOCK (which is EAGAIN), -EBADF, -EINVAL, -ERESTARTSYS
     */
    @SystemCall(number = 73, name = "flock")
    public long flock(Caller caller, int descriptor, int operation) {
        OpenFile file = caller.files().getRetained(descriptor);
        if (file == OpenFile.CLOSED) {
            return -EBADF;
        }
        long result = file.has(OpenFlags.O_PATH) ? -EBADF : lock(caller, file, operation);
        file.release();
        return result;
    }

    private static long lock(Caller caller, OpenFile file, int operation) {
        RangeLocks locks = file.vnode().locks().wholes();
        int kind = operation & ~Fcntl.LOCK_NB;
        if (kind == Fcntl.LOCK_UN) {
            locks.unlock(file);
            return 0;
        }
        if ((operation & Fcntl.LOCK_MAND) != 0) {
            return 0; // as Linux, which has had no such locks since 5.5
        }
        if (kind != Fcntl.LOCK_SH && kind != Fcntl.LOCK_EX) {
            return -EINVAL;
        }
        LockType type = kind == Fcntl.LOCK_SH ? LockType.SHARED : LockType.EXCLUSIVE;
        RangeLock wanted = new RangeLock(file, caller.processId(), type, 0, RangeLock.END);
        if (!locks.holds(file, type)) {
            locks.unlock(file);
        }
        return (operation & Fcntl.LOCK_NB) != 0 ? locks.tryLock(wanted) : locks.lock(wanted, false);
    }
}
