package biscotti.syscall;

import static biscotti.abi.AtFlags.AT_FDCWD;

import biscotti.abi.OpenFlags;
import biscotti.file.Caller;
import biscotti.file.OpenCall;
import biscotti.file.OpenFile;
import biscotti.file.Slot;

/** System calls that open and close descriptors. */
public final class OpenCalls {
    /** open(2). */
    @SystemCall(number = 2, name = "open")
    public long open(Caller caller, long path, int flags, int mode) {
        return openat(caller, AT_FDCWD, path, flags, mode);
    }

    /** creat(2). */
    @SystemCall(number = 85, name = "creat")
    public long creat(Caller caller, long path, int mode) {
        int flags = OpenFlags.O_CREAT | OpenFlags.O_WRONLY | OpenFlags.O_TRUNC;
        return openat(caller, AT_FDCWD, path, flags, mode);
    }

    /** openat(2). */
    @SystemCall(number = 257, name = "openat")
    public long openat(Caller caller, int directory, long path, int flags, int mode) {
        Slot<String> name = new Slot<>();
        int error = UserPaths.read(caller, path, name);
        if (error < 0) {
            return error;
        }
        Slot<OpenFile> opened = new Slot<>();
        error = OpenCall.open(caller, directory, name.get(), flags, mode, opened);
        return error < 0 ? error : install(caller, opened.get(), (flags & OpenFlags.O_CLOEXEC) != 0);
    }

    /** Gives a new description a descriptor, or closes it if there is none: the descriptor or -EMFILE. */
    static long install(Caller caller, OpenFile file, boolean closedByExec) {
        int descriptor = caller.files().install(file, closedByExec, caller.openFilesLimit());
        if (descriptor < 0) {
            file.release();
        }
        return descriptor;
    }

    /** close(2). */
    @SystemCall(number = 3, name = "close")
    public long close(Caller caller, int descriptor) {
        return caller.files().close(caller, descriptor);
    }
}
