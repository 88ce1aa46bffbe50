package biscotti.syscall;

import static biscotti.abi.AtFlags.AT_FDCWD;
import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENODEV;
import static biscotti.abi.Errno.ENOSYS;
import static biscotti.abi.Errno.ENOTBLK;

import biscotti.abi.FileMode;
import biscotti.file.Mount;
import biscotti.file.OpenFile;
import biscotti.file.PathWalk;
import biscotti.process.UserThread;

/** Quotas of disks: quotactl(2), where no file system keeps any, and none is on a disk. */
public final class QuotaCalls {
    private static final int TYPES = 3;
    private static final int TYPE_MASK = 0xff;
    private static final int COMMAND_SHIFT = 8;
    private static final int Q_SYNC = 0x800001;

    /** The family has no state. */
    public QuotaCalls() {}

    /** quotactl(2). */
    @SystemCall(number = 179, name = "quotactl")
    public long quotactl(UserThread caller, int command, long device, int id, long address) {
        if ((command & TYPE_MASK) >= TYPES) {
            return -EINVAL;
        }
        if (device == 0) {
            return command >>> COMMAND_SHIFT == Q_SYNC ? 0 : -ENODEV;
        }
        PathWalk walk = new PathWalk(caller);
        int error = UserPaths.walk(caller, walk, AT_FDCWD, device, PathWalk.FOLLOW);
        if (error < 0) {
            return error;
        }
        if ((walk.vnode().mode() & FileMode.S_IFMT) != FileMode.S_IFBLK) {
            return -ENOTBLK;
        }
        return walk.mount().has(Mount.NO_DEVICES) ? -EACCES : -ENODEV;
    }

    /** quotactl_fd(2). */
    @SystemCall(number = 443, name = "quotactl_fd")
    public long quotactlFd(UserThread caller, int descriptor, int command, int id, long address) {
        if (caller.files().get(descriptor) == OpenFile.CLOSED) {
            return -EBADF;
        }
        return (command & TYPE_MASK) >= TYPES ? -EINVAL : -ENOSYS;
    }
}
