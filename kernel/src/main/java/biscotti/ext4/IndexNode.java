package biscotti.ext4;

import biscotti.block.Block;
import biscotti.block.Crc32c;

/**
 * A node of a directory's index: "Hash Tree Directories". Its entries tell from which hash on names are in which block of the directory; the
 * first one's hash is not stored. The lowest bit of a hash says that names with it are also at the end of the block before.
 */
final class IndexNode {
    /** Where entries begin in the first block, behind "." and "..", and in others. */
    static final int IN_ROOT = 0x20;

    static final int IN_NODE = 8;

    /** Where a free entry of a block says how long it is. */
    private static final int FREE_LENGTH = 4;

    private static final int LIMIT = 0;
    private static final int COUNT = 2;
    private static final int CHILD = 4;
    private static final int ENTRY = 8;
    private static final int TAIL = 8;
    private static final int TAIL_CHECKSUM = 4;
    private static final int CHILD_MASK = 0xfffffff;

    private final int base;
    private final boolean hasSum;
    private Block block;

    /** That in a pinned block. */
    IndexNode(Superblock superblock, Block block, boolean root) {
        this.block = block;
        this.base = root ? IN_ROOT : IN_NODE;
        this.hasSum = superblock.hasChecksums();
    }

    Block block() {
        return block;
    }

    /** It is that in another pinned block from now on. */
    void moveTo(Block other) {
        block = other;
    }

    /** How many entries there may be. */
    private int most() {
        return (block.size() - base - (hasSum ? TAIL : 0)) / ENTRY;
    }

    int count() {
        return block.getShort(base + COUNT);
    }

    boolean isFull() {
        return count() >= most();
    }

    /** Whether its numbers can be, and its checksum is right. */
    boolean isRight(int seed) {
        int count = count();
        boolean fits = block.getShort(base + LIMIT) == most() && count > 0 && count <= most();
        return fits && (!hasSum || sum(seed) == block.getInt(tail() + TAIL_CHECKSUM));
    }

    private int tail() {
        return base + most() * ENTRY;
    }

    private int sum(int seed) {
        int sum = block.checksum(seed, 0, base + count() * ENTRY);
        return Crc32c.updateInt(Crc32c.updateInt(sum, block.getInt(tail())), 0);
    }

    /** From which hash on names are in a child; that of the first one is no hash. */
    int hash(int index) {
        return block.getInt(base + index * ENTRY);
    }

    /** A block of the directory. */
    long child(int index) {
        return block.getInt(base + index * ENTRY + CHILD) & CHILD_MASK;
    }

    /** Which entry leads to the first names with a hash. */
    int search(int hash) {
        int low = 1;
        int high = count() - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            if (Integer.compareUnsigned(hash(middle), hash) > 0) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return low - 1;
    }

    /** Adds an entry at an index, 1 or more; it is not full. */
    void insert(int seed, int index, int hash, long child) {
        int count = count();
        for (int i = count; i > index; i--) {
            block.putLong(base + i * ENTRY, block.getLong(base + (i - 1) * ENTRY));
        }
        block.putInt(base + index * ENTRY, hash);
        block.putInt(base + index * ENTRY + CHILD, (int) child);
        block.putShort(base + COUNT, count + 1);
        seal(seed);
    }

    /** Makes it a node with one entry. */
    void begin(int seed, long child) {
        block.putShort(base + LIMIT, most());
        block.putShort(base + COUNT, 1);
        block.putInt(base + CHILD, (int) child);
        seal(seed);
    }

    /** Gets the entries of another from an index on, which that one loses: it is new, and looks like a free block otherwise. */
    void takeFrom(int seed, IndexNode other, int index) {
        int count = other.count() - index;
        block.zero(0, block.size());
        block.putShort(FREE_LENGTH, block.size());
        block.copy(base, other.block, other.base + index * ENTRY, count * ENTRY);
        block.putShort(base + LIMIT, most());
        block.putShort(base + COUNT, count);
        seal(seed);
        other.block.putShort(other.base + COUNT, index);
        if (index > 0) {
            other.seal(seed);
        }
    }

    private void seal(int seed) {
        if (hasSum) {
            block.putInt(tail() + TAIL_CHECKSUM, sum(seed));
        }
    }

    /** What else lies in its block has changed. */
    void changed(int seed) {
        seal(seed);
    }
}
