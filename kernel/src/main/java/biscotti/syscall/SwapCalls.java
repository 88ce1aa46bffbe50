package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.OpenFlags;
import biscotti.file.OpenCall;
import biscotti.file.OpenFile;
import biscotti.file.Slot;
import biscotti.process.UserThread;

/**
 * Swapping. There is no file that can be swapped to: tmpfs cannot be on Linux either, as it is swapped itself, and there are no disks;
 * so every file is EINVAL.
 */
public final class SwapCalls {
    private static final int SWAP_FLAGS = 0x7ffff;

    /** The family has no state. */
    public SwapCalls() {}

    /** swapon(2). */
    @SystemCall(number = 167, name = "swapon")
    public long swapon(UserThread caller, long path, int flags) {
        return (flags & ~SWAP_FLAGS) != 0 ? -EINVAL : refuse(caller, path);
    }

    /** swapoff(2). */
    @SystemCall(number = 168, name = "swapoff")
    public long swapoff(UserThread caller, long path) {
        return refuse(caller, path);
    }

    private static long refuse(UserThread caller, long path) {
        if (!ControlCalls.administers(caller)) {
            return -EPERM;
        }
        Slot<String> name = new Slot<>();
        int error = UserPaths.read(caller, path, name);
        if (error < 0) {
            return error;
        }
        Slot<OpenFile> opened = new Slot<>();
        error = OpenCall.open(caller, biscotti.abi.AtFlags.AT_FDCWD, name.get(), OpenFlags.O_RDWR, 0, opened);
        if (error < 0) {
            return error;
        }
        opened.get().release();
        return -EINVAL;
    }
}
