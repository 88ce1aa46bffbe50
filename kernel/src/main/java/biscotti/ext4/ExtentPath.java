package biscotti.ext4;

import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.ext4.journal.Handle;

/**
 * The nodes of a tree of extents from the root down to the leaf where a block of the file is, or would be: pinned from {@link #open} to {@link
 * #close}. For one change; the inode is locked.
 */
final class ExtentPath {
    private static final int LEVELS = ExtentNode.MOST_DEPTH + 1;

    private final Superblock superblock;
    private final BlockCache blocks;
    private final MapOwner owner;
    private final ExtentNode[] nodes = new ExtentNode[LEVELS];

    /** Which entry of each node leads on; in the leaf the last that does not start behind the block, or -1. */
    private final int[] entries = new int[LEVELS];

    private int depth;
    private long block;

    /** A path in the tree of a file. */
    ExtentPath(Superblock superblock, BlockCache blocks, MapOwner owner) {
        this.superblock = superblock;
        this.blocks = blocks;
        this.owner = owner;
    }

    /** Goes down to a block: 0; -EUCLEAN if the tree cannot be right, -EIO, -ENOMEM: then it is closed already. */
    int open(long wanted) {
        block = wanted;
        depth = -1;
        Block read = owner.read();
        int error = read.error();
        if (error < 0) {
            read.release();
            return error;
        }
        ExtentNode node = new ExtentNode(read, owner.mapOffset());
        int left = Math.min(node.depth(), ExtentNode.MOST_DEPTH);
        while (left >= 0 && error == 0) {
            depth++;
            nodes[depth] = node;
            error = isRight(node, left) ? 0 : -EUCLEAN;
            entries[depth] = error == 0 ? node.before(wanted) : 0;
            left--;
            if (left >= 0 && error == 0) {
                entries[depth] = Math.max(0, entries[depth]);
                node = below(node, entries[depth]);
                error = node.block().error();
                if (error < 0) {
                    node.block().release();
                }
            }
        }
        if (error < 0) {
            close();
        }
        return error;
    }

    private boolean isRight(ExtentNode node, int expected) {
        if (depth == 0) {
            return node.isRight(expected, ExtentNode.ROOT_ENTRIES) && (expected == 0 || node.entries() > 0);
        }
        return node.isRight(expected, ExtentNode.mostEntries(1 << superblock.blockShift))
                && node.entries() > 0
                && (!superblock.hasChecksums() || node.hasRightSum(owner.seed()));
    }

    private ExtentNode below(ExtentNode node, int entry) {
        long child = node.child(entry);
        return new ExtentNode(blocks.read(superblock.contains(child, 1) ? child : -1), 0);
    }

    /** Gives the nodes back. */
    void close() {
        for (int level = 0; level <= depth; level++) {
            nodes[level].block().release();
        }
        depth = -1;
    }

    MapOwner owner() {
        return owner;
    }

    /** The block that it was opened for. */
    long block() {
        return block;
    }

    /** The level of the leaf; the root has 0. */
    int depth() {
        return depth;
    }

    ExtentNode node(int level) {
        return nodes[level];
    }

    ExtentNode leaf() {
        return nodes[depth];
    }

    int entry(int level) {
        return entries[level];
    }

    /** The extent that has the block, or that is before it; -1 if none is in the leaf. */
    int entry() {
        return entries[depth];
    }

    /** Whether the block is in the extent. */
    boolean isInside() {
        return entry() >= 0 && block < leaf().end(entry());
    }

    /** The block with which the next extent begins, or {@link ExtentNode#BEYOND}. */
    long nextStart() {
        for (int level = depth; level >= 0; level--) {
            if (entries[level] + 1 < nodes[level].entries()) {
                return nodes[level].start(entries[level] + 1);
            }
        }
        return ExtentNode.BEYOND;
    }

    /** Where the block should lie on the device: as far from its neighbour as in the file. */
    long goal() {
        ExtentNode leaf = leaf();
        int entry = entry();
        if (entry >= 0) {
            return leaf.first(entry) + block - leaf.start(entry);
        }
        return leaf.entries() > 0 ? Math.max(0, leaf.first(0) - (leaf.start(0) - block)) : owner.goal();
    }

    /** To be called before a node is changed. */
    int access(Handle handle, int level) {
        return handle.access(nodes[level].block());
    }

    /** A node has changed. The root is stored when all is done: {@link MapOwner#storeMap}. */
    void changed(Handle handle, int level) {
        if (level > 0) {
            seal(handle, nodes[level]);
        }
    }

    /** As {@link #changed}, for a node that is not in the path. */
    void seal(Handle handle, ExtentNode node) {
        if (superblock.hasChecksums()) {
            node.updateSum(owner.seed());
        }
        handle.dirty(node.block());
    }

    /** The first entry of a node may begin elsewhere now: tells the indexes above. */
    int updateKeys(Handle handle, int from) {
        int error = 0;
        for (int level = from; level > 0 && error == 0; level--) {
            ExtentNode above = nodes[level - 1];
            long start = nodes[level].start(0);
            if (above.start(entries[level - 1]) == start) {
                return 0;
            }
            error = access(handle, level - 1);
            if (error == 0) {
                above.setStart(entries[level - 1], start);
                changed(handle, level - 1);
            }
        }
        return error;
    }

    /** A node was split, and the path goes through the new one, of which the index is the next. */
    void turn(int level, ExtentNode fresh, int entry) {
        nodes[level].block().release();
        nodes[level] = fresh;
        entries[level] = entry;
        entries[level - 1]++;
    }

    /** What the root had lies in a new node below it. */
    void deepen(ExtentNode fresh) {
        System.arraycopy(nodes, 1, nodes, 2, depth);
        System.arraycopy(entries, 0, entries, 1, depth + 1);
        nodes[1] = fresh;
        entries[0] = 0;
        depth++;
    }

    /** The lowest node goes: gives it back. */
    void shorten() {
        nodes[depth].block().release();
        depth--;
    }
}
