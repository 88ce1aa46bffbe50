package biscotti.ext4;

import biscotti.block.BlockCache;
import biscotti.block.BlockRun;
import biscotti.ext4.journal.Handle;
import biscotti.sched.RankedLock;

/** Where the blocks of files lie, whichever form the map of a file has. */
final class FileMaps {
    /** Credits of one change of a map. */
    static final int CREDITS = Math.max(ExtentChanges.CREDITS, IndirectChanges.CREDITS);

    /** Blocks of metadata that go at once: each is forgotten. */
    private static final int METADATA_PIECE = 32;

    /** A run of data lies in no more groups than this. */
    private static final int GROUPS_OF_RUN = 5;

    /** Credits of {@link #release}. */
    static final int CREDITS_TO_RELEASE = CREDITS + METADATA_PIECE + GROUPS_OF_RUN * BlockSource.CREDITS;

    private final Superblock superblock;
    private final BlockAllocator allocator;
    private final ExtentTree extents;
    private final IndirectMap indirect;
    private final ExtentChanges extentChanges;
    private final IndirectChanges indirectChanges;

    FileMaps(Superblock superblock, BlockCache blocks, BlockAllocator allocator) {
        this.superblock = superblock;
        this.allocator = allocator;
        this.extents = new ExtentTree(superblock, blocks);
        this.indirect = new IndirectMap(superblock, blocks);
        this.extentChanges = new ExtentChanges(superblock, blocks);
        this.indirectChanges = new IndirectChanges(superblock, blocks);
    }

    /** Finds a run, as {@link biscotti.block.BlockMap#find}; the inode is locked. */
    long find(Inode inode, long block, int most) {
        return inode.hasExtents() ? extents.find(inode, block, most) : indirect.find(inode, block, most);
    }

    /** As {@link Volume#allocate}. */
    long allocate(Handle handle, Inode inode, long block, int most, boolean written) {
        BlockSource source = allocator.source(false);
        return inode.hasExtents()
                ? extentChanges.allocate(handle, source, inode, block, most, written)
                : indirectChanges.allocate(handle, source, inode, block, most);
    }

    /**
     * Takes all blocks of a file away that is among the orphans, with as many handles as that takes; each begins with the credits that the first one had.
     *
     * @param data whether its blocks hold data; else they are metadata
     * @return 0 or a negative errno
     */
    int release(Handle handle, Inode inode, boolean data) {
        if (inode.sectors() == 0 || inode.isShortLink() && !data) {
            return 0;
        }
        int credits = handle.credits();
        long end = data ? Long.MAX_VALUE : inode.size() + superblock.blockSize() - 1 >>> superblock.blockShift;
        while (end > 0) {
            long from = data ? 0 : Math.max(0, end - METADATA_PIECE);
            long run = releaseLast(handle, inode, from, end, data);
            if (run < 0) {
                return (int) run;
            }
            if (run == 0) {
                end = from;
            }
            int error = handle.restart(credits);
            if (error < 0) {
                return error;
            }
        }
        return 0;
    }

    /** Takes one run away, and gives it back: what it was, 0 if there was none, or a negative errno. */
    private long releaseLast(Handle handle, Inode inode, long from, long to, boolean data) {
        RankedLock lock = inode.lock;
        lock.lock();
        try {
            BlockSource source = allocator.source(false);
            long run = inode.hasExtents()
                    ? extentChanges.removeLast(handle, source, inode, from, to)
                    : indirectChanges.removeLast(handle, source, inode, from, to);
            if (run <= 0) {
                return run;
            }
            long start = BlockRun.start(run);
            int error = 0;
            for (int i = 0; i < BlockRun.count(run) && !data && error == 0; i++) {
                error = handle.forget(start + i);
            }
            error = error == 0 ? source.free(handle, start, BlockRun.count(run)) : error;
            return error < 0 ? error : run;
        } finally {
            lock.unlock();
        }
    }
}
