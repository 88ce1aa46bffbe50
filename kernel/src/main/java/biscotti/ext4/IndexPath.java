package biscotti.ext4;

import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.Block;

/** The way from the top of a directory's index to one of its blocks: up to three nodes, which stay pinned. */
final class IndexPath {
    private static final int RESERVED = 0x18;
    private static final int VERSION = 0x1c;
    private static final int INFORMATION_LENGTH = 0x1d;
    private static final int INFORMATION_BYTES = 8;
    private static final int LEVELS = 0x1e;
    private static final int MOST = 3;

    private final Volume volume;
    private final IndexNode[] nodes = new IndexNode[MOST];
    private final int[] at = new int[MOST];
    private int depth;
    private int version;
    private int nextHash;

    IndexPath(Volume volume) {
        this.volume = volume;
        for (int level = 0; level < MOST; level++) {
            nodes[level] = new IndexNode(volume.superblock(), volume.blocks().failed(-ENOENT), level == 0);
        }
    }

    private int mostLevels() {
        return volume.superblock().has(Features.LARGE_DIRECTORIES) ? MOST : MOST - 1;
    }

    /** Reads the top; the path is empty: 0, -EUCLEAN, -EIO, -ENOMEM. */
    int open(Inode directory) {
        Block block = volume.read(directory, 0);
        if (block.error() < 0) {
            return block.error();
        }
        IndexNode root = nodes[0];
        root.moveTo(block);
        version = block.getByte(VERSION);
        int levels = block.getByte(LEVELS);
        boolean right = block.getInt(RESERVED) == 0
                && block.getByte(INFORMATION_LENGTH) == INFORMATION_BYTES
                && NameHash.isKnown(version)
                && levels < mostLevels()
                && root.isRight(directory.seed);
        if (!right) {
            block.release();
            return -EUCLEAN;
        }
        depth = 1;
        return 0;
    }

    /** Makes the first block of a directory the top of an index that leads to one block. */
    static void begin(Superblock superblock, int seed, Block block, long child) {
        block.zero(RESERVED, block.size() - RESERVED);
        block.putByte(VERSION, superblock.hashVersion);
        block.putByte(INFORMATION_LENGTH, INFORMATION_BYTES);
        new IndexNode(superblock, block, true).begin(seed, child);
    }

    /** Which hashes the index has. */
    int version() {
        return version;
    }

    /** Goes down to where names of a hash begin: 0, -EUCLEAN, -EIO, -ENOMEM. */
    int descend(Inode directory, int hash) {
        int levels = nodes[0].block().getByte(LEVELS);
        at[0] = nodes[0].search(hash);
        int error = 0;
        for (int i = 1; i <= levels && error == 0; i++) {
            error = step(directory, i);
            if (error == 0) {
                at[i] = nodes[i].search(hash);
            }
        }
        return error;
    }

    /** Reads the node that the one above leads to. */
    private int step(Inode directory, int level) {
        Block block = volume.read(directory, nodes[level - 1].child(at[level - 1]));
        if (block.error() < 0) {
            return block.error();
        }
        IndexNode node = nodes[level];
        node.moveTo(block);
        if (!node.isRight(directory.seed)) {
            block.release();
            return -EUCLEAN;
        }
        depth = level + 1;
        return 0;
    }

    /** The block of the directory that it leads to. */
    long leaf() {
        return nodes[depth - 1].child(at[depth - 1]);
    }

    /**
     * Goes on to the next block.
     *
     * @return 1; 0 if there is none; -EUCLEAN, -EIO, -ENOMEM
     */
    int next(Inode directory) {
        int levels = depth;
        int level = depth - 1;
        while (level >= 0 && at[level] + 1 >= nodes[level].count()) {
            level--;
        }
        if (level < 0) {
            return 0;
        }
        at[level]++;
        nextHash = nodes[level].hash(at[level]);
        closeBelow(level + 1);
        int error = 0;
        for (int i = 1; i < MOST && depth < levels && error == 0; i++) {
            at[depth] = 0;
            error = step(directory, depth);
        }
        return error < 0 ? error : 1;
    }

    /** After {@link #next}: with which hash the block begins. */
    int beginsWith() {
        return nextHash;
    }

    /** How many nodes it has. */
    int depth() {
        return depth;
    }

    IndexNode node(int level) {
        return nodes[level];
    }

    /** Which entry of a node it goes through. */
    int at(int level) {
        return at[level];
    }

    /** Whether there may be one level more. */
    boolean mayGrow() {
        return depth < mostLevels();
    }

    /** There is one level more. */
    void setLevels(int levels) {
        nodes[0].block().putByte(LEVELS, levels);
    }

    /** Unpins all. */
    void close() {
        closeBelow(0);
    }

    private void closeBelow(int level) {
        while (depth > level) {
            depth--;
            nodes[depth].block().release();
        }
    }
}
