package biscotti.ext4;

import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import java.util.concurrent.atomic.AtomicLong;

/** The groups of blocks that a file system is divided into: their descriptors, and what is free in all of them. */
final class Groups {
    /** Locks that the groups share. */
    private static final int LOCKS = 64;

    private final Superblock superblock;
    private final BlockCache blocks;
    private final RankedLock[] locks = new RankedLock[LOCKS];
    private final AtomicLong freeBlocks = new AtomicLong();
    private final AtomicLong freeInodes = new AtomicLong();

    Groups(Superblock superblock, BlockCache blocks) {
        this.superblock = superblock;
        this.blocks = blocks;
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new RankedLock(LockRank.BLOCK_GROUP);
        }
    }

    /** Guards a group's descriptor and its bitmaps; one at a time, as groups share them. */
    RankedLock lock(int group) {
        return locks[group % LOCKS];
    }

    /** The block that has a group's descriptor. */
    private long place(int group) {
        int perBlock = superblock.blockSize() / superblock.descriptorSize;
        long index = group / perBlock;
        if (superblock.has(Features.META_BG) && index >= superblock.firstMetaGroup) {
            long first = index * perBlock;
            return superblock.firstDataBlock
                    + first * superblock.blocksPerGroup
                    + (superblock.hasBackup(first) ? 1 : 0);
        }
        return superblock.firstDataBlock + 1 + index;
    }

    /**
     * Reads the block that has a group's descriptor, pinned: see {@link Block#error}.
     *
     * @param group 0 to less than the number of groups
     */
    Block read(int group) {
        return blocks.read(place(group));
    }

    /** The descriptor of a group, in its block. */
    GroupDescriptor descriptor(int group, Block block) {
        int perBlock = superblock.blockSize() / superblock.descriptorSize;
        return new GroupDescriptor(superblock, group, block, group % perBlock * superblock.descriptorSize);
    }

    /** Reads all descriptors, and counts what is free: 0; -EUCLEAN if one cannot be right; -EIO, -ENOMEM. */
    int load() {
        long blocksLeft = 0;
        long inodesLeft = 0;
        for (int group = 0; group < superblock.groups; group++) {
            Block block = read(group);
            if (block.error() < 0) {
                return block.error();
            }
            GroupDescriptor descriptor = descriptor(group, block);
            boolean right = descriptor.isRight() && descriptor.isSound();
            blocksLeft += descriptor.freeBlocks();
            inodesLeft += descriptor.freeInodes();
            block.release();
            if (!right) {
                return -EUCLEAN;
            }
        }
        freeBlocks.set(blocksLeft);
        freeInodes.set(inodesLeft);
        return 0;
    }

    /** The first block of a group's inodes: -EUCLEAN if that cannot be, -EIO, -ENOMEM. */
    long inodeTable(int group) {
        Block block = read(group);
        if (block.error() < 0) {
            return block.error();
        }
        GroupDescriptor descriptor = descriptor(group, block);
        long table = descriptor.isSound() ? descriptor.inodeTable() : -EUCLEAN;
        block.release();
        return table;
    }

    /** How many blocks are free. */
    long freeBlocks() {
        return freeBlocks.get();
    }

    /** How many inodes are free. */
    long freeInodes() {
        return freeInodes.get();
    }

    /** Blocks were given out (negative) or back. */
    void blocksFreed(int count) {
        freeBlocks.addAndGet(count);
    }

    /** Inodes were. */
    void inodesFreed(int count) {
        freeInodes.addAndGet(count);
    }
}
