package biscotti.ext4;

import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.block.BlockRun;

/** Where a file's blocks lie, as a tree of extents: "Extent Tree". */
final class ExtentTree {
    private static final int MAGIC = 0xf30a;
    private static final int ENTRY = 12;
    private static final int MOST_DEPTH = 5;
    private static final int START = 4;
    /** Longer extents are not written yet, and have this many blocks less. */
    private static final int MOST_LENGTH = 1 << 15;
    /** The number of a file's block has 32 bits. */
    private static final long BEYOND = 1L << 32;

    private final Superblock superblock;
    private final BlockCache blocks;

    ExtentTree(Superblock superblock, BlockCache blocks) {
        this.superblock = superblock;
        this.blocks = blocks;
    }

    /** Finds a run: as {@link biscotti.block.BlockMap#find}; -EUCLEAN if the tree cannot be right. The inode is locked. */
    long find(Inode inode, long block, int most) {
        if (block >= BEYOND) {
            return BlockRun.of(BlockRun.HOLE, most);
        }
        Block node = inode.read();
        if (node.error() < 0) {
            return node.error();
        }
        int at = inode.offset + InodeRecord.MAP;
        int room = InodeRecord.MAP_SIZE;
        int depth = depth(node, at);
        long end = Math.min(BEYOND, block + most);
        long answer = 0;
        while (answer == 0) {
            boolean right = isNode(inode, node, at, room, depth);
            int entry = right ? before(node, at, block) : 0;
            if (right) {
                end = Math.min(end, startBehind(node, at, entry, end));
            }
            if (!right) {
                answer = -EUCLEAN;
            } else if (entry < 0) {
                answer = BlockRun.of(BlockRun.HOLE, (int) (end - block));
            } else if (depth == 0) {
                answer = inExtent(node, at + ENTRY * (entry + 1), block, end);
            } else {
                long below = child(node, at + ENTRY * (entry + 1));
                node.release();
                if (below < 0) {
                    return below;
                }
                node = blocks.read(below);
                if (node.error() < 0) {
                    return node.error();
                }
                at = 0;
                room = superblock.blockSize();
                depth--;
            }
        }
        node.release();
        return answer;
    }

    private static int depth(Block node, int at) {
        return node.getShort(at + 6);
    }

    private static int entries(Block node, int at) {
        return node.getShort(at + 2);
    }

    private boolean isNode(Inode inode, Block node, int at, int room, int depth) {
        int most = node.getShort(at + 4);
        if (node.getShort(at) != MAGIC
                || depth(node, at) != depth
                || depth > MOST_DEPTH
                || entries(node, at) > most
                || (most + 1) * ENTRY > room) {
            return false;
        }
        int tail = ENTRY * (most + 1);
        if (room == InodeRecord.MAP_SIZE || !superblock.hasChecksums()) {
            return true;
        }
        return tail + Integer.BYTES <= room && node.checksum(inode.seed, at, tail) == node.getInt(at + tail);
    }

    private static long start(Block node, int at, int entry) {
        return node.getUnsignedInt(at + ENTRY * (entry + 1));
    }

    /** The last entry that does not start behind a block, or -1. */
    private static int before(Block node, int at, long block) {
        int low = 0;
        int high = entries(node, at);
        while (low < high) {
            int middle = low + high >>> 1;
            if (start(node, at, middle) <= block) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    private static long startBehind(Block node, int at, int entry, long otherwise) {
        return entry + 1 < entries(node, at) ? start(node, at, entry + 1) : otherwise;
    }

    /** The block of the node that an entry leads to, or -EUCLEAN. */
    private long child(Block node, int entry) {
        long block = node.getUnsignedInt(entry + START) | (long) node.getShort(entry + 8) << Integer.SIZE;
        return superblock.contains(block, 1) ? block : -EUCLEAN;
    }

    /** What an extent, or the hole behind it, tells of a block. */
    private long inExtent(Block node, int extent, long block, long end) {
        int length = node.getShort(extent + 4);
        boolean written = length <= MOST_LENGTH;
        int count = written ? length : length - MOST_LENGTH;
        long inside = block - node.getUnsignedInt(extent);
        if (inside >= count) {
            return BlockRun.of(BlockRun.HOLE, (int) Math.max(1, end - block));
        }
        long first = node.getUnsignedInt(extent + 8) | (long) node.getShort(extent + 6) << Integer.SIZE;
        if (!superblock.contains(first, count)) {
            return -EUCLEAN;
        }
        int found = (int) Math.max(1, Math.min(end - block, count - inside));
        return BlockRun.of(written ? first + inside : BlockRun.HOLE, found);
    }
}
