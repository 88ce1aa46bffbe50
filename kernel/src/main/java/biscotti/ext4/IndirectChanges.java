package biscotti.ext4;

import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.block.BlockRun;
import biscotti.ext4.journal.Handle;

/**
 * Changes of maps of ext2 and ext3: "Direct/Indirect Block Addressing". All blocks that have a place count as written. The inode is locked; each
 * change needs at most {@link #CREDITS}, and leaves a map that is right, whether it succeeds or not.
 */
final class IndirectChanges {
    /** Of a change: each table, its allocation and that it is forgotten; the inode, and the allocation of blocks. */
    static final int CREDITS = 1 + IndirectPath.LEVELS * (2 + BlockSource.CREDITS) + BlockSource.CREDITS;

    private static final long NONE = 0;

    /** Pointers have 32 bits. */
    private static final long BEYOND = 1L << 32;

    private final Superblock superblock;
    private final BlockCache blocks;

    /** Changes the maps of a file system. */
    IndirectChanges(Superblock superblock, BlockCache blocks) {
        this.superblock = superblock;
        this.blocks = blocks;
    }

    /**
     * Sees to it that a block has a place on the device, and as many behind it as can be had at once.
     *
     * @param most how many are wanted, 1 to {@link BlockRun#MOST}
     * @return a {@link BlockRun}, never a hole; -ENOSPC; -EFBIG; -EIO, -ENOMEM, -EROFS, -EUCLEAN
     */
    long allocate(Handle handle, BlockSource source, MapOwner owner, long block, int most) {
        IndirectPath path = new IndirectPath(superblock, blocks, owner);
        int error = path.open(block);
        if (error < 0) {
            return error;
        }
        for (int level = 0; level < IndirectPath.LEVELS && error == 0 && !path.isWhole(); level++) {
            error = addTable(handle, source, path);
        }
        long run = error < 0 ? error : use(handle, source, path, most);
        if (run < 0) {
            prune(handle, source, path);
        }
        int stored = owner.storeMap(handle);
        path.close();
        return run < 0 || stored == 0 ? run : stored;
    }

    private int addTable(Handle handle, BlockSource source, IndirectPath path) {
        int error = path.access(handle);
        long run = error < 0 ? error : place(handle, source, path, 1);
        if (run < 0) {
            return (int) run;
        }
        Block table = blocks.get(BlockRun.start(run));
        error = table.error() < 0 ? table.error() : handle.create(table);
        if (error < 0) {
            table.release();
            source.free(handle, BlockRun.start(run), 1);
            return error;
        }
        table.zero(0, table.size());
        path.setPointer(path.slot(), table.number());
        path.changed(handle);
        path.descend(table);
        path.changed(handle);
        path.owner().addBlocks(1);
        return 0;
    }

    /** Blocks that a pointer can lead to. */
    private static long place(Handle handle, BlockSource source, IndirectPath path, int most) {
        long run = source.allocate(handle, path.goal(), most);
        if (run >= 0 && BlockRun.start(run) + BlockRun.count(run) > BEYOND) {
            source.free(handle, BlockRun.start(run), BlockRun.count(run));
            return -ENOSPC;
        }
        return run;
    }

    private long use(Handle handle, BlockSource source, IndirectPath path, int most) {
        int slot = path.slot();
        int room = Math.min(most, path.slots() - slot);
        long first = path.pointer();
        int count = 1;
        while (count < room && path.pointer(slot + count) == (first == 0 ? 0 : first + count)) {
            count++;
        }
        if (first != 0) {
            return superblock.contains(first, count) ? BlockRun.of(first, count) : -EUCLEAN;
        }
        int error = path.access(handle);
        long run = error < 0 ? error : place(handle, source, path, count);
        if (run < 0) {
            return run;
        }
        for (int i = 0; i < BlockRun.count(run); i++) {
            path.setPointer(slot + i, BlockRun.start(run) + i);
        }
        path.changed(handle);
        path.owner().addBlocks(BlockRun.count(run));
        return run;
    }

    /**
     * Removes the last blocks of a range that lie one after the other; the caller frees them. To be called until there are none.
     *
     * @param from the first block of the range
     * @param to the block behind it
     * @return a {@link BlockRun} of the device's blocks; 0 if the range has none; -EIO, -ENOMEM, -EROFS, -EUCLEAN
     */
    long removeLast(Handle handle, BlockSource source, MapOwner owner, long from, long to) {
        IndirectPath path = new IndirectPath(superblock, blocks, owner);
        long at = Math.min(to, IndirectPath.mostBlocks(superblock.blockShift)) - 1;
        // Each step skips all that the lowest table there has no pointer for.
        while (at >= from) {
            int error = path.open(at);
            if (error < 0) {
                return error;
            }
            if (path.isWhole()) {
                int slot = path.slot();
                int low = (int) Math.max(0, slot - (at - from));
                while (slot >= low && path.pointer(slot) == 0) {
                    slot--;
                }
                if (slot >= low) {
                    long run = remove(handle, source, path, low, slot);
                    path.close();
                    return run;
                }
                at -= path.slot() - low + 1;
            } else {
                at -= path.before() + 1;
            }
            path.close();
        }
        return NONE;
    }

    private long remove(Handle handle, BlockSource source, IndirectPath path, int low, int last) {
        int slot = last;
        while (slot > low && path.pointer(slot - 1) == path.pointer(slot) - 1) {
            slot--;
        }
        long first = path.pointer(slot);
        int count = last - slot + 1;
        if (!superblock.contains(first, count)) {
            return -EUCLEAN;
        }
        int error = path.access(handle);
        if (error < 0) {
            return error;
        }
        for (int i = slot; i <= last; i++) {
            path.setPointer(i, 0);
        }
        path.changed(handle);
        path.owner().addBlocks(-count);
        error = prune(handle, source, path);
        int stored = path.owner().storeMap(handle);
        error = error < 0 ? error : stored;
        return error < 0 ? error : BlockRun.of(first, count);
    }

    /** Tables that lead nowhere go. */
    private static int prune(Handle handle, BlockSource source, IndirectPath path) {
        int error = 0;
        while (path.last() > 0 && path.isEmpty() && error == 0) {
            long number = path.table().number();
            path.ascend();
            error = path.access(handle);
            if (error == 0) {
                path.setPointer(path.slot(), 0);
                path.changed(handle);
                error = handle.forget(number);
            }
            error = error == 0 ? source.free(handle, number, 1) : error;
            path.owner().addBlocks(-1);
        }
        return error;
    }
}
