package biscotti.file;

import static biscotti.abi.Errno.EOPNOTSUPP;

import biscotti.abi.FallocateFlags;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.Mappings;
import biscotti.memory.PageSource;

/** A regular file: a vnode with bytes, read and written at positions. Positions and lengths are never negative. */
public abstract class DataVnode extends Vnode implements PageSource {
    /** The longest file. */
    public static final long MAXIMUM_LENGTH = Long.MAX_VALUE;

    private final Mappings mappings = new Mappings();

    /** A file without bytes. */
    protected DataVnode(FileSystem fileSystem, long number, int mode, int userId, int groupId) {
        super(fileSystem, number, mode, userId, groupId);
    }

    /**
     * Writes at a position, as one step for other writers.
     *
     * @return how many bytes; less than asked if the file system is full or the memory bad midway; -ENOSPC, -EFAULT, -EFBIG
     */
    public abstract long writeAt(Transfer from, long position);

    /**
     * Writes at the end, as one step.
     *
     * @return the position behind the written bytes; or an errno as {@link #writeAt}
     */
    public abstract long append(Transfer from);

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
