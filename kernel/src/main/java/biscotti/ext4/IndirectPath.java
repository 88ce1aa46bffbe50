package biscotti.ext4;

import static biscotti.abi.Errno.EFBIG;

import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.ext4.journal.Handle;

/**
 * The tables from an inode down to the one that has a block of its file, as far as there are any: "Direct/Indirect Block Addressing". Pinned from
 * {@link #open} to {@link #close}. For one change; the inode is locked.
 */
final class IndirectPath {
    /** The most tables below the inode. */
    static final int LEVELS = 3;

    private static final int DIRECT = 12;

    private final Superblock superblock;
    private final BlockCache blocks;
    private final MapOwner owner;
    private final int bits;
    private final Block[] tables = new Block[LEVELS + 1];
    private final int[] slots = new int[LEVELS + 1];
    private int levels;
    private int last;

    /** Which block of those that the inode's pointer leads to. */
    private long inside;

    /** A path in the map of a file. */
    IndirectPath(Superblock superblock, BlockCache blocks, MapOwner owner) {
        this.superblock = superblock;
        this.blocks = blocks;
        this.owner = owner;
        this.bits = superblock.blockShift - 2;
    }

    /** How many blocks a file may have. */
    static long mostBlocks(int blockShift) {
        int bits = blockShift - 2;
        return DIRECT + (1L << bits) + (1L << 2 * bits) + (1L << 3 * bits);
    }

    /** Goes down to a block: 0; -EFBIG behind the last; -EUCLEAN, -EIO, -ENOMEM: then it is closed already. */
    int open(long block) {
        if (block >= mostBlocks(superblock.blockShift)) {
            return -EFBIG;
        }
        locate(block);
        last = 0;
        tables[0] = owner.read();
        int error = tables[0].error();
        while (error == 0 && last < levels && pointer() != 0) {
            long below = pointer();
            last++;
            tables[last] = blocks.read(superblock.contains(below, 1) ? below : -1);
            error = tables[last].error();
        }
        if (error < 0) {
            close();
        }
        return error;
    }

    private void locate(long block) {
        levels = 0;
        inside = block;
        slots[0] = (int) Math.min(block, DIRECT);
        if (block < DIRECT) {
            return;
        }
        inside -= DIRECT;
        levels = 1;
        while (inside >>> bits * levels != 0) {
            inside -= 1L << bits * levels;
            levels++;
        }
        slots[0] = DIRECT + levels - 1;
        for (int level = 1; level <= levels; level++) {
            slots[level] = (int) (inside >>> bits * (levels - level)) & (1 << bits) - 1;
        }
    }

    /** Gives the tables back. */
    void close() {
        for (int level = 0; level <= last; level++) {
            tables[level].release();
        }
    }

    MapOwner owner() {
        return owner;
    }

    /** How many tables are there, of those that there should be; the inode has the first pointers. */
    int last() {
        return last;
    }

    /** Whether the table is there that has the pointer to the block itself. */
    boolean isWhole() {
        return last == levels;
    }

    /** The last table that is there, which may be the inode. */
    Block table() {
        return tables[last];
    }

    /** The slot of the pointer in the last table. */
    int slot() {
        return slots[last];
    }

    /** How many slots the last table has for pointers to tables or blocks of the same kind. */
    int slots() {
        return last == 0 ? DIRECT : 1 << bits;
    }

    /** Where on the device the pointer in a slot of the last table leads; 0 for nowhere. */
    long pointer(int slot) {
        return tables[last].getUnsignedInt(place(slot));
    }

    /** As {@link #pointer(int)}, of the block's own slot. */
    long pointer() {
        return pointer(slot());
    }

    void setPointer(int slot, long number) {
        tables[last].putInt(place(slot), (int) number);
    }

    private int place(int slot) {
        return (last == 0 ? owner.mapOffset() : 0) + slot * Integer.BYTES;
    }

    /** How many blocks before this one the pointer in the last table leads to, too: none have a place if it leads nowhere. */
    long before() {
        return isWhole() ? 0 : inside & (1L << bits * (levels - last)) - 1;
    }

    /** To be called before the last table is changed. */
    int access(Handle handle) {
        return handle.access(tables[last]);
    }

    /** The last table has changed. The inode is stored when all is done: {@link MapOwner#storeMap}. */
    void changed(Handle handle) {
        if (last > 0) {
            handle.dirty(tables[last]);
        }
    }

    /** The next table is there now, pinned. */
    void descend(Block table) {
        last++;
        tables[last] = table;
    }

    /** The last table goes: gives it back. */
    void ascend() {
        tables[last].release();
        last--;
    }

    /** Whether no pointer of the last table leads anywhere. */
    boolean isEmpty() {
        for (int slot = 0; slot < slots(); slot++) {
            if (pointer(slot) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Where a block should lie to which the slot leads: behind its neighbour, or the table. */
    long goal() {
        if (slot() > 0 && pointer(slot() - 1) != 0) {
            return pointer(slot() - 1) + 1;
        }
        return last > 0 ? table().number() + 1 : owner.goal();
    }
}
