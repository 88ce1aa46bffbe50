package biscotti.ext4;

import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.block.BlockRun;

/** Where a file's blocks lie, as ext2 and ext3 tell it: "Direct/Indirect Block Addressing". */
final class IndirectMap {
    private static final int DIRECT = 12;
    private static final int LEVELS = 3;

    private final Superblock superblock;
    private final BlockCache blocks;

    IndirectMap(Superblock superblock, BlockCache blocks) {
        this.superblock = superblock;
        this.blocks = blocks;
    }

    /** Finds a run: as {@link biscotti.block.BlockMap#find}; -EUCLEAN for a block that cannot be. The inode is locked. */
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
        Block table = inode.read();
        int base = inode.offset + InodeRecord.MAP;
        for (int at = level; at > 0 && table.error() == 0; at--) {
            long below = pointer(table, base, slot);
            table.release();
            int shift = bits * (at - 1);
            if (below == 0) {
                long left = (1L << bits * at) - (inside & (1L << bits * at) - 1);
                return BlockRun.of(BlockRun.HOLE, (int) Math.min(most, left));
            }
            if (!superblock.contains(below, 1)) {
                return -EUCLEAN;
            }
            table = blocks.read(below);
            base = 0;
            slot = (int) (inside >>> shift) & perBlock - 1;
            slots = perBlock;
        }
        if (table.error() < 0) {
            return table.error();
        }
        long run = run(table, base, slot, Math.min(most, slots - slot));
        table.release();
        return run;
    }

    private static long pointer(Block table, int base, int slot) {
        return table.getUnsignedInt(base + slot * Integer.BYTES);
    }

    /** As many as follow one another. */
    private long run(Block table, int base, int slot, int most) {
        long first = pointer(table, base, slot);
        int count = 1;
        while (count < most && pointer(table, base, slot + count) == (first == 0 ? 0 : first + count)) {
            count++;
        }
        if (first == 0) {
            return BlockRun.of(BlockRun.HOLE, count);
        }
        return superblock.contains(first, count) ? BlockRun.of(first, count) : -EUCLEAN;
    }
}
