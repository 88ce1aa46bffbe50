package biscotti.block;

import static biscotti.abi.Errno.EIO;

import biscotti.bounded.ToldApart;
import biscotti.driver.disk.BlockDevice;
import biscotti.driver.disk.BlockRequest;
import biscotti.driver.disk.BlockRequest.Operation;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import biscotti.memory.FrameMap;
import biscotti.sched.WaitQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The pages of one file that are in memory, between those who read, write and map the file and the disk that keeps it. There is no
 * object for a page: a {@link FrameMap} holds the frames, and in its marks what happens to each.
 *
 * <p>A page that is missing is read, and with it those behind it if the file is read in order. Transfers go straight from and to
 * the pages' frames, many at a time; who needs a page waits for it. A page that was changed is <i>dirty</i> until {@link
 * #writeBack} begins to write it; a change meanwhile makes it dirty again. All waits are uninterrupted.
 *
 * <p>May be used by all threads. The owner gives blocks of the file to others only after {@link #remove}.
 */
@ToldApart
public final class CachedPages implements BlockRequest.Completion {
    private static final int PAGE_SHIFT = PhysicalMemory.FRAME_SHIFT;
    private static final int PAGE_SIZE = PhysicalMemory.FRAME_SIZE;

    // Marks of pages. Of the first two, the next one can be looked for.
    private static final int DIRTY = 0x1;
    private static final int WRITING = 0x2;
    private static final int READING = 0x4;
    private static final int FAILED = 0x8;
    private static final int USED = 0x10;

    /** Pages that are to stay. */
    private static final int BUSY = DIRTY | WRITING | READING | FAILED;

    private static final int ERROR_BITS = 12;
    private static final long LAST_ERROR = (1 << ERROR_BITS) - 1;
    private static final long ALL = Long.MAX_VALUE >>> PAGE_SHIFT;

    private final PageCache cache;
    private final FrameAllocator frames;
    private final BlockDevice device;
    private final BlockMap blocks;
    private final FrameMap map;
    private final WaitQueue ended = new WaitQueue();
    private final AtomicLong dirty = new AtomicLong();
    private final ReadAhead readAhead = new ReadAhead();
    private volatile long dirtySince;
    /** How many writes have failed, and in the low bits the errno of the last one. */
    private volatile long errors;

    /** Those beside it in the list of {@link PageCache}, under its lock. */
    CachedPages previous;

    CachedPages next;

    /** Where {@link PageCache} goes on looking for pages to give up. */
    private volatile long hand;

    /** No pages yet, of a file that has its bytes on a device. */
    public CachedPages(PageCache cache, BlockDevice device, BlockMap blocks) {
        this.cache = cache;
        this.frames = cache.frames();
        this.device = device;
        this.blocks = blocks;
        this.map = new FrameMap(cache.memory(), frames);
        cache.add(this);
    }

    /** Where the file's bytes are kept. */
    public BlockDevice device() {
        return device;
    }

    /** How many pages are in memory. */
    public long pages() {
        return map.pages();
    }

    /** How many of them are dirty. */
    public long dirtyPages() {
        return dirty.get();
    }

    /** Since when there are dirty ones, in nanoseconds of the monotonic clock; what it says if there are none means nothing. */
    long dirtySince() {
        return dirtySince;
    }

    /**
     * The frame of a page, with one more reference for the caller.
     *
     * @return its physical address; -EIO if it cannot be read, -ENOMEM
     */
    public long retain(long page) {
        return retain(page, false);
    }

    /** As {@link #retain}, for a page of which the disk has nothing: it is zeros if it is not in memory. */
    public long retainHole(long page) {
        return retain(page, true);
    }

    /** As {@link #retain}, if the page is in memory; else 0. */
    public long retainPresent(long page) {
        return map.changeIf(page, 0, READING | FAILED, 0, USED);
    }

    /** A frame for {@link #put}, or -ENOMEM. */
    public long allocate() {
        return cache.allocate();
    }

    /**
     * Puts a page in memory that the disk has another content of, which is not wanted any more. The caller's reference goes to the
     * cache.
     *
     * @return 0; 1 if the page is in memory already; -ENOMEM
     */
    public int put(long page, long frame) {
        return map.put(page, frame, USED);
    }

    private long retain(long page, boolean hole) {
        while (true) {
            long entry = map.retainMarked(page);
            if (entry == 0) {
                int error = hole ? putZeros(page) : startReading(page);
                if (error < 0) {
                    return error;
                }
                continue;
            }
            long frame = entry & ~(long) FrameMap.MARKS;
            if ((entry & (READING | FAILED)) == 0) {
                if ((entry & USED) == 0) {
                    map.change(page, 0, USED);
                }
                return frame;
            }
            frames.release(frame);
            if ((entry & FAILED) != 0) {
                map.removeMarked(page, FAILED);
                return -EIO;
            }
            awaitNot(page, READING);
        }
    }

    /** The frames of pages that are in memory, as {@link biscotti.memory.PageSource#retainPresent}. */
    public void retainPresent(long first, long[] into, int count) {
        for (int i = 0; i < count; i++) {
            into[i] = retainPresent(first + i);
        }
    }

    /** Whether a page is in memory. */
    public boolean isCached(long page) {
        return map.has(page);
    }

    /** Puts a page of zeros where none is: 0 or -ENOMEM. */
    private int putZeros(long page) {
        long frame = cache.allocate();
        if (frame < 0) {
            return (int) frame;
        }
        cache.memory().zero(frame, PAGE_SIZE);
        int error = map.put(page, frame);
        if (error != 0) {
            frames.release(frame);
        }
        return Math.min(error, 0);
    }

    /**
     * Begins to read a page and perhaps some behind it. They are in the map before their blocks are looked up, so that {@link #remove} finds those
     * whose blocks go.
     *
     * @return 0, or a negative errno
     */
    private int startReading(long page) {
        long left = Math.max(1, (blocks.length() + PAGE_SIZE - 1 >>> PAGE_SHIFT) - page);
        int wanted = (int) Math.min(left, frames.isLow() ? 1 : readAhead.window(page));
        BlockRequest request = device.requests().take();
        request.begin(Operation.READ, 0);
        int error = putReading(page, wanted, request);
        int count = request.bytes() >>> PAGE_SHIFT;
        if (count == 0) {
            request.giveBack();
            return Math.min(error, 0);
        }
        int shift = PAGE_SHIFT - blocks.blockShift();
        long run = blocks.find(page << shift, count << shift);
        int whole = run < 0 ? 0 : Math.min(count, BlockRun.count(run) >> shift);
        boolean pieces = run >= 0 && whole == 0;
        drop(page, request, pieces ? 1 : whole);
        if (whole > 0 && !BlockRun.isHole(run)) {
            request.move(sector(BlockRun.start(run)));
            request.onEnd(this, page);
            device.submit(request);
            return 0;
        }
        if (whole > 0) {
            endAsZeros(page, request, whole);
        }
        long frame = pieces ? request.address(0) : 0;
        request.giveBack();
        if (pieces) {
            cache.memory().zero(frame, PAGE_SIZE);
            boolean failed = movePieces(Operation.READ, page, frame) < 0;
            endReading(page, frame, failed ? FAILED : 0);
        }
        return (int) Math.min(run, 0);
    }

    /** Puts frames where pages are missing, up to the first that is not, and adds them to a request: 0, 1 or -ENOMEM. */
    private int putReading(long page, int count, BlockRequest request) {
        for (int i = 0; i < count; i++) {
            long frame = cache.allocate();
            if (frame < 0) {
                return (int) frame;
            }
            frames.retain(frame); // for the request
            int error = map.put(page + i, frame, READING);
            if (error != 0 || !request.add(frame, PAGE_SIZE)) {
                frames.release(frame);
                frames.release(frame);
                return error;
            }
        }
        return 0;
    }

    /** Takes the pages of a request out of the map again, but for the first ones. */
    private void drop(long page, BlockRequest request, int keep) {
        int count = request.bytes() >>> PAGE_SHIFT;
        for (int i = keep; i < count; i++) {
            frames.release(request.addressOf(i << PAGE_SHIFT));
        }
        if (keep < count) {
            map.remove(page + keep, page + count - 1);
            request.shorten(keep << PAGE_SHIFT);
            ended.wakeAll();
        }
    }

    private void endAsZeros(long page, BlockRequest request, int count) {
        for (int i = 0; i < count; i++) {
            long frame = request.addressOf(i << PAGE_SHIFT);
            cache.memory().zero(frame, PAGE_SIZE);
            endReading(page + i, frame, 0);
        }
    }

    private void endReading(long page, long frame, int mark) {
        map.changeOf(page, frame, READING, mark);
        frames.release(frame);
        ended.wakeAll();
    }

    /** Moves the blocks of one page, one run after the other. */
    private int movePieces(Operation operation, long page, long frame) {
        int shift = blocks.blockShift();
        int perPage = 1 << PAGE_SHIFT - shift;
        int result = 0;
        int at = 0;
        while (at < perPage) {
            long run = blocks.find((page << PAGE_SHIFT - shift) + at, perPage - at);
            if (run < 0) {
                return (int) run;
            }
            int count = BlockRun.count(run);
            if (!BlockRun.isHole(run)) {
                int error = move(operation, BlockRun.start(run), frame + ((long) at << shift), count << shift);
                result = Math.min(result, error);
            }
            at += count;
        }
        return result;
    }

    private int move(Operation operation, long block, long address, int length) {
        BlockRequest request = device.requests().take();
        request.begin(operation, sector(block));
        request.add(address, length);
        device.submit(request);
        int error = request.await();
        request.giveBack();
        return error;
    }

    private long sector(long block) {
        return block << blocks.blockShift() - BlockDevice.SECTOR_SHIFT;
    }

    @Override
    public void ended(BlockRequest request, int error) {
        boolean read = request.operation() == Operation.READ;
        long page = request.tag();
        for (int i = 0; i < request.segments(); i++) {
            long end = request.address(i) + request.length(i);
            for (long frame = request.address(i); frame < end; frame += PAGE_SIZE) {
                map.changeOf(page, frame, read ? READING : WRITING, read && error < 0 ? FAILED : 0);
                frames.release(frame);
                page++;
            }
        }
        if (error < 0 && !read) {
            noteError(error);
        }
        ended.wakeAll();
        request.giveBack();
    }

    /** A page that the caller has retained was changed: it is to be written. */
    public void dirty(long page) {
        int before = map.change(page, 0, DIRTY | USED);
        if (before >= 0 && (before & DIRTY) == 0) {
            if (dirty.getAndIncrement() == 0) {
                dirtySince = cache.now();
            }
            cache.dirtied(1);
        }
    }

    /** Begins to write all dirty pages if there are too many in the cache: for who has just added some. */
    public void balance() {
        if (cache.hasTooMuchDirty()) {
            writeBack(0, ALL);
        }
    }

    /** Begins to write the dirty pages from one to another; {@link #errorSince} tells what could not be written. */
    public void writeBack(long first, long last) {
        long page = map.nextMarked(first, DIRTY);
        while (page >= 0 && page <= last) {
            page = map.nextMarked(writeRun(page, last), DIRTY);
        }
    }

    /** Writes all dirty pages, and waits for it; what the device has in its own cache may still be lost. */
    public void sync() {
        writeBack(0, ALL);
        awaitWritten(0, ALL);
    }

    /** Waits until no page of a range is being written. */
    public void awaitWritten(long first, long last) {
        long page = map.nextMarked(first, WRITING);
        while (page >= 0 && page <= last) {
            awaitNot(page, WRITING);
            page = map.nextMarked(page, WRITING);
        }
    }

    /** Begins to write a dirty page and those behind it that lie behind it on the device, too; returns the page to go on with. */
    private long writeRun(long page, long last) {
        long frame = startWriting(page);
        if (frame == 0) {
            awaitNot(page, WRITING);
            return page; // dirty still, or not any more
        }
        int shift = PAGE_SHIFT - blocks.blockShift();
        int most = (int) Math.min(last - page + 1, BlockRequest.MOST_SEGMENTS);
        long run = blocks.find(page << shift, most << shift);
        int whole = run < 0 ? 0 : BlockRun.count(run) >> shift;
        if (whole == 0 || BlockRun.isHole(run)) {
            blocks.mappings().protect(page, page);
            return writePieces(page, frame, (int) Math.min(run, 0));
        }
        BlockRequest request = device.requests().take();
        request.begin(Operation.WRITE, sector(BlockRun.start(run)));
        int count = 0;
        do {
            request.add(frame, PAGE_SIZE);
            count++;
            frame = count < whole && count < most ? startWriting(page + count) : 0;
        } while (frame != 0);
        blocks.mappings().protect(page, page + count - 1);
        request.onEnd(this, page);
        device.submit(request);
        return page + count;
    }

    /** Makes a dirty page one that is being written: its frame with a reference, or 0 if that is not so or the last write lasts. */
    private long startWriting(long page) {
        long frame = map.changeIf(page, DIRTY, WRITING, DIRTY, WRITING);
        if (frame != 0) {
            cleaned();
        }
        return frame;
    }

    private void cleaned() {
        dirty.decrementAndGet();
        cache.dirtied(-1);
    }

    private long writePieces(long page, long frame, int foundError) {
        int error = foundError < 0 ? foundError : movePieces(Operation.WRITE, page, frame);
        if (error < 0) {
            noteError(error);
        }
        map.changeOf(page, frame, WRITING, 0);
        frames.release(frame);
        ended.wakeAll();
        return page + 1;
    }

    private void awaitNot(long page, int mark) {
        if (has(page, mark)) {
            ended.awaitUninterrupted(() -> !has(page, mark));
        }
    }

    private boolean has(long page, int mark) {
        int marks = map.change(page, 0, 0);
        return marks >= 0 && (marks & mark) != 0;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    private synchronized void noteError(int error) {
        errors = (errors >>> ERROR_BITS) + 1 << ERROR_BITS | -error;
    }

    /** A number that changes each time writing has failed. */
    public long errorMark() {
        return errors;
    }

    /** The last error of a write since a time when {@link #errorMark} told a number; 0 if there was none. */
    public int errorSince(long mark) {
        long all = errors;
        return all == mark ? 0 : -(int) (all & LAST_ERROR);
    }

    /**
     * Drops pages, dirty or not, as the file has them no more. No transfer from or to them is under way when this returns. The owner
     * calls it between taking their blocks out of its {@link BlockMap} and giving those blocks to others: who reads such a page
     * after that finds a hole. He keeps others from making the pages dirty, and holds no lock that {@link BlockMap#find} takes.
     */
    public void remove(long first, long last) {
        long page = map.nextMarked(first, DIRTY);
        while (page >= 0 && page <= last) {
            int marks = map.change(page, DIRTY, 0);
            if (marks >= 0 && (marks & DIRTY) != 0) {
                cleaned();
            }
            page = map.nextMarked(page + 1, DIRTY);
        }
        awaitWritten(first, last);
        page = map.nextPage(first);
        while (page >= 0 && page <= last) {
            awaitNot(page, READING);
            page = map.nextPage(page + 1);
        }
        map.remove(first, last);
    }

    /** Waits until no transfer from or to a page is under way: for one that loses some of its blocks, as {@link #remove} does. */
    public void settle(long page) {
        awaitNot(page, READING | WRITING);
    }

    /** Forgets all: the file is not used any more. What is dirty is lost. */
    public void close() {
        remove(0, ALL);
        cache.remove(this);
        map.close();
    }

    /**
     * Gives up pages that nobody has and that the disk has, too.
     *
     * @param freed how many were is added at its index 0
     * @return whether it has come round
     */
    boolean evict(int look, long[] freed) {
        long at = map.evict(hand, look, BUSY, USED, freed);
        hand = Math.max(at, 0);
        return at < 0;
    }
}
