package biscotti.file.tmpfs;

import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EFBIG;
import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.ENXIO;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.FallocateFlags;
import biscotti.abi.FileMode;
import biscotti.abi.SealFlags;
import biscotti.file.DataVnode;
import biscotti.file.Identity;
import biscotti.file.Transfer;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import biscotti.memory.FrameMap;

/**
 * A regular file in memory.
 *
 * <p>A page without a frame is a hole and reads as zeros; so does what lies behind the end in the last frame, which a
 * truncation clears. Readers take no lock but the frame map's: they hold a reference to the frame that they copy from. Writers
 * come one after the other.
 */
public final class TmpFile extends DataVnode {
    private static final int PAGE_SHIFT = PhysicalMemory.FRAME_SHIFT;
    private static final int PAGE_SIZE = PhysicalMemory.FRAME_SIZE;
    private static final long PAGE_MASK = PhysicalMemory.FRAME_MASK;

    /** What sealing an executable file's permission seals, too: a file is written or executed, not both. */
    private static final int WHOLE =
            SealFlags.F_SEAL_SHRINK | SealFlags.F_SEAL_GROW | SealFlags.F_SEAL_WRITE | SealFlags.F_SEAL_FUTURE_WRITE;

    private final TmpFileSystem tmpfs;
    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final FrameMap map;

    private volatile long size;
    private volatile int seals;

    /** A file without a name yet, that takes no seals. */
    TmpFile(TmpFileSystem tmpfs, int mode, int userId, int groupId) {
        this(tmpfs, mode, userId, groupId, SealFlags.F_SEAL_SEAL);
    }

    /** A file that begins with some seals. */
    TmpFile(TmpFileSystem tmpfs, int mode, int userId, int groupId, int seals) {
        super(tmpfs, tmpfs.nextNumber(), mode, userId, groupId);
        this.tmpfs = tmpfs;
        this.memory = tmpfs.memory();
        this.frames = tmpfs.frames();
        this.map = new FrameMap(memory, frames);
        this.seals = seals;
    }

    @Override
    public int seals() {
        return seals;
    }

    @Override
    public int addSeals(int more) {
        lock().lock();
        try {
            if (isSealed(SealFlags.F_SEAL_SEAL)) {
                return -EPERM;
            }
            boolean executable = (more & SealFlags.F_SEAL_EXEC) != 0 && (mode() & FileMode.X_ANY) != 0;
            int wanted = executable ? more | WHOLE : more;
            boolean closes = (wanted & SealFlags.F_SEAL_WRITE) != 0 && !isSealed(SealFlags.F_SEAL_WRITE);
            if (closes && !mappings().denyWriters()) {
                return -EBUSY;
            }
            seals = seals | wanted;
            return 0;
        } finally {
            lock().unlock();
        }
    }

    /** Whether one of some seals is there. */
    private boolean isSealed(int some) {
        return (seals & some) != 0;
    }

    /** {@inheritDoc} The seal of execution keeps the permission to execute as it is. */
    @Override
    public int changeMode(Identity who, int permissions) {
        boolean executes = ((mode() ^ permissions) & FileMode.X_ANY) != 0;
        return executes && isSealed(SealFlags.F_SEAL_EXEC) ? -EPERM : super.changeMode(who, permissions);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public long blocks() {
        return map.pages() * (PAGE_SIZE / 512);
    }

    @Override
    protected int readPage(Transfer to, long page, int offset, int length) {
        long frame = map.retain(page);
        if (frame == 0) {
            return to.putSomeZeros(length);
        }
        int moved = to.someFromPhysical(frame + offset, length);
        frames.release(frame);
        return moved;
    }

    @Override
    protected long write(Transfer from, long position) {
        long wanted = from.remaining();
        if (wanted > 0 && position == MAXIMUM_LENGTH) {
            return -EFBIG;
        }
        if (wanted > 0 && isSealed(SealFlags.F_SEAL_WRITE | SealFlags.F_SEAL_FUTURE_WRITE)) {
            return -EPERM;
        }
        wanted = Math.min(wanted, MAXIMUM_LENGTH - position);
        boolean mayGrow = !isSealed(SealFlags.F_SEAL_GROW);
        long done = 0;
        int moved = 0;
        while (done < wanted && moved >= 0) {
            long at = position + done;
            int offset = (int) (at & PAGE_MASK);
            int part = (int) Math.min(wanted - done, PAGE_SIZE - offset);
            moved = mayGrow || at + part <= size ? writePage(from, at >>> PAGE_SHIFT, offset, part) : -EPERM;
            done += Math.max(moved, 0);
        }
        if (done > 0) {
            size = Math.max(size, position + done);
            modified();
            return done;
        }
        return moved;
    }

    /** Writes to one page: how many bytes, or an errno. */
    private int writePage(Transfer from, long page, int offset, int length) {
        long frame = map.retain(page);
        if (frame != 0) {
            int moved = from.someToPhysical(frame + offset, length);
            frames.release(frame);
            return moved;
        }
        if (!tmpfs.charge(1)) {
            return -ENOSPC;
        }
        int moved = writeNewPage(from, page, offset, length);
        if (moved < 0) {
            tmpfs.credit(1);
        }
        return moved;
    }

    /** Fills a new frame, then puts it in place: a reader sees all of it or none. */
    private int writeNewPage(Transfer from, long page, int offset, int length) {
        boolean whole = length == PAGE_SIZE;
        long frame = whole ? frames.allocate() : frames.allocateZeroed();
        if (frame < 0) {
            return -ENOSPC;
        }
        int moved = from.someToPhysical(frame + offset, length);
        if (whole && moved >= 0 && moved < PAGE_SIZE) {
            memory.zero(frame + moved, PAGE_SIZE - moved);
        }
        int error = moved < 0 ? moved : map.put(page, frame);
        if (error == 1) {
            long present = map.retain(page);
            memory.copy(frame + offset, present + offset, moved);
            frames.release(present);
            tmpfs.credit(1);
        }
        if (error != 0) {
            frames.release(frame);
        }
        if (error < 0) {
            return error == -ENOMEM ? -ENOSPC : error;
        }
        return moved;
    }

    @Override
    public int truncate(long length) {
        lock().lock();
        try {
            long before = size;
            if (length < before && isSealed(SealFlags.F_SEAL_SHRINK)
                    || length > before && isSealed(SealFlags.F_SEAL_GROW)) {
                return -EPERM;
            }
            size = length;
            if (length < before) {
                cut(length);
            }
            modified();
            return 0;
        } finally {
            lock().unlock();
        }
    }

    /** Drops all content from a position on. */
    private void cut(long from) {
        clear(from, from + PAGE_MASK & ~PAGE_MASK);
        long first = from + PAGE_MASK >>> PAGE_SHIFT;
        removePages(first, Long.MAX_VALUE >>> PAGE_SHIFT);
        mappings().cut(first);
    }

    /** Writes zeros to a range inside one page, unless it is a hole. */
    private void clear(long from, long to) {
        long frame = from < to ? map.retain(from >>> PAGE_SHIFT) : 0;
        if (frame != 0) {
            memory.zero(frame + (from & PAGE_MASK), to - from);
            frames.release(frame);
        }
    }

    private void removePages(long first, long last) {
        long before = map.pages();
        map.remove(first, last);
        tmpfs.credit(before - map.pages());
    }

    @Override
    public int allocate(int mode, long offset, long length) {
        long end = offset + length;
        lock().lock();
        try {
            int error;
            boolean punches = (mode & FallocateFlags.FALLOC_FL_PUNCH_HOLE) != 0;
            if (punches
                    ? isSealed(SealFlags.F_SEAL_WRITE | SealFlags.F_SEAL_FUTURE_WRITE)
                    : end > size && isSealed(SealFlags.F_SEAL_GROW)) {
                return -EPERM;
            }
            if (mode == (FallocateFlags.FALLOC_FL_PUNCH_HOLE | FallocateFlags.FALLOC_FL_KEEP_SIZE)) {
                error = punch(offset, Math.min(end, size));
            } else if ((mode & ~FallocateFlags.FALLOC_FL_KEEP_SIZE) == 0) {
                error = fill(offset >>> PAGE_SHIFT, end - 1 >>> PAGE_SHIFT);
            } else {
                error = -EOPNOTSUPP;
            }
            if (error == 0) {
                if ((mode & FallocateFlags.FALLOC_FL_KEEP_SIZE) == 0) {
                    size = Math.max(size, end);
                }
                modified();
            }
            return error;
        } finally {
            lock().unlock();
        }
    }

    private int punch(long from, long to) {
        if (from >= to) {
            return 0;
        }
        long firstWhole = from + PAGE_MASK & ~PAGE_MASK;
        long lastWhole = to & ~PAGE_MASK;
        if (firstWhole > lastWhole) {
            clear(from, to);
            return 0;
        }
        clear(from, firstWhole);
        clear(lastWhole, to);
        if (firstWhole < lastWhole) {
            long last = (lastWhole >>> PAGE_SHIFT) - 1;
            removePages(firstWhole >>> PAGE_SHIFT, last);
            mappings().drop(firstWhole >>> PAGE_SHIFT, last);
        }
        return 0;
    }

    /** Gives frames to all holes of a range of pages; one that does not succeed leaves those that it gave. */
    private int fill(long first, long last) {
        if (!tmpfs.couldHold(last - first + 1)) {
            return -ENOSPC;
        }
        for (long page = first; page <= last; page++) {
            long frame = frameOf(page);
            if (frame < 0) {
                return -ENOSPC;
            }
            frames.release(frame);
        }
        return 0;
    }

    /** The frame of a page with one more reference; a hole is filled. -ENOSPC or -ENOMEM if that fails. */
    private long frameOf(long page) {
        long frame = map.retain(page);
        if (frame != 0) {
            return frame;
        }
        if (!tmpfs.charge(1)) {
            return -ENOSPC;
        }
        frame = frames.allocateZeroed();
        if (frame < 0) {
            tmpfs.credit(1);
            return frame;
        }
        frames.retain(frame);
        int error = map.put(page, frame);
        if (error == 0) {
            return frame;
        }
        tmpfs.credit(1);
        frames.release(frame);
        frames.release(frame);
        return error == 1 ? map.retain(page) : error;
    }

    /**
     * {@inheritDoc}
     *
     * <p>A truncation may come between the look at the length and the frame; the one who asked for the page finds out by
     * {@link #mappings}, and the page behind the end stays until the next truncation or the file's end.
     */
    @Override
    public long frameFor(long pageIndex, boolean write) {
        long end = size;
        if (pageIndex >= (end >>> PAGE_SHIFT) + ((end & PAGE_MASK) == 0 ? 0 : 1)) {
            return -ENXIO;
        }
        long frame = frameOf(pageIndex);
        if (write && frame > 0) {
            modified();
        }
        return frame == -ENOSPC || frame == 0 ? -ENOMEM : frame;
    }

    /** {@inheritDoc} The length is looked at last: a truncation that cuts these pages sets it first, and finds those that were mapped before. */
    @Override
    public void retainPresent(long first, long[] into, int count) {
        map.retainAll(first, into, count);
        long pages = size + PAGE_MASK >>> PAGE_SHIFT;
        for (int i = 0; i < count; i++) {
            if (first + i >= pages && into[i] != 0) {
                frames.release(into[i]);
                into[i] = 0;
            }
        }
    }

    @Override
    public boolean isCached(long pageIndex) {
        return map.has(pageIndex);
    }

    /**
     * Takes a frame as the content of a page: the loader of the boot archive owns it, and gives its reference away.
     *
     * @return 0 or -ENOMEM
     */
    int adopt(long page, long frame) {
        int error = map.put(page, frame);
        if (error == 0) {
            tmpfs.adopted(1);
        }
        return error;
    }

    /** Sets the length, for the loader of the boot archive. */
    void setSize(long length) {
        size = length;
    }

    @Override
    public long nextData(long position) {
        long end = size;
        if (position < 0 || position >= end) {
            return -ENXIO;
        }
        long page = map.nextPage(position >>> PAGE_SHIFT);
        if (page < 0 || page << PAGE_SHIFT >= end) {
            return -ENXIO;
        }
        return Math.max(position, page << PAGE_SHIFT);
    }

    @Override
    public long nextHole(long position) {
        long end = size;
        if (position < 0 || position >= end) {
            return -ENXIO;
        }
        long page = map.nextHole(position >>> PAGE_SHIFT);
        return Math.min(end, Math.max(position, page << PAGE_SHIFT));
    }

    /** {@inheritDoc} Takes no lock but the map's, as the last user may be an address space that holds its own. */
    @Override
    protected void discard() {
        long before = map.pages();
        map.close();
        tmpfs.credit(before);
    }

    @Override
    public String name() {
        return "file " + number() + " of a " + tmpfs.type();
    }
}
