package biscotti.ext4;

import biscotti.abi.FileMode;
import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.ext4.journal.Handle;
import biscotti.file.Vnode;
import biscotti.machine.PhysicalMemory;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;

/**
 * The inode of a file that is in memory: where it lies, and what it has that no {@link Vnode} knows. Its lock guards the map of blocks that begins in it,
 * what is below, and its bytes on the disk.
 */
final class Inode implements MapOwner {
    static final int FLAG_INDEX = 0x1000;
    static final int FLAG_HUGE = 0x40000;
    static final int FLAG_EXTENTS = 0x80000;
    static final int FLAG_INLINE_DATA = 0x10000000;

    private static final int MOST_LINKS = 65000;

    /** Held inside of a handle, not around it. */
    final RankedLock lock = new RankedLock(LockRank.INODE);

    final long number;

    /** The block that it lies in, and where there. */
    final long block;

    final int offset;

    /** What tells it from others that had its number. */
    final int generation;

    /** Where the checksums of what belongs to it begin. */
    final int seed;

    /** How much it has of the fields behind the older ones, in bytes. */
    final int extraSize;

    private final Superblock superblock;
    private final BlockCache blocks;
    private final BlockAllocator allocator;
    private volatile int flags;
    private volatile long size;
    private volatile long sectors;
    private volatile long attributeBlock;
    private volatile boolean nameless;
    private volatile boolean changed;
    private volatile long tid;
    private Vnode vnode;

    /** The orphans beside it, under the lock of {@link Orphans}. */
    Inode previousOrphan;

    Inode nextOrphan;
    boolean isOrphan;

    /** The next that {@link Upkeep} is to delete, or to store; guarded by its lock. */
    Inode nextToDelete;

    Inode nextToStore;
    boolean isToBeStored;

    /** What is read, or was just made, on the disk. */
    Inode(Superblock superblock, BlockCache blocks, BlockAllocator allocator, InodeRecord record) {
        this.superblock = superblock;
        this.blocks = blocks;
        this.allocator = allocator;
        this.number = record.number();
        this.block = record.block().number();
        this.offset = record.offset();
        this.generation = record.generation();
        this.seed = record.seed();
        this.extraSize = record.extraSize();
        this.flags = record.flags();
        this.size = record.size();
        this.sectors = record.sectors();
        this.attributeBlock = record.attributeBlock();
    }

    /** The file that it is of; set before others see it. */
    Vnode vnode() {
        return vnode;
    }

    /** Sets the same. */
    void setVnode(Vnode file) {
        vnode = file;
    }

    /** Whether the vnode has attributes that the disk does not have. */
    boolean isChanged() {
        return changed;
    }

    /** Says that it has: whether that is news. */
    boolean noteChange() {
        boolean news = !changed;
        changed = true;
        return news;
    }

    /** The last transaction that stored something of it, or 0. */
    long tid() {
        return tid;
    }

    /** How long the disk has it, which may differ from the length of the file in memory. */
    long size() {
        return size;
    }

    /** Sets the length that is stored next; locked. */
    void setSize(long newSize) {
        size = newSize;
    }

    /** What it takes, in units of 512 bytes. */
    long sectors() {
        return sectors;
    }

    /** {@inheritDoc} Blocks of the file system; locked. */
    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // the lock is held
    public void addBlocks(long count) {
        sectors += count << superblock.blockShift - 9;
    }

    /** The block of its attributes, or 0. */
    long attributeBlock() {
        return attributeBlock;
    }

    /** Sets the same, to be stored next; locked. */
    void setAttributeBlock(long newBlock) {
        attributeBlock = newBlock;
    }

    /** Whether it was stored without a name, so that it is among the orphans. */
    boolean isNameless() {
        return nameless;
    }

    /** Says the same. */
    void setNameless(boolean now) {
        nameless = now;
    }

    /** Whether it has a flag. */
    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** All its flags. */
    int flags() {
        return flags;
    }

    /** Sets its flags, to be stored next; locked. */
    void setFlags(int newFlags) {
        flags = newFlags;
    }

    /** Whether its map is a tree of extents. */
    boolean hasExtents() {
        return has(FLAG_EXTENTS);
    }

    /** Whether its map holds a symbolic link's target itself: it has no blocks but that of its attributes. */
    boolean isShortLink() {
        long attributes = attributeBlock == 0 ? 0 : 1L << superblock.blockShift - 9;
        return sectors == attributes && size < InodeRecord.MAP_SIZE;
    }

    @Override
    public Block read() {
        return blocks.read(block);
    }

    @Override
    public int mapOffset() {
        return offset + InodeRecord.MAP;
    }

    @Override
    public int seed() {
        return seed;
    }

    @Override
    public long goal() {
        return allocator.goal(this);
    }

    /** Itself, in its block. */
    InodeRecord record(Block pinned) {
        return new InodeRecord(superblock, pinned, offset, number);
    }

    /**
     * Stores all that a vnode and this know of it. Takes its lock, and one credit if the handle has not changed the block yet.
     *
     * @return 0; -EROFS, -EIO, -ENOMEM
     */
    int store(Handle handle) {
        lock.lock();
        try {
            changed = false; // before they are read: who changes them meanwhile says so again
            Block pinned = read();
            int error = pinned.error() < 0 ? pinned.error() : handle.access(pinned);
            if (error == 0) {
                InodeRecord record = record(pinned);
                record.setAttributes(vnode, links());
                put(record);
                handle.dirty(pinned);
                tid = handle.tid();
            }
            changed |= error < 0;
            pinned.release();
            return error;
        } finally {
            lock.unlock();
        }
    }

    /** {@inheritDoc} Stores what this knows of it, as {@link #store}; locked. */
    @Override
    public int storeMap(Handle handle) {
        Block pinned = read();
        int error = pinned.error() < 0 ? pinned.error() : handle.access(pinned);
        if (error == 0) {
            put(record(pinned));
            handle.dirty(pinned);
            tid = handle.tid();
        }
        pinned.release();
        return error;
    }

    /** Where attributes lie behind its fields, in its block. */
    private int attributeOffset() {
        return offset + InodeRecord.OLD_SIZE + extraSize;
    }

    /** How much room there is for attributes behind its fields; one without {@code i_extra_isize} has none. */
    int attributeRoom() {
        int room = extraSize == 0 ? 0 : superblock.inodeSize - InodeRecord.OLD_SIZE - extraSize;
        return Math.clamp(room, 0, PhysicalMemory.FRAME_SIZE);
    }

    /** Reads what is there: 0, -EIO, -ENOMEM; locked. */
    int readAttributes(byte[] bytes) {
        Block pinned = read();
        if (pinned.error() < 0) {
            return pinned.error();
        }
        pinned.get(attributeOffset(), bytes, 0, bytes.length);
        pinned.release();
        return 0;
    }

    /** Stores what is to be there; as {@link #storeMap}. */
    int storeAttributes(Handle handle, byte[] bytes) {
        Block pinned = read();
        int error = pinned.error() < 0 ? pinned.error() : handle.access(pinned);
        if (error == 0) {
            pinned.put(attributeOffset(), bytes, 0, bytes.length);
            put(record(pinned));
            handle.dirty(pinned);
            tid = handle.tid();
        }
        pinned.release();
        return error;
    }

    private void put(InodeRecord record) {
        record.setFlags(flags);
        record.setSize(size);
        record.setSectors(sectors);
        record.setAttributeBlock(attributeBlock);
        record.updateSum();
    }

    private int links() {
        int links = vnode.links();
        return FileMode.isDirectory(vnode.mode()) && links > MOST_LINKS ? 1 : links;
    }
}
