package biscotti.ext4;

import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.BlockRun;
import biscotti.block.Crc32c;
import biscotti.machine.PhysicalMemory;

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
    private final Blocks blocks;
    private final PhysicalMemory memory;

    ExtentTree(Superblock superblock, Blocks blocks) {
        this.superblock = superblock;
        this.blocks = blocks;
        this.memory = blocks.memory();
    }

    /** Finds a run: as {@link biscotti.block.BlockMap#find}; -EUCLEAN if the tree cannot be right. */
    long find(Inode inode, long block, int most) {
        if (block >= BEYOND) {
            return BlockRun.of(BlockRun.HOLE, most);
        }
        long node = blocks.pin(inode.place);
        if (node < 0) {
            return node;
        }
        long pinned = node;
        node += Inode.MAP;
        int room = Inode.MAP_SIZE;
        int depth = depth(node);
        long end = Math.min(BEYOND, block + most);
        long answer = 0;
        while (answer == 0) {
            boolean right = isNode(inode, node, room, depth);
            int entry = right ? before(node, block) : 0;
            if (right) {
                end = Math.min(end, startBehind(node, entry, end));
            }
            if (!right) {
                answer = -EUCLEAN;
            } else if (entry < 0) {
                answer = BlockRun.of(BlockRun.HOLE, (int) (end - block));
            } else if (depth == 0) {
                answer = inExtent(node + ENTRY * (entry + 1L), block, end);
            } else {
                long below = child(node + ENTRY * (entry + 1L));
                blocks.unpin(pinned);
                pinned = below < 0 ? below : blocks.pin(below << superblock.blockShift);
                if (pinned < 0) {
                    return pinned;
                }
                node = pinned;
                room = 1 << superblock.blockShift;
                depth--;
            }
        }
        blocks.unpin(pinned);
        return answer;
    }

    private int depth(long node) {
        return Short.toUnsignedInt(memory.readShort(node + 6));
    }

    private int entries(long node) {
        return Short.toUnsignedInt(memory.readShort(node + 2));
    }

    private boolean isNode(Inode inode, long node, int room, int depth) {
        int most = Short.toUnsignedInt(memory.readShort(node + 4));
        if (Short.toUnsignedInt(memory.readShort(node)) != MAGIC
                || depth(node) != depth
                || depth > MOST_DEPTH
                || entries(node) > most
                || (most + 1) * ENTRY > room) {
            return false;
        }
        int tail = ENTRY * (most + 1);
        if (room == Inode.MAP_SIZE || !superblock.hasChecksums()) {
            return true;
        }
        return tail + Integer.BYTES <= room
                && Crc32c.update(inode.seed, memory, node, tail) == memory.readInt(node + tail);
    }

    private long start(long node, int entry) {
        return Integer.toUnsignedLong(memory.readInt(node + ENTRY * (entry + 1L)));
    }

    /** The last entry that does not start behind a block, or -1. */
    private int before(long node, long block) {
        int low = 0;
        int high = entries(node);
        while (low < high) {
            int middle = low + high >>> 1;
            if (start(node, middle) <= block) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    private long startBehind(long node, int entry, long otherwise) {
        return entry + 1 < entries(node) ? start(node, entry + 1) : otherwise;
    }

    /** The block of the node that an entry leads to, or -EUCLEAN. */
    private long child(long entry) {
        long low = Integer.toUnsignedLong(memory.readInt(entry + START));
        long block = low | (long) Short.toUnsignedInt(memory.readShort(entry + 8)) << Integer.SIZE;
        return superblock.contains(block, 1) ? block : -EUCLEAN;
    }

    /** What an extent, or the hole behind it, tells of a block. */
    private long inExtent(long extent, long block, long end) {
        int length = Short.toUnsignedInt(memory.readShort(extent + 4));
        boolean written = length <= MOST_LENGTH;
        int count = written ? length : length - MOST_LENGTH;
        long inside = block - Integer.toUnsignedLong(memory.readInt(extent));
        if (inside >= count) {
            return BlockRun.of(BlockRun.HOLE, (int) Math.max(1, end - block));
        }
        long first = Integer.toUnsignedLong(memory.readInt(extent + 8))
                | (long) Short.toUnsignedInt(memory.readShort(extent + 6)) << Integer.SIZE;
        if (!superblock.contains(first, count)) {
            return -EUCLEAN;
        }
        int found = (int) Math.max(1, Math.min(end - block, count - inside));
        return BlockRun.of(written ? first + inside : BlockRun.HOLE, found);
    }
}
