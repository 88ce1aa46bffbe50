package biscotti.memory;

import static biscotti.abi.Errno.ENOMEM;

import biscotti.bounded.BoundedList;
import biscotti.machine.Machine;
import biscotti.machine.PhysicalMemory;
import biscotti.machine.PhysicalRange;
import biscotti.machine.Processors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The physical frames that belong to the kernel in Java, and how many owners each has.
 *
 * <p>{@link FrameTable} counts owners; {@link FreeFrames} has the free frames, so that whole aligned blocks of 2 MB can be had, too.
 *
 * <p>Each CPU has a small cache of free frames, guarded by a flag that nobody waits for: a thread that finds it taken goes
 * to the common list, under the lock. Caches and list exchange frames by the batch.
 */
public final class FrameAllocator {
    /** Bytes of a block. */
    public static final int BLOCK_SIZE = 1 << FreeFrames.BLOCK_SHIFT;

    // How many frames are few: a part of all, from 64 KB to 8 MB.
    private static final int LOW_SHARE = 128;
    private static final long LEAST_LOW = 16;
    private static final long MOST_LOW = 2048;

    private static final int MOST_HOLDERS = 4;

    /** How many frames are reclaimed at a time. */
    private static final long RECLAIM = 1024;

    private final BoundedList<FrameHolder> holders = new BoundedList<>(MOST_HOLDERS);
    private final PhysicalMemory memory;
    private final Processors processors;
    private final FrameCache[] caches;
    private final FrameTable table;
    private final AtomicLong total;
    private final Commitment commitment = new Commitment(this);
    private final long lowFrames;

    private final ReentrantLock lock = new ReentrantLock();
    private final FreeFrames common;
    private final FrameCache single = new FrameCache();
    private volatile long commonFree;

    /** Takes over all frames that the machine was booted with. */
    public FrameAllocator(Machine machine) {
        memory = machine.memory();
        processors = machine.processors();
        caches = new FrameCache[processors.count()];
        for (int i = 0; i < caches.length; i++) {
            caches[i] = new FrameCache();
        }
        PhysicalRange[] ranges = machine.boot().frames().toArray(new PhysicalRange[0]);
        PhysicalRange archive = machine.boot().rootArchive();
        long first = ranges[0].start();
        long lowest = archive.length() > 0 ? Math.min(first, archive.start()) : first;
        long end = Math.max(ranges[ranges.length - 1].end(), UserRange.pageEnd(archive.end()));
        long tableBytes = FrameTable.bytesFor(lowest, end);
        long recordBytes = FreeFrames.bytesFor(lowest, end);
        int chosen = rangeFor(ranges, tableBytes + recordBytes);
        long start = ranges[chosen].start();
        table = new FrameTable(memory, lowest, start);
        common = new FreeFrames(memory, table, start + tableBytes, recordBytes);
        ranges[chosen] = new PhysicalRange(start + tableBytes + recordBytes, ranges[chosen].end());
        total = new AtomicLong(addAll(ranges));
        commonFree = total.get();
        lowFrames = Math.clamp(total.get() / LOW_SHARE, LEAST_LOW, MOST_LOW);
    }

    /** The tables go to the start of the first range that can hold them. */
    private static int rangeFor(PhysicalRange[] ranges, long tableBytes) {
        for (int i = 0; i < ranges.length; i++) {
            if (ranges[i].length() > tableBytes) {
                return i;
            }
        }
        throw new IllegalArgumentException("no range of memory holds the frame table of " + tableBytes + " bytes");
    }

    /** Adds ranges from the last to the first, and returns how many frames they have. */
    private long addAll(PhysicalRange[] ranges) {
        long frames = 0;
        for (int i = ranges.length - 1; i >= 0; i--) {
            common.add(ranges[i]);
            frames += ranges[i].length() >>> PhysicalMemory.FRAME_SHIFT;
        }
        return frames;
    }

    /**
     * Takes a frame; its content is whatever it was.
     *
     * @return its physical address, with one reference; or -ENOMEM
     */
    public long allocate() {
        FrameCache cache = caches[processors.current()];
        long frame;
        if (cache.tryTake()) {
            frame = cache.isEmpty() ? refill(cache) : cache.pop();
            cache.giveBack();
        } else {
            frame = takeOne();
        }
        if (frame >= 0) {
            table.setCount(frame, 1);
        }
        return frame;
    }

    /**
     * Takes a frame full of zeros.
     *
     * @return its physical address, with one reference; or -ENOMEM
     */
    public long allocateZeroed() {
        long frame = allocate();
        if (frame >= 0) {
            memory.zero(frame, PhysicalMemory.FRAME_SIZE);
        }
        return frame;
    }

    /**
     * Takes an aligned block of 2 MB, each of whose frames has one reference then; its content is whatever it was. For who can do
     * without: the last frames are not given away so.
     *
     * @return its physical address; or -ENOMEM
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    long allocateBlock() {
        lock.lock();
        try {
            long block = commonFree < lowFrames + FreeFrames.BLOCK_FRAMES ? -ENOMEM : common.takeBlock();
            if (block >= 0) {
                commonFree -= FreeFrames.BLOCK_FRAMES;
                table.own(block);
            }
            return block;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #release} of each frame of a block. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    void releaseBlock(long block) {
        if (!table.isOwned(block)) {
            for (long frame = block; frame < block + BLOCK_SIZE; frame += PhysicalMemory.FRAME_SIZE) {
                release(frame);
            }
            return;
        }
        table.disown(block);
        lock.lock();
        common.putBlock(block);
        commonFree += FreeFrames.BLOCK_FRAMES;
        lock.unlock();
    }

    /** The frame that the owner of another one has noted with it. */
    long attached(long frame) {
        return Integer.toUnsignedLong(table.word(frame)) << PhysicalMemory.FRAME_SHIFT;
    }

    /** Notes a frame with another one, as long as that has an owner. */
    void attach(long frame, long other) {
        table.setWord(frame, (int) (other >>> PhysicalMemory.FRAME_SHIFT));
    }

    /**
     * Takes in a frame of the root archive, which is not among those that the machine was booted with: it has one owner now, and
     * is a frame like all others when that lets go. Once for each frame.
     */
    public void adopt(long frame) {
        table.setCount(frame, 1);
        total.incrementAndGet();
    }

    /** Adds an owner to a frame that has at least one. */
    public void retain(long frame) {
        table.addCount(frame, 1);
    }

    /** Takes an owner from a frame; after the last one it is free. */
    public void release(long frame) {
        int before = table.addCount(frame, -1);
        if (before <= 1) {
            if (before < 1) {
                throw new IllegalStateException("frame " + Long.toHexString(frame) + " released too often");
            }
            free(frame);
        }
    }

    /** How many owners a frame has. Only an owner can rely on it: while it says 1, nobody else can make it more. */
    public int references(long frame) {
        return table.count(frame);
    }

    /** How many frames are free; approximate while other CPUs take and release. */
    public long freeFrames() {
        long free = commonFree;
        for (FrameCache cache : caches) {
            free += cache.count();
        }
        return free;
    }

    /** How many aligned blocks of {@link #BLOCK_SIZE} bytes are free as a whole; approximate likewise. */
    public int freeBlocks() {
        return common.wholeCount();
    }

    /** Below how many free frames {@link #isLow}. */
    public int lowFrames() {
        return (int) lowFrames;
    }

    /** Whether so few frames are left that no work should begin that takes more, until somebody has given some back. */
    public boolean isLow() {
        return commonFree < lowFrames;
    }

    /** Adds somebody who can do without frames, when the kernel starts. */
    public void add(FrameHolder holder) {
        if (!holders.add(holder)) {
            throw new IllegalStateException("too many holders of frames");
        }
    }

    /**
     * Has those give up frames who can do without. Called with no lock held; may wait for a disk.
     *
     * @return how many frames were given up
     */
    public long reclaim() {
        long freed = 0;
        for (int i = 0; i < holders.size() && freed < RECLAIM; i++) {
            freed += holders.get(i).reclaim(RECLAIM - freed);
        }
        return freed;
    }

    /** What programs have been promised. */
    public Commitment commitment() {
        return commitment;
    }

    /** How many frames there are, free or not, without those of this allocator's own table. */
    public long totalFrames() {
        return total.get();
    }

    /** Moves the frames of all caches that nobody uses to the common list, so that any CPU can have them. */
    public void drainCaches() {
        for (FrameCache cache : caches) {
            if (cache.tryTake()) {
                spill(cache, cache.count());
                cache.giveBack();
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    private void free(long frame) {
        FrameCache cache = caches[processors.current()];
        if (cache.tryTake()) {
            if (cache.isFull()) {
                spill(cache, FrameCache.BATCH);
            }
            cache.push(frame);
            cache.giveBack();
        } else {
            lock.lock();
            common.put(frame);
            commonFree++;
            lock.unlock();
        }
    }

    /** Fills an empty cache and takes a frame from it. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    private long refill(FrameCache cache) {
        lock.lock();
        try {
            int count = (int) Math.min(FrameCache.BATCH, commonFree);
            common.fill(cache, count);
            commonFree -= count;
        } finally {
            lock.unlock();
        }
        return cache.isEmpty() ? takeFromOthers(cache) : cache.pop();
    }

    /** When the common list is empty, other CPUs may still have frames cached. */
    private long takeFromOthers(FrameCache own) {
        for (FrameCache other : caches) {
            if (other != own && other.tryTake()) {
                long frame = other.isEmpty() ? -ENOMEM : other.pop();
                other.giveBack();
                if (frame >= 0) {
                    return frame;
                }
            }
        }
        return -ENOMEM;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    private long takeOne() {
        lock.lock();
        try {
            common.fill(single, 1);
            if (single.isEmpty()) {
                return -ENOMEM;
            }
            commonFree--;
            return single.pop();
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    private void spill(FrameCache cache, int count) {
        lock.lock();
        try {
            for (int i = 0; i < count; i++) {
                common.put(cache.pop());
            }
            commonFree += count;
        } finally {
            lock.unlock();
        }
    }
}
