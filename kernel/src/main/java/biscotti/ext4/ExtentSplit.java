package biscotti.ext4;

import static biscotti.abi.Errno.ENOSPC;

import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.block.BlockRun;
import biscotti.ext4.journal.Handle;
import biscotti.file.Slot;

/**
 * Makes room in the leaf of a path: nodes that are full are split, from above, and when the root is full, a level is added below it. The tree
 * is right after each step, so that -ENOSPC in the middle does no harm.
 */
final class ExtentSplit {
    /** The most credits: for each level the node, the new one, and its allocation; and the inode. */
    static final int CREDITS = 1 + (ExtentNode.MOST_DEPTH + 1) * (2 + BlockSource.CREDITS);

    private final BlockCache blocks;

    ExtentSplit(BlockCache blocks) {
        this.blocks = blocks;
    }

    /**
     * Makes room.
     *
     * @param wanted entries: 1 or 2
     * @param append whether one is added behind the entry where the path ends: if that is the last one, the nodes before stay full, and the leaf that is
     *     new may be empty
     * @return 0; -ENOSPC; -EIO, -ENOMEM, -EROFS, -EUCLEAN
     */
    int makeRoom(Handle handle, BlockSource source, ExtentPath path, int wanted, boolean append) {
        int error = 0;
        // Each step gives room to a node on one level.
        for (int step = 0; step <= 2 * ExtentNode.MOST_DEPTH && error == 0; step++) {
            if (path.leaf().room() >= wanted) {
                return 0;
            }
            int level = path.depth();
            while (level > 0 && path.node(level - 1).room() == 0) {
                level--;
            }
            error = level == 0 ? grow(handle, source, path) : split(handle, source, path, level, append);
        }
        return error < 0 ? error : -ENOSPC;
    }

    /** A new block for a node, pinned, and zero. */
    private int allocate(Handle handle, BlockSource source, ExtentPath path, Slot<Block> made) {
        long goal = path.depth() == 0 ? path.goal() : path.leaf().block().number();
        long run = source.allocate(handle, goal, 1);
        if (run < 0) {
            return (int) run;
        }
        Block fresh = blocks.get(BlockRun.start(run));
        int error = fresh.error() < 0 ? fresh.error() : handle.create(fresh);
        if (error < 0) {
            fresh.release();
            source.free(handle, BlockRun.start(run), 1);
            return error;
        }
        fresh.zero(0, fresh.size());
        path.owner().addBlocks(1);
        made.put(fresh);
        return 0;
    }

    private int split(Handle handle, BlockSource source, ExtentPath path, int level, boolean append) {
        int error = path.access(handle, level);
        error = error == 0 ? path.access(handle, level - 1) : error;
        Slot<Block> made = new Slot<>();
        error = error == 0 ? allocate(handle, source, path, made) : error;
        if (error < 0) {
            return error;
        }
        Block block = made.get();
        ExtentNode full = path.node(level);
        int count = full.entries();
        int at = path.entry(level);
        int keep = count / 2;
        if (append && at == count - 1) {
            keep = full.depth() == 0 ? count : count - 1; // an index leads at least to one
        }
        ExtentNode fresh = new ExtentNode(block, 0);
        fresh.begin(full.depth(), ExtentNode.mostEntries(block.size()));
        full.move(keep, fresh);
        int index = path.entry(level - 1) + 1;
        path.node(level - 1).open(index);
        path.node(level - 1).setIndex(index, keep < count ? fresh.start(0) : path.block(), block.number());
        path.changed(handle, level);
        path.changed(handle, level - 1);
        path.seal(handle, fresh);
        if (at >= keep || keep == count) {
            path.turn(level, fresh, at - keep);
        } else {
            block.release();
        }
        return 0;
    }

    private int grow(Handle handle, BlockSource source, ExtentPath path) {
        ExtentNode root = path.node(0);
        if (root.depth() == ExtentNode.MOST_DEPTH) {
            return -ENOSPC;
        }
        int error = path.access(handle, 0);
        Slot<Block> made = new Slot<>();
        error = error == 0 ? allocate(handle, source, path, made) : error;
        if (error < 0) {
            return error;
        }
        Block block = made.get();
        ExtentNode fresh = new ExtentNode(block, 0);
        fresh.begin(root.depth(), ExtentNode.mostEntries(block.size()));
        root.move(0, fresh);
        root.reset(root.depth() + 1);
        root.open(0);
        root.setIndex(0, fresh.start(0), block.number());
        path.seal(handle, fresh);
        path.deepen(fresh);
        return 0;
    }
}
