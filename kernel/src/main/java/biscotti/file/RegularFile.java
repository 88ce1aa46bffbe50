package biscotti.file;

import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EFBIG;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.FallocateFlags;
import biscotti.abi.Ioctl;
import biscotti.abi.OpenFlags;
import biscotti.abi.Seek;
import biscotti.abi.SignalNumber;
import biscotti.abi.SyncFlags;
import biscotti.memory.PageSource;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;

/** A regular file, opened: its vnode's bytes and a position in them. */
final class RegularFile extends OpenFile {
    private final DataVnode file;

    /** Guards the position; held through a read or write at the position, so that threads do not move the same bytes. */
    private final RankedLock lock = new RankedLock(LockRank.OPEN_FILE);

    private long position;

    /** The failed writes that {@link #sync} has told of. */
    private volatile long errorsTold;

    RegularFile(DataVnode file, Place place, int flags) {
        super(place, flags);
        this.file = file;
        this.errorsTold = file.errorMark();
    }

    @Override
    protected long doRead(Caller caller, Transfer to) {
        lock.lock();
        try {
            if (endsBeyondAll(to, position)) {
                return -EINVAL;
            }
            long count = file.readAt(to, position);
            if (count >= 0) {
                position += count;
                noteAccess();
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected long doReadAt(Caller caller, Transfer to, long at) {
        if (endsBeyondAll(to, at)) {
            return -EINVAL;
        }
        long count = file.readAt(to, at);
        if (count >= 0) {
            noteAccess();
        }
        return count;
    }

    /** Whether a transfer would end behind where a position can be. */
    private static boolean endsBeyondAll(Transfer transfer, long start) {
        return start > Long.MAX_VALUE - transfer.remaining();
    }

    private void noteAccess() {
        if (!has(OpenFlags.O_NOATIME)) {
            place().mount().accessed(file);
        }
    }

    @Override
    protected long doWrite(Caller caller, Transfer from) {
        return lasting(writeHere(caller, from, has(OpenFlags.O_APPEND)));
    }

    @Override
    protected long doWriteAt(Caller caller, Transfer from, long at) {
        return lasting(writeThere(caller, from, at, has(OpenFlags.O_APPEND)));
    }

    @Override
    protected long doWrite(Caller caller, Transfer from, long at, boolean append) {
        return lasting(at < 0 ? writeHere(caller, from, append) : writeThere(caller, from, at, append));
    }

    /** After a write: with O_DSYNC or O_SYNC it is lasting before the call returns, with O_DIRECT it is on its way. */
    private long lasting(long result) {
        int error = 0;
        if (result > 0 && has(OpenFlags.O_DSYNC)) {
            error = sync(!has(OpenFlags.O_SYNC));
        } else if (result > 0 && has(OpenFlags.O_DIRECT)) {
            error = syncRange(0, 0, SyncFlags.ALL);
        }
        return error < 0 ? error : result;
    }

    private long writeHere(Caller caller, Transfer from, boolean append) {
        lock.lock();
        try {
            if (endsBeyondAll(from, position)) {
                return -EINVAL;
            }
            long start = append ? file.size() : position;
            int error = beginWrite(caller, from, start);
            if (error < 0) {
                return error;
            }
            long before = from.remaining();
            if (!append) {
                long count = file.writeAt(from, start);
                position += Math.max(count, 0);
                return count;
            }
            long end = file.append(from);
            if (end < 0) {
                return end;
            }
            position = end;
            return before - from.remaining();
        } finally {
            lock.unlock();
        }
    }

    /** pwrite(2) on a file with O_APPEND appends, whatever the position: BUGS of its manual page. */
    private long writeThere(Caller caller, Transfer from, long at, boolean append) {
        if (endsBeyondAll(from, at)) {
            return -EINVAL;
        }
        int error = beginWrite(caller, from, append ? file.size() : at);
        if (error < 0) {
            return error;
        }
        if (!append) {
            return file.writeAt(from, at);
        }
        long before = from.remaining();
        long end = file.append(from);
        return end < 0 ? end : before - from.remaining();
    }

    /** Before a write. RLIMIT_FSIZE of getrlimit(2): a write is cut at the limit; one that starts there gets SIGXFSZ and EFBIG. */
    private int beginWrite(Caller caller, Transfer from, long start) {
        long limit = caller.fileSizeLimit();
        if (from.remaining() > 0 && start >= limit) {
            caller.raise(SignalNumber.SIGXFSZ);
            return -EFBIG;
        }
        from.limit(limit - start);
        if (from.remaining() > 0) {
            file.dropPrivileges(caller.identity());
        }
        return 0;
    }

    @Override
    public long seek(long offset, int whence) {
        lock.lock();
        try {
            long target = switch (whence) {
                case Seek.SEEK_SET -> offset;
                case Seek.SEEK_CUR -> position + offset;
                case Seek.SEEK_END -> file.size() + offset;
                case Seek.SEEK_DATA -> file.nextData(offset);
                case Seek.SEEK_HOLE -> file.nextHole(offset);
                default -> -EINVAL;
            };
            if (target < 0) {
                return whence == Seek.SEEK_DATA || whence == Seek.SEEK_HOLE ? target : -EINVAL;
            }
            position = target;
            return target;
        } finally {
            lock.unlock();
        }
    }

    /** {@inheritDoc} FIONREAD: how many bytes are between the position and the end; negative behind it. */
    @Override
    public long control(Caller caller, int request, long argument) {
        if (request != Ioctl.FIONREAD) {
            return file.control(caller, request, argument);
        }
        lock.lock();
        long left = file.size() - position;
        lock.unlock();
        return caller.memory().writeInt(argument, (int) left);
    }

    @Override
    public int truncate(Caller caller, long length) {
        if (!writable()) {
            return -EINVAL;
        }
        if (length > caller.fileSizeLimit()) {
            caller.raise(SignalNumber.SIGXFSZ);
            return -EFBIG;
        }
        file.dropPrivileges(caller.identity());
        return file.truncate(length);
    }

    @Override
    public int allocate(Caller caller, int mode, long offset, long length) {
        if (!writable()) {
            return -EBADF;
        }
        boolean replaces = (mode & ~FallocateFlags.FALLOC_FL_KEEP_SIZE) != 0 && FileFlags.isAppendOnly(file);
        if (replaces || FileFlags.isImmutable(file)) {
            return -EPERM;
        }
        boolean punches = (mode & FallocateFlags.FALLOC_FL_PUNCH_HOLE) != 0;
        long end = offset + length;
        if (!punches && end > file.size() && end > caller.fileSizeLimit()) {
            caller.raise(SignalNumber.SIGXFSZ);
            return -EFBIG;
        }
        file.dropPrivileges(caller.identity());
        return file.allocate(mode, offset, length);
    }

    /** {@inheritDoc} A write that has failed since is told once to each open file, as on Linux. */
    @Override
    public int sync(boolean dataOnly) {
        int error = file.sync(dataOnly);
        long mark = file.errorMark();
        int failed = file.errorSince(errorsTold);
        errorsTold = mark;
        return failed < 0 ? failed : error;
    }

    @Override
    public int syncRange(long offset, long bytes, int steps) {
        int error = file.syncRange(offset, bytes, steps);
        return error < 0 ? error : file.errorSince(errorsTold);
    }

    @Override
    public int pages(Slot<PageSource> source) {
        int error = place().pages(file, source);
        if (error == 0) {
            noteAccess();
        }
        return error;
    }
}
