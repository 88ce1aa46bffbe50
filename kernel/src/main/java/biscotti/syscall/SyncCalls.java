package biscotti.syscall;

import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ESPIPE;

import biscotti.abi.FileMode;
import biscotti.abi.SyncFlags;
import biscotti.file.Caller;
import biscotti.file.OpenFile;
import biscotti.file.disk.Disks;

/** What makes lasting what was written: fsync(2), sync(2), sync_file_range(2). */
public final class SyncCalls {
    private final Disks disks;

    /** Calls for these disks. */
    public SyncCalls(Disks disks) {
        this.disks = disks;
    }

    /** fsync(2). */
    @SystemCall(number = 74, name = "fsync")
    public long fsync(Caller caller, int descriptor) {
        return caller.files().get(descriptor).sync(false);
    }

    /** fdatasync(2). */
    @SystemCall(number = 75, name = "fdatasync")
    public long fdatasync(Caller caller, int descriptor) {
        return caller.files().get(descriptor).sync(true);
    }

    /** sync(2): waits until all is written. */
    @SystemCall(number = 162, name = "sync")
    public long sync(Caller caller) {
        disks.sync();
        return 0;
    }

    /** syncfs(2). */
    @SystemCall(number = 306, name = "syncfs")
    public long syncfs(Caller caller, int descriptor) {
        OpenFile file = caller.files().get(descriptor);
        return file.isOpen() ? file.vnode().fileSystem().sync() : -EBADF;
    }

    /** sync_file_range(2). */
    @SystemCall(number = 277, name = "sync_file_range")
    public long syncFileRange(Caller caller, int descriptor, long offset, long length, int flags) {
        OpenFile file = caller.files().get(descriptor);
        if (!file.isOpen()) {
            return -EBADF;
        }
        if (offset < 0 || length < 0 || offset + length < 0 || (flags & ~SyncFlags.ALL) != 0) {
            return -EINVAL;
        }
        int type = file.vnode().mode() & FileMode.S_IFMT;
        boolean kept = type == FileMode.S_IFREG || type == FileMode.S_IFDIR || type == FileMode.S_IFBLK;
        return kept ? file.syncRange(offset, length, flags) : -ESPIPE;
    }
}
