package biscotti.file;

import static biscotti.abi.Errno.ENOTTY;
import static biscotti.abi.Errno.EOPNOTSUPP;

import biscotti.abi.FallocateFlags;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.Mappings;
import biscotti.memory.PageSource;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;

/** A regular file: a vnode with bytes, read and written at positions. Positions and lengths are never negative. */
public abstract class DataVnode extends Vnode implements PageSource {
    /** The longest file. */
    public static final long MAXIMUM_LENGTH = Long.MAX_VALUE;

    private final Mappings mappings = new Mappings();
    private final RankedLock lock = new RankedLock(LockRank.FILE);

    /** A file without bytes. */
    protected DataVnode(FileSystem fileSystem, long number, int mode, int userId, int groupId) {
        super(fileSystem, number, mode, userId, groupId);
    }

    /** Held by whoever changes content or length. */
    protected final RankedLock lock() {
        return lock;
    }

    @Override
    public final long readAt(Transfer to, long position) {
        long wanted = Math.min(to.remaining(), size() - position);
        long done = 0;
        while (done < wanted) {
            long at = position + done;
            int offset = (int) (at & PhysicalMemory.FRAME_MASK);
            int part = (int) Math.min(wanted - done, PhysicalMemory.FRAME_SIZE - offset);
            int moved = readPage(to, at >>> PhysicalMemory.FRAME_SHIFT, offset, part);
            if (moved < 0) {
                return done > 0 ? done : moved;
            }
            done += moved;
        }
        return done;
    }

    /**
     * Reads from one page. Takes no lock that is held while user memory is touched.
     *
     * @return how many bytes, at least one; -EFAULT, -EIO, -ENOMEM
     */
    protected abstract int readPage(Transfer to, long page, int offset, int bytes);

    /**
     * Writes at a position, as one step for other writers.
     *
     * @return how many bytes; less than asked if the file system is full or the memory bad midway; -ENOSPC, -EFAULT, -EFBIG
     */
    public final long writeAt(Transfer from, long position) {
        lock.lock();
        try {
            return write(from, position);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes at the end, as one step.
     *
     * @return the position behind the written bytes; or an errno as {@link #writeAt}
     */
    public final long append(Transfer from) {
        lock.lock();
        try {
            long start = size();
            long count = write(from, start);
            return count < 0 ? count : start + count;
        } finally {
            lock.unlock();
        }
    }

    /** Writes as {@link #writeAt}; the file's lock is held. */
    protected abstract long write(Transfer from, long position);

    /**
     * The next data not before a position: SEEK_DATA.
     *
     * @return its position, or -ENXIO if only a hole follows
     */
    public abstract long nextData(long position);

    /**
     * The next hole not before a position: SEEK_HOLE; the end counts as one.
     *
     * @return its position, or -ENXIO if {@code position} is not before the end
     */
    public abstract long nextHole(long position);

    /**
     * fallocate(2).
     *
     * @return 0; -EOPNOTSUPP for a mode that is not supported; -ENOSPC, -EFBIG
     */
    public int allocate(int mode, long offset, long length) {
        return -EOPNOTSUPP;
    }

    /**
     * Writes what has changed to where the file is kept, so that it is there after a loss of power: fsync(2).
     *
     * @param dataOnly whether attributes may wait that are not needed to find the bytes: fdatasync(2)
     * @return 0, -EIO, -ENOSPC, -EROFS
     */
    public int sync(boolean dataOnly) {
        return 0;
    }

    /**
     * Begins or awaits the writing of some pages, and neither attributes nor the device's own cache: sync_file_range(2).
     *
     * @param bytes 0 for all up to the end
     * @param steps {@link biscotti.abi.SyncFlags}
     */
    public int syncRange(long offset, long bytes, int steps) {
        return 0;
    }

    /** How often writing to where the file is kept has failed: for {@link #errorSince}. */
    public long errorMark() {
        return 0;
    }

    /** The last errno of a write that has failed since a time that {@link #errorMark} told; 0 if there was none. */
    public int errorSince(long mark) {
        return 0;
    }

    /** A request of ioctl(2) that only this kind of file knows: -ENOTTY for others. */
    public long control(Caller caller, int request, long argument) {
        return -ENOTTY;
    }

    /** {@inheritDoc} Behind the file's end there is nothing to do. */
    @Override
    public long discard(long pageIndex, long pages) {
        int mode = FallocateFlags.FALLOC_FL_PUNCH_HOLE | FallocateFlags.FALLOC_FL_KEEP_SIZE;
        return allocate(mode, pageIndex << PhysicalMemory.FRAME_SHIFT, pages << PhysicalMemory.FRAME_SHIFT);
    }

    @Override
    public int open(Caller caller, Place place, int flags, Slot<OpenFile> opened) {
        return opened.put(new RegularFile(this, place, flags));
    }

    @Override
    public int pages(Slot<PageSource> source) {
        return source.put(this);
    }

    @Override
    public void mapped() {
        if (!retain()) {
            throw new IllegalStateException("a dead file is mapped");
        }
    }

    @Override
    public void unmapped() {
        release();
    }

    @Override
    public final Mappings mappings() {
        return mappings;
    }

    @Override
    public int device() {
        return fileSystem().device();
    }

    @Override
    public long inode() {
        return number();
    }
}
