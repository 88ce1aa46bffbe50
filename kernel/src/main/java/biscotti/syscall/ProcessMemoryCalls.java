package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;

import biscotti.abi.Limits;
import biscotti.abi.Mman;
import biscotti.file.Slot;
import biscotti.file.UserTransfer;
import biscotti.memory.AddressSpace;
import biscotti.memory.UserMemory;
import biscotti.process.Process;
import biscotti.process.UserThread;
import biscotti.process.identity.Credentials;
import java.util.Optional;

/** System calls about the memory of another process: process_vm_readv(2), process_madvise(2). */
public final class ProcessMemoryCalls {
    private static final int PIECE = 4096;

    /** process_vm_readv(2). */
    @SystemCall(number = 310, name = "process_vm_readv")
    public long processVmReadv(
            UserThread caller, int process, long local, long localCount, long remote, long remoteCount, long flags) {
        return move(caller, process, local, localCount, remote, remoteCount, flags, false);
    }

    /** process_vm_writev(2). */
    @SystemCall(number = 311, name = "process_vm_writev")
    public long processVmWritev(
            UserThread caller, int process, long local, long localCount, long remote, long remoteCount, long flags) {
        return move(caller, process, local, localCount, remote, remoteCount, flags, true);
    }

    private static long move(
            UserThread caller,
            int process,
            long local,
            long localCount,
            long remote,
            long remoteCount,
            long flags,
            boolean write) {
        boolean tooMany =
                localCount < 0 || localCount > Limits.IOV_MAX || remoteCount < 0 || remoteCount > Limits.IOV_MAX;
        if (flags != 0 || tooMany) {
            return -EINVAL;
        }
        Slot<UserTransfer> here = new Slot<>();
        long error = IoVectors.read(caller, local, (int) localCount, here);
        if (error < 0 || here.get().remaining() == 0) {
            return error;
        }
        long[] segments = new long[2 * (int) Math.clamp(remoteCount, 0, Limits.IOV_MAX)];
        error = IoVectors.readSegments(caller, remote, segments);
        if (error < 0) {
            return error;
        }
        Slot<AddressSpace> space = new Slot<>();
        error = find(caller, process, space);
        return error < 0 ? error : move(caller, here.get(), new UserMemory(space.get()), segments, write);
    }

    /** The memory of a process or thread that the caller may look into: 0, -ESRCH, -EPERM. */
    private static long find(UserThread caller, int id, Slot<AddressSpace> space) {
        Optional<UserThread> found = caller.process().system().table().thread(id);
        if (found.isEmpty() || found.get().process().isZombie()) {
            return -ESRCH;
        }
        Process process = found.get().process();
        return process.mayBeInspectedBy(caller) ? space.put(process.space()) : -EPERM;
    }

    private static long move(UserThread caller, UserTransfer here, UserMemory there, long[] segments, boolean write) {
        byte[] piece = new byte[PIECE];
        long done = 0;
        for (int i = 0; i + 1 < segments.length; i += 2) {
            long at = segments[i];
            long left = Math.min(segments[i + 1], here.remaining());
            while (left > 0) {
                // At most to the end of a page, so that what comes before a bad one is moved.
                int part = (int) Math.min(left, PIECE - (at & PIECE - 1));
                int error = write ? here.take(piece, 0, part) : there.read(at, piece, 0, part);
                if (error == 0) {
                    error = write ? there.write(at, piece, 0, part) : here.put(piece, 0, part);
                }
                if (error < 0) {
                    return done > 0 ? done : error;
                }
                at += part;
                left -= part;
                done += part;
                if (!caller.rounds().nextRound() || caller.mustDie()) {
                    return done;
                }
            }
        }
        return done;
    }

    /** process_madvise(2): advice that changes no content. */
    @SystemCall(number = 440, name = "process_madvise")
    public long processMadvise(UserThread caller, int descriptor, long vector, long count, int advice, int flags) {
        if (flags != 0 || count < 0 || count > Limits.IOV_MAX) {
            return -EINVAL;
        }
        long[] segments = new long[2 * (int) Math.clamp(count, 0, Limits.IOV_MAX)];
        long error = IoVectors.readSegments(caller, vector, segments);
        if (error < 0) {
            return error;
        }
        Slot<UserThread> owner = new Slot<>();
        error = PidFileCalls.thread(caller, descriptor, owner);
        if (error < 0) {
            return error;
        }
        if (advice != Mman.MADV_COLD && advice != Mman.MADV_PAGEOUT && advice != Mman.MADV_WILLNEED) {
            return -EINVAL;
        }
        boolean allowed = owner.get().process().mayBeInspectedBy(caller)
                && caller.identity().has(Credentials.CAP_SYS_NICE);
        return allowed ? advise(caller, owner.get().process().space(), segments, advice) : -EPERM;
    }

    private static long advise(UserThread caller, AddressSpace space, long[] segments, int advice) {
        long done = 0;
        for (int i = 0; i + 1 < segments.length; i += 2) {
            long error = space.advise(segments[i], segments[i + 1], advice, caller.rounds());
            if (error < 0) {
                return done > 0 ? done : error;
            }
            done += segments[i + 1];
        }
        return done;
    }

    /** process_mrelease(2): a process that is about to end gives its memory back itself, and waits for nothing before that. */
    @SystemCall(number = 448, name = "process_mrelease")
    public long processMrelease(UserThread caller, int descriptor, int flags) {
        if (flags != 0) {
            return -EINVAL;
        }
        Slot<UserThread> owner = new Slot<>();
        int error = PidFileCalls.thread(caller, descriptor, owner);
        if (error < 0) {
            return error;
        }
        return owner.get().process().isEnding() ? 0 : -EINVAL;
    }
}
