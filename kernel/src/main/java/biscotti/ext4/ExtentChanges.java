package biscotti.ext4;

import static biscotti.abi.Errno.EFBIG;
import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.BlockCache;
import biscotti.block.BlockRun;
import biscotti.ext4.journal.Handle;

/**
 * Changes of trees of extents: "Extent Tree". Extents that go on where their neighbour in the leaf ends become one. An index begins with the
 * very block that what it leads to begins with, as e2fsck wants it.
 *
 * <p>The inode is locked; each change needs at most {@link #CREDITS}, and leaves a tree that is right, whether it succeeds or not.
 */
final class ExtentChanges {
    /** Of a change: a split, the keys above, and nodes that go, each of which is forgotten and freed. */
    static final int CREDITS =
            ExtentSplit.CREDITS + ExtentNode.MOST_DEPTH * (1 + BlockSource.CREDITS) + BlockSource.CREDITS;

    private static final long NONE = 0;

    private final Superblock superblock;
    private final BlockCache blocks;
    private final ExtentSplit split;

    /** Changes the trees of a file system. */
    ExtentChanges(Superblock superblock, BlockCache blocks) {
        this.superblock = superblock;
        this.blocks = blocks;
        this.split = new ExtentSplit(blocks);
    }

    private ExtentPath path(MapOwner owner) {
        return new ExtentPath(superblock, blocks, owner);
    }

    /**
     * Sees to it that a block has a place on the device, and as many behind it as can be had at once.
     *
     * @param most how many are wanted, 1 to {@link BlockRun#MOST}
     * @param written whether they are to be found as written; else new ones read as zeros, and others stay as they are
     * @return a {@link BlockRun}, never a hole; -ENOSPC; -EFBIG behind the last block that a file can have; -EIO, -ENOMEM, -EROFS, -EUCLEAN
     */
    long allocate(Handle handle, BlockSource source, MapOwner owner, long block, int most, boolean written) {
        if (block >= ExtentNode.BEYOND - 1) {
            return -EFBIG; // as Linux: the length in blocks has 32 bits
        }
        ExtentPath path = path(owner);
        int error = path.open(block);
        if (error < 0) {
            return error;
        }
        long run =
                path.isInside() ? use(handle, source, path, most, written) : fill(handle, source, path, most, written);
        path.close();
        return run;
    }

    /** The block is in an extent already. */
    private long use(Handle handle, BlockSource source, ExtentPath path, int most, boolean written) {
        ExtentNode leaf = path.leaf();
        int entry = path.entry();
        long block = path.block();
        int count = (int) Math.min(most, leaf.end(entry) - block);
        long first = leaf.first(entry) + block - leaf.start(entry);
        if (!superblock.contains(first, count)) {
            return -EUCLEAN;
        }
        int error = written && !leaf.isWritten(entry) ? mark(handle, source, path, count, true) : 0;
        return error < 0 ? error : BlockRun.of(first, count);
    }

    private long fill(Handle handle, BlockSource source, ExtentPath path, int most, boolean written) {
        int room = (int) Math.min(most, Math.min(path.nextStart(), ExtentNode.BEYOND - 1) - path.block());
        long run = source.allocate(handle, path.goal(), room);
        if (run < 0) {
            return run;
        }
        long first = BlockRun.start(run);
        int count = BlockRun.count(run);
        int error = insert(handle, source, path, first, count, written);
        if (error < 0) {
            source.free(handle, first, count);
            return error;
        }
        path.owner().addBlocks(count);
        error = path.owner().storeMap(handle);
        return error < 0 ? error : run;
    }

    private int insert(Handle handle, BlockSource source, ExtentPath path, long first, int count, boolean written) {
        int before = path.entry();
        long block = path.block();
        ExtentNode leaf = path.leaf();
        boolean joins = before >= 0 && leaf.joins(before, block, first, count, written);
        boolean precedes = !joins && precedes(leaf, before + 1, block, first, count, written);
        int error = joins || precedes ? 0 : split.makeRoom(handle, source, path, 1, true);
        error = error == 0 ? path.access(handle, path.depth()) : error;
        if (error < 0) {
            return storeAfter(handle, path, error);
        }
        leaf = path.leaf();
        before = path.entry();
        if (joins) {
            leaf.setCount(before, leaf.count(before) + count);
            merge(leaf, before);
        } else if (precedes) {
            leaf.setExtent(before + 1, block, first, count + leaf.count(before + 1), written);
        } else {
            leaf.open(before + 1);
            leaf.setExtent(before + 1, block, first, count, written);
        }
        path.changed(handle, path.depth());
        return path.updateKeys(handle, path.depth());
    }

    private static boolean precedes(ExtentNode leaf, int next, long block, long first, int count, boolean written) {
        return next < leaf.entries()
                && block + count == leaf.start(next)
                && first + count == leaf.first(next)
                && written == leaf.isWritten(next)
                && count + leaf.count(next) <= ExtentNode.mostCount(written);
    }

    /** A split may have changed the root before it failed. */
    private static int storeAfter(Handle handle, ExtentPath path, int error) {
        path.owner().storeMap(handle);
        return error;
    }

    /** Makes one extent of two, if they follow one another. */
    private static void merge(ExtentNode leaf, int entry) {
        if (leaf.joins(entry, entry + 1)) {
            leaf.setCount(entry, leaf.count(entry) + leaf.count(entry + 1));
            leaf.remove(entry + 1);
        }
    }

    /**
     * Has blocks counted as written, or as not written, from which on they read as zeros. Holes stay.
     *
     * @param most how many, 1 to {@link BlockRun#MOST}
     * @return how many were seen to, or skipped; at least one; -ENOSPC; -EIO, -ENOMEM, -EROFS, -EUCLEAN
     */
    long mark(Handle handle, BlockSource source, MapOwner owner, long block, int most, boolean written) {
        ExtentPath path = path(owner);
        int error = path.open(block);
        if (error < 0) {
            return error;
        }
        long end = path.isInside() ? path.leaf().end(path.entry()) : path.nextStart();
        int count = (int) Math.min(most, end - block);
        if (path.isInside() && path.leaf().isWritten(path.entry()) != written) {
            error = mark(handle, source, path, count, written);
        }
        path.close();
        return error < 0 ? error : count;
    }

    /** Marks a part of the extent of a path, which becomes up to three. */
    private int mark(Handle handle, BlockSource source, ExtentPath path, int count, boolean written) {
        long block = path.block();
        long end = block + count;
        boolean hasHead = block > path.leaf().start(path.entry());
        boolean hasTail = end < path.leaf().end(path.entry());
        int parts = (hasHead ? 1 : 0) + (hasTail ? 1 : 0);
        int error = split.makeRoom(handle, source, path, parts, false);
        error = error == 0 ? path.access(handle, path.depth()) : error;
        if (error == 0) {
            ExtentNode leaf = path.leaf();
            int entry = path.entry();
            if (hasTail) {
                cut(leaf, entry, end);
            }
            if (hasHead) {
                cut(leaf, entry, block);
                entry++;
            }
            setWritten(leaf, entry, count, written);
            merge(leaf, entry);
            merge(leaf, entry - 1);
            path.changed(handle, path.depth());
        }
        int stored = path.owner().storeMap(handle);
        return error < 0 ? error : stored;
    }

    private static void setWritten(ExtentNode leaf, int entry, int count, boolean written) {
        leaf.setExtent(entry, leaf.start(entry), leaf.first(entry), count, written);
    }

    /** Makes two extents of one, of which the second begins with a block; there is room. */
    private static void cut(ExtentNode leaf, int entry, long block) {
        long start = leaf.start(entry);
        int head = (int) (block - start);
        leaf.open(entry + 1);
        leaf.setExtent(entry + 1, block, leaf.first(entry) + head, leaf.count(entry) - head, leaf.isWritten(entry));
        leaf.setCount(entry, head);
    }

    /**
     * Removes the last blocks of a range, which lie in one extent; the caller frees them. To be called until there are none.
     *
     * @param from the first block of the range
     * @param to the block behind it
     * @return a {@link BlockRun} of the device's blocks; 0 if the range has none; -ENOSPC if an extent would become two; -EIO, -ENOMEM, -EROFS,
     *     -EUCLEAN
     */
    long removeLast(Handle handle, BlockSource source, MapOwner owner, long from, long to) {
        if (from >= to) {
            return NONE;
        }
        ExtentPath path = path(owner);
        int error = path.open(Math.min(to, ExtentNode.BEYOND) - 1);
        if (error < 0) {
            return error;
        }
        long run = NONE;
        if (path.entry() >= 0 && path.leaf().end(path.entry()) > from) {
            run = removeLast(handle, source, path, from);
        }
        path.close();
        return run;
    }

    private long removeLast(Handle handle, BlockSource source, ExtentPath path, long from) {
        ExtentNode leaf = path.leaf();
        int entry = path.entry();
        long start = leaf.start(entry);
        long end = Math.min(path.block() + 1, leaf.end(entry));
        long begin = Math.max(Math.max(from, start), end - BlockRun.MOST);
        long first = leaf.first(entry) + begin - start;
        int count = (int) (end - begin);
        if (count <= 0 || !superblock.contains(first, count)) {
            return -EUCLEAN;
        }
        boolean splits = begin > start && end < leaf.end(entry);
        int error = splits ? split.makeRoom(handle, source, path, 1, false) : 0;
        error = error == 0 ? path.access(handle, path.depth()) : error;
        if (error == 0) {
            take(path.leaf(), path.entry(), begin, end);
            error = finishRemoval(handle, source, path);
            path.owner().addBlocks(-count);
        }
        int stored = path.owner().storeMap(handle);
        error = error < 0 ? error : stored;
        return error < 0 ? error : BlockRun.of(first, count);
    }

    /** Takes blocks out of an extent. */
    private static void take(ExtentNode leaf, int entry, long begin, long end) {
        long start = leaf.start(entry);
        long behind = leaf.end(entry);
        if (end < behind) {
            cutOff(leaf, entry, begin, end, start, behind);
        } else if (begin > start) {
            leaf.setCount(entry, (int) (begin - start));
        } else {
            leaf.remove(entry);
        }
    }

    private static void cutOff(ExtentNode leaf, int entry, long begin, long end, long start, long behind) {
        long first = leaf.first(entry) + end - start;
        boolean written = leaf.isWritten(entry);
        int tail = entry;
        if (begin > start) {
            tail++;
            leaf.open(tail);
            leaf.setCount(entry, (int) (begin - start));
        }
        leaf.setExtent(tail, end, first, (int) (behind - end), written);
    }

    /** Nodes that are empty now go; the keys above the others are put right. */
    private static int finishRemoval(Handle handle, BlockSource source, ExtentPath path) {
        int error = 0;
        while (path.depth() > 0 && path.leaf().entries() == 0 && error == 0) {
            long number = path.leaf().block().number();
            path.shorten();
            error = path.access(handle, path.depth());
            if (error == 0) {
                path.leaf().remove(path.entry());
                path.changed(handle, path.depth());
                error = handle.forget(number);
            }
            error = error == 0 ? source.free(handle, number, 1) : error;
            path.owner().addBlocks(-1);
        }
        if (error < 0) {
            return error;
        }
        if (path.leaf().entries() == 0) {
            path.leaf().reset(0);
            return 0;
        }
        path.changed(handle, path.depth());
        return path.updateKeys(handle, path.depth());
    }
}
