package biscotti.file;

import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.Errno.ENOSPC;

import biscotti.block.CachedPages;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;

/** The pages of some bytes of a file that are being written, kept in memory until these have blocks. For one write, one stretch after the other. */
final class HeldPages {
    private static final int PAGE_SHIFT = PhysicalMemory.FRAME_SHIFT;
    private static final int PAGE_SIZE = PhysicalMemory.FRAME_SIZE;
    private static final long PAGE_MASK = PhysicalMemory.FRAME_MASK;

    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final long[] held = new long[CachedFile.MOST_PAGES];
    private int count;
    private long start;
    private int bytes;

    /** None yet. */
    HeldPages(PhysicalMemory memory, FrameAllocator frames) {
        this.memory = memory;
        this.frames = frames;
    }

    /**
     * Takes the pages of some bytes that the disk has nothing of. A page that begins among them and ends before another position is zeros, if it is not in
     * memory; others are read.
     *
     * @return 0; -ENOSPC if there is no memory, -EIO: to be released even so
     */
    int take(CachedPages pages, long from, int length, long unreadEnd) {
        start = from;
        bytes = length;
        count = 0;
        long first = from >>> PAGE_SHIFT;
        long last = from + length - 1 >>> PAGE_SHIFT;
        for (long page = first; page <= last; page++) {
            long at = page << PAGE_SHIFT;
            long frame = at >= from && at + PAGE_SIZE <= unreadEnd ? pages.retainHole(page) : pages.retain(page);
            if (frame < 0) {
                return frame == -ENOMEM ? -ENOSPC : (int) frame;
            }
            held[count++] = frame;
        }
        return 0;
    }

    /** Puts bytes into them, from the first on: how many, or -EFAULT. */
    int fill(Transfer from) {
        int done = 0;
        int moved = 1;
        while (done < bytes && moved > 0) {
            int offset = (int) (start + done & PAGE_MASK);
            int part = Math.min(bytes - done, PAGE_SIZE - offset);
            moved = from.someToPhysical(frameOf(start + done) + offset, part);
            done += Math.max(moved, 0);
        }
        return done > 0 ? done : moved;
    }

    /** Puts zeros into them, from one byte of the file up to another. */
    void clear(long from, long to) {
        long at = from;
        while (at < to) {
            long offset = at & PAGE_MASK;
            long part = Math.min(to - at, PAGE_SIZE - offset);
            memory.zero(frameOf(at) + offset, part);
            at += part;
        }
    }

    private long frameOf(long position) {
        return held[(int) ((position >>> PAGE_SHIFT) - (start >>> PAGE_SHIFT))];
    }

    /** They may go. */
    void release() {
        for (int i = 0; i < count; i++) {
            frames.release(held[i]);
        }
        count = 0;
    }
}
