package biscotti.syscall;

import static biscotti.abi.AtFlags.AT_FDCWD;
import static biscotti.abi.Errno.E2BIG;
import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.FileMode;
import biscotti.abi.LittleEndian;
import biscotti.abi.OpenFlags;
import biscotti.abi.OpenHow;
import biscotti.file.Caller;
import biscotti.file.OpenCall;
import biscotti.file.OpenFile;
import biscotti.file.Slot;
import biscotti.machine.PhysicalMemory;

/** System calls that open and close descriptors. */
public final class OpenCalls {
    private static final int SCOPES = OpenHow.RESOLVE_BENEATH | OpenHow.RESOLVE_IN_ROOT;
    private static final int PATH_FLAGS =
            OpenFlags.O_PATH | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC;

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

    /** openat2(2): as openat(2), but unknown flags are refused, and the way of the path can be confined. */
    @SystemCall(number = 437, name = "openat2")
    public long openat2(Caller caller, int directory, long path, long how, long size) {
        if (size < OpenHow.SIZE) {
            return -EINVAL;
        }
        if (size > PhysicalMemory.FRAME_SIZE) {
            return -E2BIG;
        }
        byte[] bytes = new byte[PhysicalMemory.FRAME_SIZE];
        int error = caller.memory().read(how, bytes, 0, (int) Math.min(size, bytes.length));
        if (error < 0) {
            return error;
        }
        for (int i = OpenHow.SIZE; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                return -E2BIG;
            }
        }
        long flags = LittleEndian.getLong(bytes, OpenHow.FLAGS);
        long mode = LittleEndian.getLong(bytes, OpenHow.MODE);
        long resolve = LittleEndian.getLong(bytes, OpenHow.RESOLVE);
        error = check(flags, mode, resolve);
        Slot<String> name = new Slot<>();
        if (error == 0) {
            error = UserPaths.read(caller, path, name);
        }
        if (error < 0) {
            return error;
        }
        Slot<OpenFile> opened = new Slot<>();
        error = OpenCall.open(caller, directory, name.get(), (int) flags, (int) mode, (int) resolve, opened);
        return error < 0 ? error : install(caller, opened.get(), (flags & OpenFlags.O_CLOEXEC) != 0);
    }

    /** What openat2(2) refuses, but openat(2) passes over: 0, -EINVAL; -EAGAIN for what cannot be done by the cache alone. */
    private static int check(long flags, long mode, long resolve) {
        boolean bothScopes = (resolve & SCOPES) == SCOPES;
        if ((flags & ~OpenFlags.ALL) != 0 || (resolve & ~OpenHow.RESOLVE_ALL) != 0 || bothScopes) {
            return -EINVAL;
        }
        boolean unnamed = (flags & OpenFlags.O_TMPFILE) == OpenFlags.O_TMPFILE;
        boolean creates = unnamed || (flags & OpenFlags.O_CREAT) != 0;
        if ((mode & ~(creates ? FileMode.PERMISSIONS : 0)) != 0) {
            return -EINVAL;
        }
        boolean halfUnnamed = !unnamed && (flags & OpenFlags.O_TMPFILE & ~OpenFlags.O_DIRECTORY) != 0;
        boolean pathAndMore = (flags & OpenFlags.O_PATH) != 0 && (flags & ~PATH_FLAGS) != 0;
        if (halfUnnamed || pathAndMore) {
            return -EINVAL;
        }
        boolean changes = creates || (flags & OpenFlags.O_TRUNC) != 0;
        return changes && (resolve & OpenHow.RESOLVE_CACHED) != 0 ? -EAGAIN : 0;
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
