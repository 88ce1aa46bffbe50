package biscotti.memory;

import static biscotti.abi.Errno.ENOMEM;

import biscotti.machine.PhysicalMemory;
import biscotti.machine.PhysicalRange;

/**
 * The free frames that no CPU has in its cache, by aligned blocks of 2 MB, so that a block all of whose frames have come back is
 * whole again at once, without a search.
 *
 * <p>A block is in one of two lists, or, without a free frame, in none: whole ones, and those with some. Single frames are taken
 * from the first of these until it has none left, then from the next, and a whole one is broken only when there is no other: what
 * is in use stays together. A block's free frames are listed by their numbers in it, through a word that {@link FrameTable} has for each
 * frame; those that were never used since the block was whole lie behind a mark instead, so breaking a block costs nothing for each
 * frame, and neither does starting up.
 *
 * <p>Lists and counts lie in physical memory, 32 bytes for each block. {@link FrameAllocator}'s lock guards them.
 */
final class FreeFrames {
    /** How many frames are a block. */
    static final int BLOCK_FRAMES = 512;

    /** log2 of the bytes of a block. */
    static final int BLOCK_SHIFT = 21;

    private static final int SHIFT = 5;
    // A block's record. Blocks in links, and frames in a block, are numbered from 1: 0 is none.
    private static final int FREE = 0;
    private static final int FIRST = 4;
    private static final int MARK = 8;
    private static final int BEFORE = 12;
    private static final int BEHIND = 16;

    private static final int NONE = 0;

    private final PhysicalMemory memory;
    private final FrameTable table;
    private final long lowest;
    private final long records;
    private int whole = NONE;
    private int wholeCount;
    private int broken = NONE;

    /**
     * No free frames yet.
     *
     * @param table of the frames
     * @param records where the blocks' records go: {@link #bytesFor} bytes
     * @param bytes how many those are
     */
    FreeFrames(PhysicalMemory memory, FrameTable table, long records, long bytes) {
        this.memory = memory;
        this.table = table;
        this.lowest = table.lowest() >>> BLOCK_SHIFT << BLOCK_SHIFT;
        this.records = records;
        memory.zero(records, bytes);
        for (long record = records; record < records + bytes; record += 1 << SHIFT) {
            memory.writeInt(record + MARK, BLOCK_FRAMES);
        }
    }

    /** How many bytes the records of the blocks between two addresses take. */
    static long bytesFor(long lowest, long end) {
        return UserRange.pageEnd((end - 1 >>> BLOCK_SHIFT) - (lowest >>> BLOCK_SHIFT) + 1 << SHIFT);
    }

    /** Adds a range of frames that were never used. Of a range in reverse order, the lowest are taken first. */
    void add(PhysicalRange range) {
        long end = range.end();
        while (end > range.start()) {
            long start = Math.max(range.start(), end - 1 >>> BLOCK_SHIFT << BLOCK_SHIFT);
            addUnused(start, end);
            end = start;
        }
    }

    /** Adds frames of one block, of which others may be there from another range. */
    private void addUnused(long start, long end) {
        int block = block(start);
        long record = record(block);
        if (memory.readInt(record + FREE) != 0) {
            for (long frame = start; frame < end; frame += PhysicalMemory.FRAME_SIZE) {
                put(frame);
            }
            return;
        }
        int frames = (int) (end - start >>> PhysicalMemory.FRAME_SHIFT);
        memory.writeInt(record + FREE, frames);
        memory.writeInt(record + MARK, index(start));
        link(block, frames == BLOCK_FRAMES);
    }

    /** Moves some frames to a cache that has room for them, as far as there are any. */
    void fill(FrameCache cache, int count) {
        int left = count;
        while (left > 0 && (broken != NONE || breakWhole())) {
            left -= fillFromFirst(cache, left);
        }
    }

    /** Moves frames of the first block that has not all to a cache, and returns how many. */
    private int fillFromFirst(FrameCache cache, int most) {
        long record = record(broken);
        long start = start(broken);
        int free = memory.readInt(record + FREE);
        int first = memory.readInt(record + FIRST);
        int mark = memory.readInt(record + MARK);
        int count = Math.min(most, free);
        for (int i = 0; i < count; i++) {
            if (first == 0) {
                cache.push(start + ((long) mark++ << PhysicalMemory.FRAME_SHIFT));
            } else {
                long frame = start + ((long) first - 1 << PhysicalMemory.FRAME_SHIFT);
                cache.push(frame);
                first = table.word(frame);
            }
        }
        memory.writeInt(record + FIRST, first);
        memory.writeInt(record + MARK, mark);
        memory.writeInt(record + FREE, free - count);
        if (count == free) {
            unlink(broken, false);
        }
        return count;
    }

    /** Puts a frame back. */
    void put(long frame) {
        int block = block(frame);
        long record = record(block);
        int free = memory.readInt(record + FREE) + 1;
        memory.writeInt(record + FREE, free);
        if (free == BLOCK_FRAMES) {
            unlink(block, false);
            makeWhole(block);
            return;
        }
        table.setWord(frame, memory.readInt(record + FIRST));
        memory.writeInt(record + FIRST, index(frame) + 1);
        if (free == 1) {
            link(block, false);
        }
    }

    /** Takes a whole block; or -ENOMEM. */
    long takeBlock() {
        int block = whole;
        if (block == NONE) {
            return -ENOMEM;
        }
        unlink(block, true);
        memory.writeInt(record(block) + FREE, 0);
        memory.writeInt(record(block) + MARK, BLOCK_FRAMES);
        return start(block);
    }

    /** Puts a whole block back. */
    void putBlock(long start) {
        int block = block(start);
        memory.writeInt(record(block) + FREE, BLOCK_FRAMES);
        makeWhole(block);
    }

    private void makeWhole(int block) {
        long record = record(block);
        memory.writeInt(record + FIRST, 0);
        memory.writeInt(record + MARK, 0);
        link(block, true);
    }

    private boolean breakWhole() {
        int block = whole;
        if (block == NONE) {
            return false;
        }
        unlink(block, true);
        link(block, false);
        return true;
    }

    /** How many blocks are free as a whole. */
    int wholeCount() {
        return wholeCount;
    }

    private void link(int block, boolean asWhole) {
        wholeCount += asWhole ? 1 : 0;
        int behind = asWhole ? whole : broken;
        memory.writeInt(record(block) + BEFORE, NONE);
        memory.writeInt(record(block) + BEHIND, behind);
        if (behind != NONE) {
            memory.writeInt(record(behind) + BEFORE, block);
        }
        setFirst(block, asWhole);
    }

    private void unlink(int block, boolean asWhole) {
        wholeCount -= asWhole ? 1 : 0;
        int before = memory.readInt(record(block) + BEFORE);
        int behind = memory.readInt(record(block) + BEHIND);
        if (before == NONE) {
            setFirst(behind, asWhole);
        } else {
            memory.writeInt(record(before) + BEHIND, behind);
        }
        if (behind != NONE) {
            memory.writeInt(record(behind) + BEFORE, before);
        }
    }

    private void setFirst(int block, boolean asWhole) {
        if (asWhole) {
            whole = block;
        } else {
            broken = block;
        }
    }

    private int block(long frame) {
        return (int) (frame - lowest >>> BLOCK_SHIFT) + 1;
    }

    private long start(int block) {
        return lowest + ((long) block - 1 << BLOCK_SHIFT);
    }

    private long record(int block) {
        return records + ((long) block - 1 << SHIFT);
    }

    private static int index(long frame) {
        return (int) (frame >>> PhysicalMemory.FRAME_SHIFT) & BLOCK_FRAMES - 1;
    }
}
