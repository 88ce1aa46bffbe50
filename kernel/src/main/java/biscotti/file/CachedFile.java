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

    /** The most pages that get blocks at once. */
    protected static final int MOST_PAGES = 16;

    private static final int AT_ONCE = MOST_PAGES * PAGE_SIZE;

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
     * Sees to it that bytes before the end have blocks to be written to, from the first on as many as can be had at once. Their pages are in memory;
     * those that get new blocks are made {@link CachedPages#dirty} before these are reachable on the disk. Takes no {@link #lock}, which
     * who writes holds and a page fault does not.
     *
     * @param position the first byte, which is before the end
     * @param bytes how many, in {@link #MOST_PAGES} pages at most
     * @param fault whether a program is about to write to the page through a mapping
     * @return how many bytes have blocks, at least one; -ENOSPC, -EROFS, -EIO; for a fault, -ENXIO behind the end, and -EAGAIN if {@link
     *     #isBeingRemoved}: both looked at under the lock that guards the blocks
     */
    protected abstract int prepare(long position, int bytes, boolean fault);

    /**
     * Makes the file longer: bytes behind its end have been put into pages that are in memory. They get blocks, and are made {@link CachedPages#dirty}
     * before these are reachable on the disk. The file's lock is held.
     *
     * @param from the first byte that was written, at the end or behind it
     * @param newLength behind the last one, in {@link #MOST_PAGES} pages at most
     * @return the length from now on, which is less if there is no room for all; -ENOSPC, -EROFS, -EIO if there is none at all
     */
    protected abstract long lengthen(long from, long newLength);

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
        long wanted = Math.min(from.remaining(), mostBytes - position);
        if (wanted <= 0) {
            return from.remaining() > 0 ? tooLong() : 0;
        }
        modified();
        HeldPages held = new HeldPages(memory, frames);
        long end = position + wanted;
        long at = position;
        long moved = position > length ? clearTail() : 0;
        while (at < end && moved >= 0) {
            boolean inside = at < length;
            int part = (int) Math.min((inside ? Math.min(end, length) : end) - at, AT_ONCE - (at & AT_ONCE - 1));
            moved = inside ? overwrite(held, from, at, part) : append(held, from, at, part);
            at += Math.max(moved, 0);
        }
        if (at == position) {
            return moved;
        }
        pages.balance();
        return at - position;
    }

    /** Writes bytes before the end: how many, or an errno. */
    private long overwrite(HeldPages held, Transfer from, long position, int bytes) {
        int prepared = fillHoles(held, position, bytes);
        int done = 0;
        int moved = 0;
        while (done < prepared && moved >= 0) {
            int offset = (int) (position + done & PAGE_MASK);
            moved = writePage(from, position + done, offset, Math.min(prepared - done, PAGE_SIZE - offset));
            done += Math.max(moved, 0);
        }
        return done > 0 ? done : Math.min(prepared, moved);
    }

    /** Sees to it that bytes before the end have blocks: how many, or an errno. */
    private int fillHoles(HeldPages held, long position, int bytes) {
        int shift = blockShift();
        long end = position + bytes;
        long at = position;
        while (at < end) {
            long block = at >>> shift;
            long run = find(block, (int) ((end - 1 >>> shift) - block + 1));
            int part = run < 0 ? (int) run : (int) (Math.min(end, block + BlockRun.count(run) << shift) - at);
            if (run >= 0 && BlockRun.isHole(run)) {
                part = fillHole(held, at, part);
            }
            if (part < 0) {
                return at > position ? (int) (at - position) : part;
            }
            at += part;
        }
        return bytes;
    }

    private int fillHole(HeldPages held, long position, int bytes) {
        int error = held.take(pages, position, bytes, position + bytes);
        int result = error < 0 ? error : prepare(position, bytes, false);
        held.release();
        return result;
    }

    /** Writes bytes at or behind the end, which nobody sees before the file is longer: how many, or an errno. */
    private long append(HeldPages held, Transfer from, long position, int bytes) {
        int error = held.take(pages, position, bytes, Long.MAX_VALUE);
        int moved = error < 0 ? error : held.fill(from);
        long end = position;
        if (moved > 0) {
            end = lengthen(position, position + moved);
            long reached = Math.max(end, position);
            if (reached < position + moved) {
                held.clear(reached, position + moved);
                from.stepBack((int) (position + moved - reached));
            }
        }
        held.release();
        return moved <= 0 || end < 0 ? Math.min(moved, end) : end - position;
    }

    /** Writes to one page, of which all that is written has blocks: how many bytes, or an errno. */
    private int writePage(Transfer from, long position, int offset, int bytes) {
        long page = position >>> PAGE_SHIFT;
        long frame = pages.retainPresent(page);
        if (frame == 0 && offset == 0 && (bytes == PAGE_SIZE || position + bytes >= length)) {
            return replacePage(from, page, bytes);
        }
        if (frame == 0) {
            frame = pages.retain(page);
        }
        if (frame < 0) {
            return frame == -ENOMEM ? -ENOSPC : (int) frame;
        }
        int moved = from.someToPhysical(frame + offset, bytes);
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
            int error = prepareWhole(start);
            if (error >= 0) {
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

    /** Has all of a page that is before the end get blocks: 0 or a negative errno, as {@link #prepare}. */
    private int prepareWhole(long start) {
        int done = 0;
        int part = 0;
        int bytes;
        do {
            bytes = (int) Math.clamp(length - start, 1, PAGE_SIZE);
            part = prepare(start + done, bytes - done, true);
            done += Math.max(part, 0);
        } while (part >= 0 && done < bytes);
        return Math.min(part, 0);
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
