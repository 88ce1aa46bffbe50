package biscotti.file;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EISDIR;
import static biscotti.abi.Errno.ENOENT;

import biscotti.abi.Seek;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;

/** A directory, opened to be listed. */
public final class OpenDirectory extends OpenFile {
    private final Directory directory;

    /** Guards the position. */
    private final RankedLock lock = new RankedLock(LockRank.OPEN_FILE);

    private long position;

    /** An open directory that stands before its first name. */
    public OpenDirectory(Directory directory, Place place, int flags) {
        super(place, flags);
        this.directory = directory;
    }

    @Override
    protected long doRead(Caller caller, Transfer to) {
        return -EISDIR;
    }

    @Override
    protected long doReadAt(Caller caller, Transfer to, long at) {
        return -EISDIR;
    }

    @Override
    public int list(Caller caller, DirectoryReader receiver) {
        if (directory.removed()) {
            return -ENOENT;
        }
        lock.lock();
        try {
            long next = directory.list(caller, position, receiver);
            if (next < 0) {
                return (int) next;
            }
            position = next;
            place().mount().accessed(directory);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long seek(long offset, int whence) {
        lock.lock();
        try {
            long target = switch (whence) {
                case Seek.SEEK_SET -> offset;
                case Seek.SEEK_CUR -> position + offset;
                default -> -EINVAL;
            };
            if (target < 0) {
                return -EINVAL;
            }
            position = target;
            return target;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int sync(boolean dataOnly) {
        return vnode().fileSystem().syncNames();
    }
}
