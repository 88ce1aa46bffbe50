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
 * <p>A table in physical memory has eight bytes for each frame: its reference count, and, while it is free, the number of
 * the next free frame. Frames that were never used lie behind a moving mark in their range and are in no list, so starting
 * up costs nothing for each frame.
 *
 * <p>Each CPU has a small cache of free frames, guarded by a flag that nobody waits for: a thread that finds it taken goes
 * to the common list, under the lock. Caches and list exchange frames by the batch.
 */
public final class FrameAllocator {
    private static final int ENTRY_SHIFT = 3;
    private static final int NEXT = 4;

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
    private final long lowest;
    private final long table;
    private final AtomicLong total;
    private final Commitment commitment = new Commitment(this);
    private final long lowFrames;

    private final ReentrantLock lock = new ReentrantLock();
    private final PhysicalRange[] ranges;
    private int range;
    private long mark;
    private long firstFree;
    private volatile long commonFree;

    /** Takes over all frames that the machine was booted with. */
    public FrameAllocator(Machine machine) {
        memory = machine.memory();
        processors = machine.processors();
        caches = new FrameCache[processors.count()];
        for (int i = 0; i < caches.length; i++) {
            caches[i] = new FrameCache();
        }
        ranges = machine.boot().frames().toArray(new PhysicalRange[0]);
        PhysicalRange archive = machine.boot().rootArchive();
        long first = ranges[0].start();
        lowest = archive.length() > 0 ? Math.min(first, archive.start()) : first;
        long spanned = Math.max(ranges[ranges.length - 1].end(), UserRange.pageEnd(archive.end())) - lowest
                >>> PhysicalMemory.FRAME_SHIFT;
        long tableBytes = UserRange.pageEnd(spanned << ENTRY_SHIFT);
        range = rangeFor(tableBytes);
        table = ranges[range].start();
        mark = table + tableBytes;
        total = new AtomicLong(framesIn() - (tableBytes >>> PhysicalMemory.FRAME_SHIFT));
        commonFree = total.get();
        lowFrames = Math.clamp(total.get() / LOW_SHARE, LEAST_LOW, MOST_LOW);
    }

    /** The table goes to the start of the first range that can hold it; frames are taken from there round all ranges. */
    private int rangeFor(long tableBytes) {
        for (int i = 0; i < ranges.length; i++) {
            if (ranges[i].length() > tableBytes) {
                return i;
            }
        }
        throw new IllegalArgumentException("no range of memory holds the frame table of " + tableBytes + " bytes");
    }

    private long framesIn() {
        long frames = 0;
        for (PhysicalRange each : ranges) {
            frames += each.length() >>> PhysicalMemory.FRAME_SHIFT;
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
            memory.writeIntVolatile(entry(frame), 1);
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
     * Takes in a frame of the root archive, which is not among those that the machine was booted with: it has one owner now, and
     * is a frame like all others when that lets go. Once for each frame.
     */
    public void adopt(long frame) {
        memory.writeIntVolatile(entry(frame), 1);
        total.incrementAndGet();
    }

    /** Adds an owner to a frame that has at least one. */
    public void retain(long frame) {
        memory.getAndAddInt(entry(frame), 1);
    }

    /** Takes an owner from a frame; after the last one it is free. */
    public void release(long frame) {
        int before = memory.getAndAddInt(entry(frame), -1);
        if (before <= 1) {
            if (before < 1) {
                throw new IllegalStateException("frame " + Long.toHexString(frame) + " released too often");
            }
            free(frame);
        }
    }

    /** How many owners a frame has. Only an owner can rely on it: while it says 1, nobody else can make it more. */
    public int references(long frame) {
        return memory.readIntVolatile(entry(frame));
    }

    /** How many frames are free; approximate while other CPUs take and release. */
    public long freeFrames() {
        long free = commonFree;
        for (FrameCache cache : caches) {
            free += cache.count();
        }
        return free;
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
            putCommon(frame);
            lock.unlock();
        }
    }

    /** Fills an empty cache and takes a frame from it. */
    private long refill(FrameCache cache) {
        lock.lock();
        try {
            for (int i = 0; i < FrameCache.BATCH && commonFree > 0; i++) {
                cache.push(takeCommon());
            }
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

    private long takeOne() {
        lock.lock();
        try {
            return commonFree > 0 ? takeCommon() : -ENOMEM;
        } finally {
            lock.unlock();
        }
    }

    private void spill(FrameCache cache, int count) {
        lock.lock();
        try {
            for (int i = 0; i < count; i++) {
                putCommon(cache.pop());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes a frame of the common list, or one never used; there is one. Lock held. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    private long takeCommon() {
        commonFree--;
        long frame = firstFree;
        if (frame != 0) {
            firstFree = Integer.toUnsignedLong(memory.readInt(entry(frame) + NEXT)) << PhysicalMemory.FRAME_SHIFT;
            return frame;
        }
        while (mark == ranges[range].end()) {
            range = (range + 1) % ranges.length;
            mark = ranges[range].start();
        }
        frame = mark;
        mark += PhysicalMemory.FRAME_SIZE;
        return frame;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    private void putCommon(long frame) {
        memory.writeInt(entry(frame) + NEXT, (int) (firstFree >>> PhysicalMemory.FRAME_SHIFT));
        firstFree = frame;
        commonFree++;
    }

    private long entry(long frame) {
        return table + (frame - lowest >>> PhysicalMemory.FRAME_SHIFT << ENTRY_SHIFT);
    }
}
