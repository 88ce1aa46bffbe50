package biscotti.ext4;

import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.BlockRun;
import biscotti.machine.PhysicalMemory;

/** Where a file's blocks lie, as ext2 and ext3 tell it: "Direct/Indirect Block Addressing". */
final class IndirectMap {
    private static final int DIRECT = 12;
    private static final int LEVELS = 3;

    private final Superblock superblock;
    private final Blocks blocks;
    private final PhysicalMemory memory;

    IndirectMap(Superblock superblock, Blocks blocks) {
        this.superblock = superblock;
        this.blocks = blocks;
        this.memory = blocks.memory();
    }

    /** Finds a run: as {@link biscotti.block.BlockMap#find}; -EUCLEAN for a block that cannot be. */
    long find(Inode inode, long block, int most) {
        int bits = superblock.blockShift - 2;
        int perBlock = 1 << bits;
        int level = 0;
        long inside = block;
        int slot = (int) Math.min(block, DIRECT);
        int slots = DIRECT;
        if (block >= DIRECT) {
            inside = block - DIRECT;
            level = 1;
            while (level <= LEVELS && inside >>> bits * level != 0) {
                inside -= 1L << bits * level;
                level++;
            }
            if (level > LEVELS) {
                return BlockRun.of(BlockRun.HOLE, most);
            }
            slot = DIRECT + level - 1;
        }
        long pinned = blocks.pin(inode.place);
        if (pinned < 0) {
            return pinned;
        }
        long table = pinned + Inode.MAP;
        for (int at = level; at > 0; at--) {
            long below = pointer(table, slot);
            blocks.unpin(pinned);
            int shift = bits * (at - 1);
            if (below == 0) {
                long left = (1L << bits * at) - (inside & (1L << bits * at) - 1);
                return BlockRun.of(BlockRun.HOLE, (int) Math.min(most, left));
            }
            pinned = superblock.contains(below, 1) ? blocks.pin(below << superblock.blockShift) : -EUCLEAN;
            if (pinned < 0) {
                return pinned;
            }
            table = pinned;
            slot = (int) (inside >>> shift) & perBlock - 1;
            slots = perBlock;
        }
        long run = run(table, slot, Math.min(most, slots - slot));
        blocks.unpin(pinned);
        return run;
    }

    private long pointer(long table, int slot) {
        return Integer.toUnsignedLong(memory.readInt(table + (long) slot * Integer.BYTES));
    }

    /** As many as follow one another. */
    private long run(long table, int slot, int most) {
        long first = pointer(table, slot);
        int count = 1;
        while (count < most && pointer(table, slot + count) == (first == 0 ? 0 : first + count)) {
            count++;
        }
        if (first == 0) {
            return BlockRun.of(BlockRun.HOLE, count);
        }
        return superblock.contains(first, count) ? BlockRun.of(first, count) : -EUCLEAN;
    }
}
