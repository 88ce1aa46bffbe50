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

    /** Something that is done with the descriptor of a group. */
    interface Action {
        /** Does it: an answer to hand on. */
        long with(GroupDescriptor descriptor);
    }

    /**
     * Does something with a group's descriptor, and perhaps its bitmaps, while the group is locked.
     *
     * @param group 0 to less than the number of groups
     * @return what that answers; -EIO, -ENOMEM
     */
    long locked(int group, Action action) {
        RankedLock lock = lock(group);
        lock.lock();
        try {
            return read(group, action);
        } finally {
            lock.unlock();
        }
    }

    private long read(int group, Action action) {
        Block block = blocks.read(place(group));
        if (block.error() < 0) {
            return block.error();
        }
        int perBlock = superblock.blockSize() / superblock.descriptorSize;
        int at = group % perBlock * superblock.descriptorSize;
        long answer = action.with(new GroupDescriptor(superblock, group, block, at));
        block.release();
        return answer;
    }

    /** Reads all descriptors, and counts what is free, once: 0; -EUCLEAN if one cannot be right; -EIO, -ENOMEM. */
    int load() {
        Action count = this::count;
        long error = 0;
        for (int group = 0; group < superblock.groups && error == 0; group++) {
            error = read(group, count);
        }
        return (int) error;
    }

    private long count(GroupDescriptor descriptor) {
        freeBlocks.addAndGet(descriptor.freeBlocks());
        freeInodes.addAndGet(descriptor.freeInodes());
        return descriptor.isRight() && descriptor.isSound() ? 0 : -EUCLEAN;
    }

    /** The first block of a group's inodes: -EUCLEAN if that cannot be, -EIO, -ENOMEM. */
    long inodeTable(int group) {
        return read(group, descriptor -> descriptor.isSound() ? descriptor.inodeTable() : -EUCLEAN);
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
