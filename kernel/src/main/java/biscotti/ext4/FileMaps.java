package biscotti.ext4;

import biscotti.block.BlockCache;
import biscotti.block.BlockRun;
import biscotti.ext4.journal.Handle;

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
        BlockSource source = allocator.source();
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
            long run = removeLast(handle, inode, from, end);
            if (run < 0) {
                return (int) run;
            }
            if (run == 0) {
                end = from;
            }
            int error = run > 0 ? free(handle, run, data) : 0;
            error = error == 0 ? handle.restart(credits) : error;
            if (error < 0) {
                return error;
            }
        }
        return 0;
    }

    /**
     * Takes the last blocks of a range away from a file, which lie one after the other on the device; they are to be freed in the same handle. A part of {@link
     * #CREDITS_TO_RELEASE}.
     *
     * @return a {@link BlockRun}; 0 if the range has none; -ENOSPC, -EUCLEAN, -EIO, -ENOMEM, -EROFS
     */
    long removeLast(Handle handle, Inode inode, long from, long to) {
        inode.lock.lock();
        try {
            BlockSource source = allocator.source();
            return inode.hasExtents()
                    ? extentChanges.removeLast(handle, source, inode, from, to)
                    : indirectChanges.removeLast(handle, source, inode, from, to);
        } finally {
            inode.lock.unlock();
        }
    }

    /** Frees blocks that no file has any more, which held data or metadata: 0 or a negative errno. */
    int free(Handle handle, long run, boolean data) {
        long start = BlockRun.start(run);
        int error = 0;
        for (int i = 0; i < BlockRun.count(run) && !data && error == 0; i++) {
            error = handle.forget(start + i);
        }
        return error == 0 ? allocator.source().free(handle, start, BlockRun.count(run)) : error;
    }

    /** Has blocks of a file with extents read as zeros, which it keeps: as {@link ExtentChanges#mark}. The inode is locked. */
    long markUnwritten(Handle handle, Inode inode, long block, int most) {
        return extentChanges.mark(handle, allocator.source(), inode, block, most, false);
    }
}
