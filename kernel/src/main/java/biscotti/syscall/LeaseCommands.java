package biscotti.syscall;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.Fcntl;
import biscotti.abi.FileMode;
import biscotti.file.Caller;
import biscotti.file.FileOwner;
import biscotti.file.Identity;
import biscotti.file.OpenFile;
import biscotti.file.SignalTarget;
import biscotti.file.Slot;
import biscotti.file.Vnode;
import biscotti.file.lock.Leases;
import biscotti.file.lock.LockType;
import java.util.Optional;

/** The leases of fcntl(2). */
final class LeaseCommands {
    private LeaseCommands() {}

    /** F_SETLEASE: 0, -EACCES, -EINVAL, -EAGAIN. */
    static long set(Caller caller, OpenFile file, int descriptor, long type) {
        Vnode vnode = file.vnode();
        boolean removes = type == Fcntl.F_UNLCK;
        if (!removes && type != Fcntl.F_RDLCK && type != Fcntl.F_WRLCK) {
            return -EINVAL;
        }
        Identity who = caller.identity();
        if (!removes && who.userId() != vnode.userId() && !who.has(Identity.CAP_LEASE)) {
            return -EACCES;
        }
        if (!removes && !FileMode.isRegular(vnode.mode())) {
            return -EINVAL;
        }
        Leases leases = vnode.locks().leases();
        if (removes) {
            return leases.release(file);
        }
        FileOwner owner = file.owner(caller);
        Slot<SignalTarget> self = new Slot<>();
        boolean chosen = owner.target() == SignalTarget.NOBODY
                && caller.fileSignals().find(caller, SignalTarget.PROCESS, caller.processId(), self) == 0;
        if (chosen) {
            owner.setTarget(self.get());
        }
        owner.setDescriptor(descriptor);
        int error = type == Fcntl.F_RDLCK
                ? leases.set(file, LockType.SHARED, vnode::hasWriters)
                : leases.set(file, LockType.EXCLUSIVE, () -> !vnode.isOpenOnlyAs(file));
        if (error < 0 && chosen) {
            owner.setTarget(SignalTarget.NOBODY);
        }
        return error;
    }

    /** F_GETLEASE: F_RDLCK, F_WRLCK or F_UNLCK. */
    static long get(OpenFile file) {
        Optional<LockType> type = file.vnode().locks().leases().typeOf(file);
        return type.isEmpty() ? Fcntl.F_UNLCK : type.get() == LockType.SHARED ? Fcntl.F_RDLCK : Fcntl.F_WRLCK;
    }
}
