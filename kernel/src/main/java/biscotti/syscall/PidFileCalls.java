package biscotti.syscall;

import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;

import biscotti.abi.PidFlags;
import biscotti.abi.Signal;
import biscotti.file.AnonymousInode;
import biscotti.file.OpenFile;
import biscotti.file.Slot;
import biscotti.process.Kill;
import biscotti.process.PidFile;
import biscotti.process.PidReference;
import biscotti.process.Process;
import biscotti.process.ProcessTable;
import biscotti.process.UserThread;
import biscotti.procfs.ProcessDirectory;
import java.util.Optional;

/** System calls about processes as descriptors: pidfd_open(2) and its relations. */
public final class PidFileCalls {
    private static final int SCOPES =
            PidFlags.SIGNAL_THREAD | PidFlags.SIGNAL_THREAD_GROUP | PidFlags.SIGNAL_PROCESS_GROUP;

    private final AnonymousInode inode;

    /** Calls that make files of an inode. */
    public PidFileCalls(AnonymousInode inode) {
        this.inode = inode;
    }

    /** pidfd_open(2). */
    @SystemCall(number = 434, name = "pidfd_open")
    public long pidfdOpen(UserThread caller, int pid, int flags) {
        boolean ofThread = (flags & PidFlags.THREAD) != 0;
        if ((flags & ~(PidFlags.NONBLOCK | PidFlags.THREAD)) != 0 || pid <= 0) {
            return -EINVAL;
        }
        ProcessTable table = caller.process().system().table();
        Optional<PidReference> process = table.process(pid).map(Process::reference);
        Optional<PidReference> thread = table.thread(pid).map(UserThread::reference);
        Optional<PidReference> found = ofThread ? thread : process;
        if (found.isEmpty()) {
            return process.isPresent() || thread.isPresent() ? -EINVAL : -ESRCH;
        }
        return OpenCalls.install(caller, new PidFile(inode, found.get(), flags & PidFlags.NONBLOCK), true);
    }

    /** pidfd_send_signal(2). */
    @SystemCall(number = 424, name = "pidfd_send_signal")
    public long pidfdSendSignal(UserThread caller, int descriptor, int signal, long info, int flags) {
        if ((flags & ~SCOPES) != 0 || Integer.bitCount(flags) > 1) {
            return -EINVAL;
        }
        OpenFile file = caller.files().getRetained(descriptor);
        Optional<PidReference> referred =
                file instanceof PidFile process ? Optional.of(process.reference()) : ProcessDirectory.process(file);
        if (referred.isEmpty()) {
            OtherKind.refuse(file);
            return -EBADF;
        }
        PidReference to = referred.get();
        file.release();
        byte[] bytes = new byte[Signal.INFO_BYTES];
        int error = info == 0 ? 0 : caller.memory().read(info, bytes, 0, bytes.length);
        if (error < 0) {
            return error;
        }
        return info == 0 ? Kill.kill(caller, to, signal, flags) : Kill.queue(caller, to, signal, flags, bytes);
    }

    /** pidfd_getfd(2). */
    @SystemCall(number = 438, name = "pidfd_getfd")
    public long pidfdGetfd(UserThread caller, int descriptor, int wanted, int flags) {
        if (flags != 0) {
            return -EINVAL;
        }
        Slot<UserThread> owner = new Slot<>();
        int error = thread(caller, descriptor, owner);
        if (error < 0) {
            return error;
        }
        if (!owner.get().process().mayBeInspectedBy(caller)) {
            return -EPERM;
        }
        OpenFile found = owner.get().files().getRetained(wanted);
        if (found == OpenFile.CLOSED) {
            return -EBADF;
        }
        return OpenCalls.install(caller, found, true);
    }

    /** The thread that a descriptor of a process or thread means: 0, -EBADF, or -ESRCH if it has ended. */
    static int thread(UserThread caller, int descriptor, Slot<UserThread> found) {
        OpenFile file = caller.files().getRetained(descriptor);
        if (!(file instanceof PidFile process)) {
            OtherKind.refuse(file);
            return -EBADF;
        }
        Optional<UserThread> thread = process.reference().thread();
        file.release();
        return thread.isEmpty() ? -ESRCH : found.put(thread.get());
    }
}
