package biscotti.ext4;

import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.block.BlockRun;
import biscotti.ext4.journal.Handle;
import biscotti.ext4.journal.Transactions;
import biscotti.sched.RankedLock;

/** Gives out blocks, several that follow one another at once: "Block and Inode Allocation Policy". */
final class BlockAllocator {
    /** A run as long as this is good enough, however many are wanted. */
    private static final int GOOD_RUN = 256;

    /** Groups that are searched for a good run. */
    private static final int GOOD_GROUPS = 64;

    /** Files of one group begin at so many different places in it. */
    private static final int COLOURS = 16;

    private static final int STRIPES = 64;
    private static final long NONE = 0;

    private final Superblock superblock;
    private final Groups groups;
    private final Transactions transactions;
    private final BlockBitmaps bitmaps;
    private final FreedBlocks[] freed = new FreedBlocks[STRIPES];
    private final BlockReserve reserve;
    private final BlockSource source = newSource();

    BlockAllocator(Superblock superblock, Groups groups, BlockCache blocks, Transactions transactions) {
        this.superblock = superblock;
        this.groups = groups;
        this.transactions = transactions;
        this.bitmaps = new BlockBitmaps(superblock, blocks);
        this.reserve = new BlockReserve(superblock.reservedBlocks);
        for (int i = 0; i < STRIPES; i++) {
            freed[i] = new FreedBlocks(transactions, blocks.frames(), blocks.memory());
        }
    }

    /** The blocks that only some users may take. */
    BlockReserve reserve() {
        return reserve;
    }

    /** Gives out blocks and takes them back. */
    BlockSource source() {
        return source;
    }

    private BlockSource newSource() {
        return new BlockSource() {
            @Override
            public long allocate(Handle handle, long goal, int most) {
                return BlockAllocator.this.allocate(handle, goal, most);
            }

            @Override
            public int free(Handle handle, long start, int count) {
                return BlockAllocator.this.free(handle, start, count);
            }
        };
    }

    private FreedBlocks freed(int group) {
        return freed[group % STRIPES];
    }

    /** Where the first block of a file should lie: near its inode, and not where all others of the group begin. */
    long goal(Inode inode) {
        int group = (int) ((inode.number - 1) / superblock.inodesPerGroup);
        int colour = (int) (inode.number % COLOURS);
        return superblock.firstBlock(group) + (long) superblock.blocksIn(group) / COLOURS * colour;
    }

    /**
     * Gives out blocks that follow one another: {@link BlockSource#CREDITS}.
     *
     * @param goal the block that the first one should be, or near which it should lie
     * @param most how many are wanted, 1 to {@link BlockRun#MOST}
     * @return a {@link BlockRun}; -ENOSPC; -EUCLEAN, -EIO, -ENOMEM, -EROFS
     */
    long allocate(Handle handle, long goal, int most) {
        if (!reserve.allows(groups.freeBlocks())) {
            return -ENOSPC;
        }
        long near = superblock.contains(goal, 1) ? goal : superblock.firstDataBlock;
        int first = superblock.groupOf(near);
        int bit = (int) (near - superblock.firstBlock(first));
        long run = NONE;
        for (int i = 0; i < Math.min(GOOD_GROUPS, superblock.groups) && run == NONE; i++) {
            int group = (first + i) % superblock.groups;
            run = allocateIn(handle, group, i == 0 ? bit : 0, most, Math.min(most, GOOD_RUN));
        }
        for (int i = 0; i < superblock.groups && run == NONE; i++) {
            int group = (first + i) % superblock.groups;
            run = allocateIn(handle, group, i == 0 ? bit : 0, most, 1);
        }
        return run == NONE ? -ENOSPC : run;
    }

    private long allocateIn(Handle handle, int group, int goal, int most, int least) {
        return groups.locked(
                group,
                descriptor ->
                        descriptor.freeBlocks() >= least ? search(handle, group, descriptor, goal, most, least) : NONE);
    }

    private long search(Handle handle, int group, GroupDescriptor descriptor, int goal, int most, int least) {
        Block bitmap = bitmaps.read(handle, group, descriptor);
        if (bitmap.error() < 0) {
            return bitmap.error();
        }
        int end = superblock.blocksIn(group);
        long found = find(group, bitmap, goal, end, most, least, true);
        if (found == NONE) {
            found = find(group, bitmap, 0, goal, most, least, false);
        }
        if (found > NONE) {
            found = take(handle, group, descriptor, bitmap, found);
        }
        bitmap.release();
        return found;
    }

    /** The first run of at least so many free blocks, or one that begins right at the start: a run of bits, or none. */
    private long find(int group, Block bitmap, int from, int end, int most, int least, boolean fromGoal) {
        FreedBlocks kept = freed(group);
        boolean some = kept.hasEntry(group);
        int start = from;
        while (start < end) {
            int free = Bitmap.nextClear(bitmap, start, end);
            start = some ? kept.nextAllowed(group, free, end) : free;
            if (start == free && start < end) {
                int stop = Bitmap.nextSet(bitmap, start, Math.min(end, start + most));
                stop = some ? kept.nextFreed(group, start, stop) : stop;
                if (stop - start >= least || fromGoal && start == from) {
                    return BlockRun.of(start, stop - start);
                }
                start = stop;
            }
        }
        return NONE;
    }

    private long take(Handle handle, int group, GroupDescriptor descriptor, Block bitmap, long bits) {
        int error = handle.access(bitmap);
        error = error == 0 ? handle.access(descriptor.block()) : error;
        if (error < 0) {
            return error;
        }
        int count = BlockRun.count(bits);
        long start = superblock.firstBlock(group) + BlockRun.start(bits);
        if (bitmaps.holdsMetadata(group, descriptor, BlockRun.start(bits), count)) {
            return -EUCLEAN;
        }
        Bitmap.set(bitmap, (int) BlockRun.start(bits), count, true);
        finish(handle, descriptor, bitmap, -count);
        return BlockRun.of(start, count);
    }

    private void finish(Handle handle, GroupDescriptor descriptor, Block bitmap, int change) {
        handle.dirty(bitmap);
        descriptor.setFreeBlocks(descriptor.freeBlocks() + change);
        descriptor.sumBlockBitmap(bitmap);
        descriptor.updateSum();
        handle.dirty(descriptor.block());
        groups.blocksFreed(change);
    }

    /**
     * Takes blocks back: {@link BlockSource#CREDITS} for each group that they lie in. They are given out again when the handle's transaction has committed. Who frees
     * metadata also tells the handle to forget them.
     *
     * @return 0; -EUCLEAN if they are not in use, or not a file's; -EIO, -ENOMEM, -EROFS
     */
    int free(Handle handle, long start, int count) {
        if (!superblock.contains(start, count)) {
            return -EUCLEAN;
        }
        long at = start;
        long end = start + count;
        int error = 0;
        while (at < end && error == 0) {
            int group = superblock.groupOf(at);
            int bit = (int) (at - superblock.firstBlock(group));
            int part = (int) Math.min(end - at, superblock.blocksIn(group) - bit);
            error = freeIn(handle, group, bit, part);
            at += part;
        }
        return error;
    }

    private int freeIn(Handle handle, int group, int bit, int count) {
        return (int) groups.locked(group, descriptor -> give(handle, group, descriptor, bit, count));
    }

    private int give(Handle handle, int group, GroupDescriptor descriptor, int bit, int count) {
        Block bitmap = bitmaps.read(handle, group, descriptor);
        int error = bitmap.error();
        if (error == 0) {
            error = give(handle, group, descriptor, bitmap, bit, count);
            bitmap.release();
        }
        return error;
    }

    private int give(Handle handle, int group, GroupDescriptor descriptor, Block bitmap, int bit, int count) {
        if (!Bitmap.are(bitmap, bit, count, true) || bitmaps.holdsMetadata(group, descriptor, bit, count)) {
            return -EUCLEAN;
        }
        int error = handle.access(bitmap);
        error = error == 0 ? handle.access(descriptor.block()) : error;
        if (error == 0) {
            Bitmap.set(bitmap, bit, count, false);
            freed(group).add(handle.tid(), group, bit, count);
            finish(handle, descriptor, bitmap, count);
        }
        return error;
    }

    /**
     * After -ENOSPC, without a handle: if blocks are free that only wait for a commit, waits for it.
     *
     * @return whether it is worth another try
     */
    boolean awaitFreed() {
        boolean waits = false;
        for (int group = 0; group < Math.min(STRIPES, superblock.groups) && !waits; group++) {
            RankedLock lock = groups.lock(group);
            lock.lock();
            waits = freed(group).isWaiting();
            lock.unlock();
        }
        return waits && transactions.commit() == 0;
    }

    /** Forgets all. */
    void close() {
        for (FreedBlocks each : freed) {
            each.close();
        }
    }
}
