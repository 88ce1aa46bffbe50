package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.OpenFlags;
import biscotti.abi.Signal;
import biscotti.file.AnonymousInode;
import biscotti.file.OpenFile;
import biscotti.process.SignalFile;
import biscotti.process.UserThread;

/** signalfd(2): descriptors that signals are read from. */
public final class SignalFileCalls {
    private static final int FLAGS = OpenFlags.O_CLOEXEC | OpenFlags.O_NONBLOCK;
    private static final int NEW = -1;

    private final AnonymousInode inode;

    /** Calls that make files of an inode. */
    public SignalFileCalls(AnonymousInode inode) {
        this.inode = inode;
    }

    /** signalfd(2), without flags. */
    @SystemCall(number = 282, name = "signalfd")
    public long signalfd(UserThread caller, int descriptor, long mask, long setBytes) {
        return signalfd4(caller, descriptor, mask, setBytes, 0);
    }

    /** signalfd4: signalfd(2). */
    @SystemCall(number = 289, name = "signalfd4")
    public long signalfd4(UserThread caller, int descriptor, long mask, long setBytes, int flags) {
        if (setBytes != Signal.SET_BYTES) {
            return -EINVAL;
        }
        int error = caller.memory().readLong(mask);
        if (error < 0) {
            return error;
        }
        long signals = caller.memory().value();
        if ((flags & ~FLAGS) != 0) {
            return -EINVAL;
        }
        if (descriptor == NEW) {
            SignalFile made = new SignalFile(inode, caller.process().system(), signals, flags & OpenFlags.O_NONBLOCK);
            return OpenCalls.install(caller, made, (flags & OpenFlags.O_CLOEXEC) != 0);
        }
        OpenFile file = caller.files().getRetained(descriptor);
        if (!(file instanceof SignalFile changed)) {
            return OtherKind.refuse(file);
        }
        changed.setMask(signals);
        file.release();
        return descriptor;
    }
}
