package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.OpenFlags;
import biscotti.file.Caller;
import biscotti.file.FileTable;
import biscotti.file.OpenFile;
import biscotti.file.Slot;
import biscotti.file.pipe.Pipes;

/** System calls that make pipes. */
public final class PipeCalls {
    private static final int FLAGS = OpenFlags.O_CLOEXEC | OpenFlags.O_NONBLOCK | OpenFlags.O_DIRECT;

    private final Pipes pipes;

    /** Calls that make pipes there. */
    public PipeCalls(Pipes pipes) {
        this.pipes = pipes;
    }

    /** pipe(2). */
    @SystemCall(number = 22, name = "pipe")
    public long pipe(Caller caller, long descriptors) {
        return pipe2(caller, descriptors, 0);
    }

    /** pipe2(2). */
    @SystemCall(number = 293, name = "pipe2")
    public long pipe2(Caller caller, long descriptors, int flags) {
        if ((flags & ~FLAGS) != 0) {
            return -EINVAL;
        }
        Slot<OpenFile> reader = new Slot<>();
        Slot<OpenFile> writer = new Slot<>();
        pipes.make(caller, flags & (OpenFlags.O_NONBLOCK | OpenFlags.O_DIRECT), reader, writer);
        return install(caller, descriptors, (flags & OpenFlags.O_CLOEXEC) != 0, reader.get(), writer.get());
    }

    private static long install(Caller caller, long address, boolean closedByExec, OpenFile reader, OpenFile writer) {
        FileTable files = caller.files();
        long in = OpenCalls.install(caller, reader, closedByExec);
        if (in < 0) {
            writer.release();
            return in;
        }
        long out = OpenCalls.install(caller, writer, closedByExec);
        if (out < 0) {
            files.close(caller, (int) in);
            return out;
        }
        int error = caller.memory().writeLong(address, out << Integer.SIZE | in);
        if (error < 0) {
            files.close(caller, (int) in);
            files.close(caller, (int) out);
        }
        return error;
    }
}
