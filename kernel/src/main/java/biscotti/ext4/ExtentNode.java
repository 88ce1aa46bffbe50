package biscotti.ext4;

import biscotti.block.Block;

/**
 * A node of a tree of extents, in a block or in an inode: "Extent Tree". It has a header, and entries in the order of the file's
 * blocks: extents in a leaf, else indexes of other nodes. For a short use, while its block is pinned.
 */
final class ExtentNode {
    /** The most levels of indexes above the leaves. */
    static final int MOST_DEPTH = 5;

    /** The most blocks of an extent that is written; one that is not has one less. */
    static final int MOST_LENGTH = 1 << 15;

    /** The number of a file's block has 32 bits. */
    static final long BEYOND = 1L << 32;

    /** Entries of the node that lies in an inode. */
    static final int ROOT_ENTRIES = 4;

    private static final int MAGIC = 0xf30a;
    private static final int ENTRIES = 2;
    private static final int MOST = 4;
    private static final int DEPTH = 6;
    private static final int GENERATION = 8;
    private static final int HEADER = 12;
    private static final int ENTRY = 12;

    // Of an extent.
    private static final int LENGTH = 4;
    private static final int FIRST_HIGH = 6;
    private static final int FIRST_LOW = 8;

    // Of an index.
    private static final int CHILD_LOW = 4;
    private static final int CHILD_HIGH = 8;

    private final Block block;
    private final int at;

    /** The node that lies somewhere in a pinned block. */
    ExtentNode(Block block, int at) {
        this.block = block;
        this.at = at;
    }

    /** The most entries of a node that has a block of its own; behind them there is room for a checksum. */
    static int mostEntries(int blockSize) {
        return (blockSize - HEADER) / ENTRY;
    }

    /** The block that it lies in. */
    Block block() {
        return block;
    }

    /** Whether its header can be right for a node with room for so many entries, so far above the leaves. */
    boolean isRight(int depth, int room) {
        return block.getShort(at) == MAGIC
                && depth() == depth
                && depth <= MOST_DEPTH
                && most() <= room
                && entries() <= most();
    }

    /** Whether its checksum, which a node in an inode has not, is right. */
    boolean hasRightSum(int seed) {
        int tail = HEADER + ENTRY * most();
        return tail + Integer.BYTES <= block.size() && block.checksum(seed, at, tail) == block.getInt(at + tail);
    }

    /** It has changed. */
    void updateSum(int seed) {
        int tail = HEADER + ENTRY * most();
        block.putInt(at + tail, block.checksum(seed, at, tail));
    }

    /** Makes it a new one without entries. */
    void begin(int depth, int most) {
        block.putShort(at, MAGIC);
        block.putShort(at + MOST, most);
        block.putInt(at + GENERATION, 0);
        reset(depth);
    }

    /** It has no entries any more, and is so far above the leaves. */
    void reset(int depth) {
        block.putShort(at + ENTRIES, 0);
        block.putShort(at + DEPTH, depth);
    }

    /** How far above the leaves it is. */
    int depth() {
        return block.getShort(at + DEPTH);
    }

    /** How many entries it has. */
    int entries() {
        return block.getShort(at + ENTRIES);
    }

    private int most() {
        return block.getShort(at + MOST);
    }

    /** How many entries more it can take. */
    int room() {
        return most() - entries();
    }

    private int place(int entry) {
        return at + HEADER + ENTRY * entry;
    }

    /** The file's block that an entry begins with. */
    long start(int entry) {
        return block.getUnsignedInt(place(entry));
    }

    void setStart(int entry, long start) {
        block.putInt(place(entry), (int) start);
    }

    /** The last entry that does not start behind a block, or -1. */
    int before(long wanted) {
        int low = 0;
        int high = entries();
        while (low < high) {
            int middle = low + high >>> 1;
            if (start(middle) <= wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** The block of the node that an index leads to. */
    long child(int entry) {
        int place = place(entry);
        return block.getUnsignedInt(place + CHILD_LOW) | (long) block.getShort(place + CHILD_HIGH) << Integer.SIZE;
    }

    /** Whether an extent's blocks were written; else they read as zeros. */
    boolean isWritten(int entry) {
        return block.getShort(place(entry) + LENGTH) <= MOST_LENGTH;
    }

    /** How many blocks an extent has. */
    int count(int entry) {
        int length = block.getShort(place(entry) + LENGTH);
        return length <= MOST_LENGTH ? length : length - MOST_LENGTH;
    }

    /** The block of the device that an extent begins with. */
    long first(int entry) {
        int place = place(entry);
        return block.getUnsignedInt(place + FIRST_LOW) | (long) block.getShort(place + FIRST_HIGH) << Integer.SIZE;
    }

    /** The file's block behind an extent. */
    long end(int entry) {
        return start(entry) + count(entry);
    }

    /** The most blocks of an extent. */
    static int mostCount(boolean written) {
        return written ? MOST_LENGTH : MOST_LENGTH - 1;
    }

    /** Sets an extent. */
    void setExtent(int entry, long start, long first, int count, boolean written) {
        int place = place(entry);
        block.putInt(place, (int) start);
        block.putShort(place + LENGTH, written ? count : count + MOST_LENGTH);
        block.putShort(place + FIRST_HIGH, (int) (first >>> Integer.SIZE));
        block.putInt(place + FIRST_LOW, (int) first);
    }

    /** Makes an extent so long that it stays what it is. */
    void setCount(int entry, int count) {
        block.putShort(place(entry) + LENGTH, isWritten(entry) ? count : count + MOST_LENGTH);
    }

    /** Sets an index. */
    void setIndex(int entry, long start, long child) {
        int place = place(entry);
        block.putInt(place, (int) start);
        block.putInt(place + CHILD_LOW, (int) child);
        block.putInt(place + CHILD_HIGH, (int) (child >>> Integer.SIZE));
    }

    /** Makes room for one entry before another; there is some. */
    void open(int entry) {
        for (int i = place(entries()) - Integer.BYTES; i >= place(entry); i -= Integer.BYTES) {
            block.putInt(i + ENTRY, block.getInt(i));
        }
        block.putShort(at + ENTRIES, entries() + 1);
    }

    /** Removes an entry. */
    void remove(int entry) {
        for (int i = place(entry); i < place(entries() - 1); i += Integer.BYTES) {
            block.putInt(i, block.getInt(i + ENTRY));
        }
        block.putShort(at + ENTRIES, entries() - 1);
    }

    /** Moves the entries from one on to another node, which has none. */
    void move(int from, ExtentNode to) {
        int count = entries() - from;
        to.block.copy(to.place(0), block, place(from), ENTRY * count);
        to.block.putShort(to.at + ENTRIES, count);
        block.putShort(at + ENTRIES, from);
    }

    /** Whether the second of two extents goes on where the first ends, and one can hold both. */
    boolean joins(int entry, int next) {
        return entry >= 0 && next < entries() && joins(entry, start(next), first(next), count(next), isWritten(next));
    }

    /** Whether blocks go on where an extent ends, and it can hold them, too. */
    boolean joins(int entry, long start, long first, int count, boolean written) {
        int before = count(entry);
        return start(entry) + before == start
                && first(entry) + before == first
                && isWritten(entry) == written
                && before + count <= mostCount(written);
    }
}
