package biscotti.file;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EFBIG;
import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.ENXIO;

import biscotti.abi.SyncFlags;
import biscotti.block.BlockMap;
import biscotti.block.BlockRun;
import biscotti.block.CachedPages;
import biscotti.block.PageCache;
import biscotti.driver.disk.BlockDevice;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import biscotti.sched.WaitQueue;

/**
 * A file whose bytes are on a disk, and go through the page cache.
 *
 * <p>Readers take no lock. Who changes content or length holds the file's lock, under which user memory is touched: so a page
 * fault, which may be about another file or this one, must not need it.
 */
public abstract class CachedFile extends DataVnode implements BlockMap {
    private static final int PAGE_SHIFT = PhysicalMemory.FRAME_SHIFT;
    private static final int PAGE_SIZE = PhysicalMemory.FRAME_SIZE;
    private static final long PAGE_MASK = PhysicalMemory.FRAME_MASK;

    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final CachedPages pages;
    private final long mostBytes;
    private final WaitQueue removals = new WaitQueue();
    private volatile long removedFirst = Long.MAX_VALUE;
    private volatile long removedLast;
    private volatile long length;

    /**
     * A file on a device.
     *
     * @param length its bytes now
     * @param mostBytes the greatest length that it may have
     */
    protected CachedFile(
            FileSystem fileSystem,
            long number,
            int mode,
            int userId,
            int groupId,
            PageCache cache,
            BlockDevice device,
            long length,
            long mostBytes) {
        super(fileSystem, number, mode, userId, groupId);
        this.memory = cache.memory();
        this.frames = cache.frames();
        this.length = length;
        this.mostBytes = mostBytes;
        this.pages = new CachedPages(cache, device, this);
    }

    /** Its pages in memory. */
    protected final CachedPages pages() {
        return pages;
    }

    @Override
    public final boolean isOnDisk() {
        return true;
    }

    @Override
    public final long length() {
        return length;
    }

    /** Sets the length in memory; the file's lock is held. */
    protected final void setLength(long newLength) {
        length = newLength;
    }

    /**
     * Sees to it that a part of a page has blocks to be written to. The page is in memory; if it gets new blocks, it is made {@link
     * CachedPages#dirty} before they are reachable on the disk. Takes no {@link #lock}, which who writes holds and a page fault does not.
     *
     * @param page the page's number
     * @param position the first byte
     * @param bytes how many, all in the page
     * @param fault whether a program is about to write to the page through a mapping, so that it must lie before the end
     * @return 0; -ENOSPC, -EROFS, -EIO; for a fault, -ENXIO behind the end, and -EAGAIN if {@link #isBeingRemoved}: both looked at under
     *     the lock that guards the blocks
     */
    protected abstract int prepare(long page, long position, int bytes, boolean fault);

    /**
     * Bytes behind the end have been written: makes the file longer. Its lock is held.
     *
     * @return 0 or a negative errno
     */
    protected abstract int lengthen(long newLength);

    /** What a write behind the greatest length is: -EFBIG. */
    protected int tooLong() {
        return -EFBIG;
    }

    @Override
    public long size() {
        return length;
    }

    @Override
    protected final int readPage(Transfer to, long page, int offset, int bytes) {
        long frame = pages.retain(page);
        if (frame < 0) {
            return (int) frame;
        }
        int moved = to.someFromPhysical(frame + offset, bytes);
        frames.release(frame);
        return moved;
    }

    @Override
    protected final long write(Transfer from, long position) {
        long wanted = from.remaining();
        if (wanted > 0 && position >= mostBytes) {
            return tooLong();
        }
        wanted = Math.min(wanted, mostBytes - position);
        int error = position > length ? clearTail() : 0;
        long done = 0;
        while (done < wanted && error >= 0) {
            long at = position + done;
            int offset = (int) (at & PAGE_MASK);
            int part = (int) Math.min(wanted - done, PAGE_SIZE - offset);
            error = writePage(from, at, offset, part);
            done += Math.max(error, 0);
        }
        if (done > 0) {
            error = position + done > length ? lengthen(position + done) : 0;
            modified();
            pages.balance();
        }
        return done > 0 && error >= 0 ? done : error;
    }

    /** Writes to one page: how many bytes, or an errno. */
    private int writePage(Transfer from, long position, int offset, int bytes) {
        long page = position >>> PAGE_SHIFT;
        long frame = pages.retainPresent(page);
        if (frame == 0 && offset == 0 && (bytes == PAGE_SIZE || position + bytes >= length)) {
            int shift = PAGE_SHIFT - blockShift();
            long run = find(page << shift, 1 << shift);
            boolean all = run >= 0 && BlockRun.count(run) == 1 << shift;
            if (all && !BlockRun.isHole(run)) {
                return replacePage(from, page, bytes);
            }
            frame = all ? pages.retainHole(page) : 0;
        }
        if (frame == 0) {
            frame = pages.retain(page);
        }
        if (frame < 0) {
            return frame == -ENOMEM ? -ENOSPC : (int) frame;
        }
        int error = prepare(page, position, bytes, false);
        int moved = error < 0 ? error : from.someToPhysical(frame + offset, bytes);
        if (moved > 0) {
            pages.dirty(page);
        }
        frames.release(frame);
        return moved;
    }

    /** Writes a page that is not in memory and of which nothing stays as it is: readers see it whole or not. */
    private int replacePage(Transfer from, long page, int bytes) {
        long frame = pages.allocate();
        if (frame < 0) {
            return -ENOSPC;
        }
        memory.zero(frame + bytes, PAGE_SIZE - bytes);
        int moved = from.someToPhysical(frame, bytes);
        frames.retain(frame); // for the cache
        int error = moved == bytes ? pages.put(page, frame) : 1;
        if (error == 0) {
            pages.dirty(page);
        } else {
            frames.release(frame);
        }
        if (error == 1 && moved > 0) {
            error = copyTo(page, frame, moved);
        }
        frames.release(frame);
        return error < 0 ? error : moved;
    }

    /** Copies bytes to the start of a page that is in memory, or has to be read. */
    private int copyTo(long page, long from, int bytes) {
        long frame = pages.retain(page);
        if (frame < 0) {
            return (int) frame;
        }
        memory.copy(from, frame, bytes);
        pages.dirty(page);
        frames.release(frame);
        return 0;
    }

    /** Before the file becomes longer: what lies behind its end in its last page is zeros from now on. */
    protected final int clearTail() {
        return clear(length, length + PAGE_MASK & ~PAGE_MASK);
    }

    /** Writes zeros to a part of a page. */
    protected final int clear(long from, long to) {
        if (from >= to) {
            return 0;
        }
        long page = from >>> PAGE_SHIFT;
        long frame = pages.retain(page);
        if (frame < 0) {
            return (int) frame;
        }
        memory.zero(frame + (from & PAGE_MASK), to - from);
        pages.dirty(page);
        frames.release(frame);
        return 0;
    }

    /** {@inheritDoc} The caller finds out by {@link #mappings} if the file is cut meanwhile. */
    @Override
    public final long frameFor(long pageIndex, boolean write) {
        if (pageIndex >= pagesIn(length)) {
            return -ENXIO;
        }
        return write ? writableFrame(pageIndex) : pages.retain(pageIndex);
    }

    private long writableFrame(long page) {
        long start = page << PAGE_SHIFT;
        while (true) {
            long frame = pages.retain(page);
            if (frame < 0) {
                return frame;
            }
            int error = prepare(page, start, (int) Math.clamp(length - start, 1, PAGE_SIZE), true);
            if (error == 0) {
                pages.dirty(page);
                modified();
                return frame;
            }
            frames.release(frame);
            if (error != -EAGAIN) {
                return error;
            }
            removals.awaitUninterrupted(() -> removedFirst == Long.MAX_VALUE);
        }
    }

    /** Pages from the first to the last are about to lose their blocks: no program may write to them through a mapping. One at a time. */
    protected final void beginRemoval(long first, long last) {
        removedLast = last;
        removedFirst = first;
    }

    /** The blocks are gone, and the pages, too: both may come again. */
    protected final void endRemoval() {
        removedFirst = Long.MAX_VALUE;
        removals.wakeAll();
    }

    /** Whether a page is just losing its blocks. */
    protected final boolean isBeingRemoved(long page) {
        return page >= removedFirst && page <= removedLast;
    }

    private static long pagesIn(long bytes) {
        return (bytes >>> PAGE_SHIFT) + ((bytes & PAGE_MASK) == 0 ? 0 : 1);
    }

    @Override
    public final void retainPresent(long first, long[] into, int count) {
        pages.retainPresent(first, into, count);
        long end = pagesIn(length);
        for (int i = 0; i < count; i++) {
            if (first + i >= end && into[i] != 0) {
                frames.release(into[i]);
                into[i] = 0;
            }
        }
    }

    @Override
    public final boolean isCached(long pageIndex) {
        return pages.isCached(pageIndex);
    }

    /** {@inheritDoc} This is for the bytes alone; a file system also sees to what leads to them. */
    @Override
    public int sync(boolean dataOnly) {
        pages.sync();
        return pages.device().flush();
    }

    @Override
    public final long sync(long pageIndex, long count) {
        return sync(true);
    }

    @Override
    public final int syncRange(long offset, long bytes, int steps) {
        long first = offset >>> PAGE_SHIFT;
        long last = (bytes == 0 ? Long.MAX_VALUE : offset + bytes - 1) >>> PAGE_SHIFT;
        if ((steps & SyncFlags.SYNC_FILE_RANGE_WAIT_BEFORE) != 0) {
            pages.awaitWritten(first, last);
        }
        if ((steps & SyncFlags.SYNC_FILE_RANGE_WRITE) != 0) {
            pages.writeBack(first, last);
        }
        if ((steps & SyncFlags.SYNC_FILE_RANGE_WAIT_AFTER) != 0) {
            pages.awaitWritten(first, last);
        }
        return 0;
    }

    @Override
    public final long errorMark() {
        return pages.errorMark();
    }

    @Override
    public final int errorSince(long mark) {
        return pages.errorSince(mark);
    }
}
