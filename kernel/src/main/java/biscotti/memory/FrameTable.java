package biscotti.memory;

import biscotti.machine.PhysicalMemory;

/**
 * Eight bytes in physical memory for each frame: how many owners it has, and a word that belongs, while it is free, to the list of
 * free frames, and else to its owner.
 */
final class FrameTable {
    private static final int SHIFT = 3;
    private static final int WORD = 4;

    private final PhysicalMemory memory;
    private final long lowest;
    private final long table;

    /**
     * The table of the frames from {@code lowest} on.
     *
     * @param table where it lies: {@link #bytesFor} bytes
     */
    FrameTable(PhysicalMemory memory, long lowest, long table) {
        this.memory = memory;
        this.lowest = lowest;
        this.table = table;
    }

    /** How many bytes the table of the frames between two addresses takes. */
    static long bytesFor(long lowest, long end) {
        return UserRange.pageEnd(end - lowest >>> PhysicalMemory.FRAME_SHIFT << SHIFT);
    }

    /** The lowest frame. */
    long lowest() {
        return lowest;
    }

    /** How many owners a frame has. */
    int count(long frame) {
        return memory.readIntVolatile(entry(frame));
    }

    /** Sets {@link #count}. */
    void setCount(long frame, int count) {
        memory.writeIntVolatile(entry(frame), count);
    }

    /** Atomically adds to {@link #count}, and returns what it was. */
    int addCount(long frame, int delta) {
        return memory.getAndAddInt(entry(frame), delta);
    }

    /** A frame's word. */
    int word(long frame) {
        return memory.readInt(entry(frame) + WORD);
    }

    /** Sets {@link #word}. */
    void setWord(long frame, int word) {
        memory.writeInt(entry(frame) + WORD, word);
    }

    /** Gives each frame of a block one owner. */
    void own(long block) {
        long entry = entry(block);
        for (int i = 0; i < FreeFrames.BLOCK_FRAMES; i++) {
            memory.writeInt(entry + ((long) i << SHIFT), 1);
        }
    }

    /** Whether each frame of a block has one owner. */
    boolean isOwned(long block) {
        long entry = entry(block);
        for (int i = 0; i < FreeFrames.BLOCK_FRAMES; i++) {
            if (memory.readInt(entry + ((long) i << SHIFT)) != 1) {
                return false;
            }
        }
        return true;
    }

    /** Takes all owners from the frames of a block. */
    void disown(long block) {
        memory.zero(entry(block), (long) FreeFrames.BLOCK_FRAMES << SHIFT);
    }

    private long entry(long frame) {
        return table + (frame - lowest >>> PhysicalMemory.FRAME_SHIFT << SHIFT);
    }
}
