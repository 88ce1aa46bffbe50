package biscotti.memory;

import static biscotti.abi.Errno.ENOMEM;

import biscotti.machine.PhysicalMemory;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;

/**
 * Which frame holds which page of a file: a radix tree in physical memory, with 512 entries in each of its frames, like a page
 * table. An entry is the physical address of the frame below, or 0. The tree grows at its top when a page beyond its reach
 * comes; its own frames go back when the last page has gone.
 *
 * <p>The low bits of a page's entry are its marks, which mean what the owner of the map says. The marks of {@link #TRACKED} are
 * also set in the entries above, so that {@link #nextMarked} need not look at all pages; there they may stay longer than below.
 *
 * <p>The map owns one reference to each frame in it. Its lock is held for short times only, never while user memory is
 * touched, so a page fault may take it whatever the faulting thread holds.
 */
public final class FrameMap {
    private static final int BITS = 9;
    private static final int ENTRIES = 1 << BITS;
    /** Levels for all pages of a file of 2^63-1 bytes. */
    private static final int LEVELS = 6;

    /** All marks. */
    public static final int MARKS = PhysicalMemory.FRAME_SIZE - 1;

    /** The marks that {@link #nextMarked} can look for. */
    public static final int TRACKED = 0x3;

    private static final long FRAME = ~PhysicalMemory.FRAME_MASK;

    private final PhysicalMemory memory;
    private final FrameAllocator frames;

    /** Guards the tree. */
    private final RankedLock lock = new RankedLock(LockRank.STORAGE);

    private long root;
    private int height;
    private boolean closed;
    private volatile long pages;

    /** An empty map. */
    public FrameMap(PhysicalMemory memory, FrameAllocator frames) {
        this.memory = memory;
        this.frames = frames;
    }

    /** How many pages have frames. */
    public long pages() {
        return pages;
    }

    /** The frame of a page with one more reference for the caller, or 0 for a hole. */
    public long retain(long page) {
        lock.lock();
        try {
            return retainFound(page);
        } finally {
            lock.unlock();
        }
    }

    private long retainFound(long page) {
        return retainEntry(page) & FRAME;
    }

    private long retainEntry(long page) {
        long entry = find(page);
        if (entry != 0) {
            frames.retain(entry & FRAME);
        }
        return entry;
    }

    /** The frame of a page, with one more reference for the caller, and in the low bits its marks; 0 for a hole. */
    public long retainMarked(long page) {
        lock.lock();
        try {
            return retainEntry(page);
        } finally {
            lock.unlock();
        }
    }

    /** The frames of {@code count} pages, each with one more reference for the caller, or 0 for a hole. */
    public void retainAll(long first, long[] into, int count) {
        lock.lock();
        try {
            for (int i = 0; i < count; i++) {
                into[i] = retainFound(first + i);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether a page has a frame. */
    public boolean has(long page) {
        lock.lock();
        try {
            return find(page) != 0;
        } finally {
            lock.unlock();
        }
    }

    /** The frame of a page with one more reference for the caller; a hole is filled with zeros. Or -ENOMEM. */
    public long retainOrCreate(long page) {
        while (true) {
            long found = retain(page);
            if (found != 0) {
                return found;
            }
            long frame = frames.allocateZeroed();
            if (frame < 0) {
                return frame;
            }
            frames.retain(frame);
            int error = put(page, frame);
            if (error == 0) {
                return frame;
            }
            frames.release(frame);
            frames.release(frame);
            if (error < 0) {
                return error;
            }
        }
    }

    /**
     * Puts a frame where a hole is; the caller's reference goes to the map.
     *
     * @return 0; 1 if the page has got a frame meanwhile, and the reference stays with the caller; -ENOMEM, after
     *     {@link #close} always
     */
    public int put(long page, long frame) {
        return put(page, frame, 0);
    }

    /** As {@link #put(long, long)}, with some marks, none of which is {@link #TRACKED}. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    public int put(long page, long frame, int marks) {
        lock.lock();
        try {
            int error = closed ? -ENOMEM : reach(page);
            if (error < 0) {
                return error;
            }
            long node = root;
            for (int level = height - 1; level > 0; level--) {
                long entry = entry(node, page, level);
                long below = memory.readLong(entry);
                if (below == 0) {
                    below = frames.allocateZeroed();
                    if (below < 0) {
                        return (int) below;
                    }
                    memory.writeLong(entry, below);
                }
                node = below & FRAME;
            }
            long slot = entry(node, page, 0);
            if (memory.readLong(slot) != 0) {
                return 1;
            }
            memory.writeLong(slot, frame | marks);
            pages++;
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** Makes the tree high enough for a page: 0 or -ENOMEM. */
    private int reach(long page) {
        while (height == 0 || height < LEVELS && page >>> BITS * height != 0) {
            long top = frames.allocateZeroed();
            if (top < 0) {
                return (int) top;
            }
            if (height > 0) {
                memory.writeLong(top, root | TRACKED); // perhaps: a look finds out
            }
            root = top;
            height++;
        }
        return 0;
    }

    /** Releases the frames of a range of pages, both ends among them. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    public void remove(long first, long last) {
        lock.lock();
        try {
            long page = next(first);
            while (page >= 0 && page <= last) {
                long slot = slot(page);
                frames.release(memory.readLong(slot) & FRAME);
                memory.writeLong(slot, 0);
                pages--;
                page = next(page + 1);
            }
            if (pages == 0) {
                releaseTree();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Releases the frame of a page if it has a mark. */
    public void removeMarked(long page, int mark) {
        lock.lock();
        try {
            if ((find(page) & mark) != 0) {
                remove(page, page);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Releases all frames; the map stays empty for ever. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            remove(0, Long.MAX_VALUE);
        } finally {
            lock.unlock();
        }
    }

    /** The first page not before this one that has a frame, or -1. */
    public long nextPage(long page) {
        lock.lock();
        try {
            return next(page);
        } finally {
            lock.unlock();
        }
    }

    private long next(long from) {
        long page = from;
        while (within(page)) {
            long node = root;
            int level = height - 1;
            long below = memory.readLong(entry(node, page, level));
            while (below != 0 && level > 0) {
                node = below & FRAME;
                level--;
                below = memory.readLong(entry(node, page, level));
            }
            if (below != 0) {
                return page;
            }
            page = (page >>> BITS * level) + 1 << BITS * level;
        }
        return -1;
    }

    /** The first page not before this one that has no frame. */
    public long nextHole(long from) {
        lock.lock();
        try {
            long page = from;
            while (find(page) != 0) {
                page++;
            }
            return page;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes marks from a page and gives it others.
     *
     * @return the marks that it had, or -1 for a hole
     */
    public int change(long page, int take, int give) {
        lock.lock();
        try {
            return changeFound(page, take, give);
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #change}, if the page still has this frame; else -1. */
    public int changeOf(long page, long frame, int take, int give) {
        lock.lock();
        try {
            return (find(page) & FRAME) == frame ? changeFound(page, take, give) : -1;
        } finally {
            lock.unlock();
        }
    }

    /**
     * As {@link #change}, if the page has all of some marks and none of others.
     *
     * @return its frame, with one more reference for the caller; 0 if it is not so
     */
    public long changeIf(long page, int with, int without, int take, int give) {
        lock.lock();
        try {
            long entry = find(page);
            if (entry == 0 || (entry & with) != with || (entry & without) != 0) {
                return 0;
            }
            changeFound(page, take, give);
            frames.retain(entry & FRAME);
            return entry & FRAME;
        } finally {
            lock.unlock();
        }
    }

    private int changeFound(long page, int take, int give) {
        if (find(page) == 0) {
            return -1;
        }
        int tracked = give & TRACKED;
        long node = root;
        for (int level = height - 1; level > 0; level--) {
            long place = entry(node, page, level);
            long below = memory.readLong(place);
            if ((below & tracked) != tracked) {
                memory.writeLong(place, below | tracked);
            }
            node = below & FRAME;
        }
        long slot = entry(node, page, 0);
        long entry = memory.readLong(slot);
        memory.writeLong(slot, entry & ~take | give);
        return (int) (entry & MARKS);
    }

    /**
     * The first page not before this one that has a mark.
     *
     * @param mark one of {@link #TRACKED}
     * @return its number, or -1
     */
    public long nextMarked(long from, int mark) {
        lock.lock();
        try {
            long page = from;
            while (within(page)) {
                long above = 0;
                long node = root;
                int level = height - 1;
                long place = entry(node, page, level);
                while (level > 0 && (memory.readLong(place) & mark) != 0) {
                    above = place;
                    node = memory.readLong(place) & FRAME;
                    level--;
                    place = entry(node, page, level);
                }
                if (level > 0) {
                    page = (page >>> BITS * level) + 1 << BITS * level;
                    continue;
                }
                boolean whole = (page & ENTRIES - 1) == 0;
                long end = (page | ENTRIES - 1) + 1;
                while (page < end && (memory.readLong(entry(node, page, 0)) & mark) == 0) {
                    page++;
                }
                if (page < end) {
                    return page;
                }
                if (whole && above != 0) {
                    memory.writeLong(above, memory.readLong(above) & ~(long) mark);
                }
            }
            return -1;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives up pages that only the map has, from one on, that have none of the marks {@code busy}. One that has the mark
     * {@code used} loses that instead, so it is given up the next time.
     *
     * @param look at so many pages at most
     * @param freed how many frames were freed is added at its index 0
     * @return the page to go on with; -1 behind the last one
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    public long evict(long from, int look, int busy, int used, long[] freed) {
        lock.lock();
        try {
            long page = next(from);
            for (int i = 0; i < look && page >= 0; i++) {
                long slot = slot(page);
                long entry = memory.readLong(slot);
                if ((entry & used) != 0) {
                    memory.writeLong(slot, entry & ~(long) used);
                } else if ((entry & busy) == 0 && frames.references(entry & FRAME) == 1) {
                    frames.release(entry & FRAME);
                    memory.writeLong(slot, 0);
                    pages--;
                    freed[0]++;
                }
                page = next(page + 1);
            }
            if (pages == 0) {
                releaseTree();
            }
            return page;
        } finally {
            lock.unlock();
        }
    }

    private boolean within(long page) {
        return height > 0 && page >= 0 && page >>> BITS * height == 0;
    }

    /** The entry of a page: its frame and marks; 0 for a hole. */
    private long find(long page) {
        if (!within(page)) {
            return 0;
        }
        long node = root;
        for (int level = height - 1; level > 0 && node != 0; level--) {
            node = memory.readLong(entry(node, page, level)) & FRAME;
        }
        return node == 0 ? 0 : memory.readLong(entry(node, page, 0));
    }

    /** Where the entry of a page that has a frame lies. */
    private long slot(long page) {
        long node = root;
        for (int level = height - 1; level > 0; level--) {
            node = memory.readLong(entry(node, page, level)) & FRAME;
        }
        return entry(node, page, 0);
    }

    private static long entry(long node, long page, int level) {
        return node + (page >>> BITS * level & ENTRIES - 1) * Long.BYTES;
    }

    /** Releases the tree's own frames, deepest first; no page has a frame any more. */
    private void releaseTree() {
        long[] node = new long[LEVELS + 1];
        int[] index = new int[LEVELS + 1];
        int level = height - 1;
        if (level < 0) {
            return;
        }
        node[level] = root;
        while (level < height) {
            if (level == 0 || index[level] == ENTRIES) {
                frames.release(node[level]);
                level++;
            } else {
                long below = memory.readLong(node[level] + (long) index[level]++ * Long.BYTES);
                if (below != 0) {
                    level--;
                    node[level] = below & FRAME;
                    index[level] = 0;
                }
            }
        }
        root = 0;
        height = 0;
    }
}
