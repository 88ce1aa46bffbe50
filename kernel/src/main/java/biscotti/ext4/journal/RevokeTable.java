package biscotti.ext4.journal;

import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;

/**
 * Which blocks were revoked, and by which transaction last, while the journal is replayed: there may be hundreds for each block of
 * the journal, so the table lies in frames. Open addressing; a tree of two levels finds the frame of an entry.
 */
final class RevokeTable {
    private static final int FANOUT = PhysicalMemory.FRAME_SIZE / Long.BYTES;

    // An entry: the block's number + 1 (0: free), and the transaction.
    private static final int ENTRY_SHIFT = 4;
    private static final int PER_FRAME_SHIFT = PhysicalMemory.FRAME_SHIFT - ENTRY_SHIFT;
    private static final int PER_FRAME = 1 << PER_FRAME_SHIFT;

    /** The most entries that the tree has room for. */
    private static final long MOST = (long) FANOUT * FANOUT * PER_FRAME;

    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private long root;
    private long mask;

    RevokeTable(PhysicalMemory memory, FrameAllocator frames) {
        this.memory = memory;
        this.frames = frames;
    }

    /** Takes memory for so many records: false if there is not enough. */
    boolean open(long records) {
        long entries = Math.max(PER_FRAME, Long.highestOneBit(records) << 2);
        if (entries > MOST) {
            return false;
        }
        mask = entries - 1;
        root = Math.max(0, frames.allocateZeroed());
        boolean enough = root != 0;
        for (long leaf = 0; enough && leaf < entries >>> PER_FRAME_SHIFT; leaf++) {
            enough = addLeaf(leaf);
        }
        return enough;
    }

    private boolean addLeaf(long leaf) {
        long place = root + leaf / FANOUT * Long.BYTES;
        if (memory.readLong(place) == 0) {
            long directory = frames.allocateZeroed();
            if (directory < 0) {
                return false;
            }
            memory.writeLong(place, directory);
        }
        long frame = frames.allocateZeroed();
        if (frame < 0) {
            return false;
        }
        memory.writeLong(memory.readLong(place) + leaf % FANOUT * Long.BYTES, frame);
        return true;
    }

    /** Gives all memory back. */
    void close() {
        if (root == 0) {
            return;
        }
        for (int i = 0; i < FANOUT; i++) {
            long directory = memory.readLong(root + (long) i * Long.BYTES);
            for (int j = 0; directory != 0 && j < FANOUT; j++) {
                long leaf = memory.readLong(directory + (long) j * Long.BYTES);
                if (leaf != 0) {
                    frames.release(leaf);
                }
            }
            if (directory != 0) {
                frames.release(directory);
            }
        }
        frames.release(root);
        root = 0;
    }

    /** The place of a block's entry, or of the free one where it belongs. */
    private long find(long block) {
        long at = block * 0x9E3779B97F4A7C15L >>> 20 & mask;
        while (true) {
            long leaf = at >>> PER_FRAME_SHIFT;
            long directory = memory.readLong(root + leaf / FANOUT * Long.BYTES);
            long frame = memory.readLong(directory + leaf % FANOUT * Long.BYTES);
            long entry = frame + ((at & PER_FRAME - 1) << ENTRY_SHIFT);
            long number = memory.readLong(entry);
            if (number == 0 || number == block + 1) {
                return entry;
            }
            at = at + 1 & mask;
        }
    }

    /** A transaction, later than those before it, revokes a block. */
    void add(long block, int sequence) {
        long entry = find(block);
        memory.writeLong(entry, block + 1);
        memory.writeLong(entry + Long.BYTES, sequence);
    }

    /** Whether what a transaction says of a block is revoked: by itself or a later one. */
    boolean revokes(long block, int sequence) {
        long entry = find(block);
        return memory.readLong(entry) != 0 && (int) memory.readLong(entry + Long.BYTES) - sequence >= 0;
    }
}
