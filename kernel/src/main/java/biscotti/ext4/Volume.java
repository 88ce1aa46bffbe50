package biscotti.ext4;

import static biscotti.abi.Errno.EUCLEAN;

import biscotti.abi.FileMode;
import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.block.BlockRun;
import biscotti.ext4.journal.Handle;
import biscotti.ext4.journal.Transactions;
import java.util.concurrent.atomic.AtomicInteger;

/** The structures of a file system on a device: inodes by number, and the blocks of files. */
final class Volume {
    /** Credits of {@link #allocate}. */
    static final int CREDITS_TO_ALLOCATE = FileMaps.CREDITS;

    /** Credits of {@link #removeLast} and {@link #free}. */
    static final int CREDITS_TO_REMOVE = FileMaps.CREDITS_TO_RELEASE;

    private final BlockCache blocks;
    private final Superblock superblock;
    private final SuperblockState state;
    private final boolean wasClean;
    private final Transactions transactions;
    private final Groups groups;
    private final FileMaps maps;
    private final AttributeBlocks attributes;
    private final BlockAllocator allocator;
    private final InodeAllocator inodes;
    private final Orphans orphans;
    private boolean finished;

    /** Whether nothing is to be written any more when damage is found. */
    private volatile boolean endsOnDamage;

    /** The last that a new inode got; the first one is the time of day, so that they differ from those of other times. */
    private final AtomicInteger generations;

    /**
     * The structures of a file system whose groups were read.
     *
     * @param wasClean whether it was unmounted, and had no errors
     * @param transactions how it is changed
     */
    Volume(
            BlockCache blocks,
            Superblock superblock,
            Groups groups,
            SuperblockState state,
            boolean wasClean,
            Transactions transactions) {
        this.blocks = blocks;
        this.superblock = superblock;
        this.state = state;
        this.wasClean = wasClean;
        this.transactions = transactions;
        this.groups = groups;
        this.allocator = new BlockAllocator(superblock, groups, blocks, transactions);
        this.maps = new FileMaps(superblock, blocks, allocator);
        this.attributes = new AttributeBlocks(superblock, blocks, allocator);
        this.inodes = new InodeAllocator(superblock, groups, blocks);
        this.orphans = new Orphans(state);
        this.generations = new AtomicInteger(state.seconds());
    }

    Superblock superblock() {
        return superblock;
    }

    /** What of the superblock changes. */
    SuperblockState state() {
        return state;
    }

    BlockCache blocks() {
        return blocks;
    }

    Groups groups() {
        return groups;
    }

    /** Says who may take the reserved blocks, how often is committed, what happens when something on the disk is damaged. */
    void setOptions(Ext4Options options) {
        endsOnDamage = options.has(Ext4Options.READ_ONLY_ON_ERRORS);
        allocator.reserve().set(options.reservedUser(), options.reservedGroup());
        transactions.setCommitAge(options.commitAge());
    }

    /** Hands a result on; if it says that the disk is damaged, writing may end. */
    private long noted(long result) {
        if (result == -EUCLEAN && endsOnDamage && transactions.error() == 0) {
            transactions.abort(-EUCLEAN);
        }
        return result;
    }

    /** How changes reach the disk; all are refused while it is read only. */
    Transactions transactions() {
        return transactions;
    }

    BlockAllocator allocator() {
        return allocator;
    }

    InodeAllocator inodes() {
        return inodes;
    }

    /** The blocks of extended attributes. */
    AttributeBlocks attributes() {
        return attributes;
    }

    Orphans orphans() {
        return orphans;
    }

    /** Receives an inode. */
    interface InodeReader {
        /** Takes it: an answer to hand on. */
        int take(InodeRecord record);
    }

    /**
     * Reads an inode.
     *
     * @return what the reader answers; -EUCLEAN for one that is not there, not in use, or damaged; -EIO, -ENOMEM
     */
    int read(long number, InodeReader reader) {
        return (int) noted(readInode(number, reader));
    }

    private int readInode(long number, InodeReader reader) {
        long place = inodes.place(number);
        if (place < 0) {
            return (int) place;
        }
        Block block = blocks.read(place >>> superblock.blockShift);
        if (block.error() < 0) {
            return block.error();
        }
        InodeRecord record = new InodeRecord(superblock, block, (int) (place & superblock.blockSize() - 1), number);
        int result = record.mode() != 0 && record.isRight() ? reader.take(record) : -EUCLEAN;
        block.release();
        return result;
    }

    /** The inode that was read. */
    Inode inode(InodeRecord record) {
        return new Inode(superblock, blocks, allocator, record);
    }

    /**
     * Begins a new inode, of which nothing is known yet but its flags; one credit, if its block was not changed by the allocation.
     *
     * @param number was given out by {@link InodeAllocator#allocate} in the same handle
     * @param reader adds to it; its checksum is seen to afterwards
     * @return what the reader answers; -EUCLEAN, -EIO, -ENOMEM, -EROFS
     */
    int create(Handle handle, long number, int flags, InodeReader reader) {
        long place = inodes.place(number);
        if (place < 0) {
            return (int) place;
        }
        Block block = blocks.read(place >>> superblock.blockShift);
        int error = block.error() < 0 ? block.error() : handle.access(block);
        if (error == 0) {
            InodeRecord record = new InodeRecord(superblock, block, (int) (place & superblock.blockSize() - 1), number);
            record.clear(generations.incrementAndGet());
            record.setFlags(flags);
            error = reader.take(record);
            record.updateSum();
            handle.dirty(block);
        }
        block.release();
        return error;
    }

    /** Finds a run of a file's blocks, as {@link biscotti.block.BlockMap#find}; the inode is not locked yet. */
    long find(Inode inode, long block, int most) {
        inode.lock.lock();
        try {
            return noted(maps.find(inode, block, most));
        } finally {
            inode.lock.unlock();
        }
    }

    /** A block of a file that has no holes, a directory or a link, pinned: its error is -EUCLEAN for a hole. */
    Block read(Inode inode, long block) {
        long run = find(inode, block, 1);
        if (run < 0) {
            return blocks.failed((int) run);
        }
        return BlockRun.isHole(run) ? blocks.failed(-EUCLEAN) : blocks.read(BlockRun.start(run));
    }

    /**
     * Sees to it that a block of a file has a place on the device, and as many behind it as can be had at once: {@link #CREDITS_TO_ALLOCATE}. The
     * inode is locked.
     *
     * @param most how many are wanted, 1 to {@link BlockRun#MOST}
     * @param written whether they are to be found as written; else they read as zeros
     * @return a {@link BlockRun}, never a hole; -ENOSPC, -EFBIG, -EUCLEAN, -EIO, -ENOMEM, -EROFS
     */
    long allocate(Handle handle, Inode inode, long block, int most, boolean written) {
        return noted(maps.allocate(handle, inode, block, most, written));
    }

    /**
     * Has blocks of a file with extents read as zeros, which it keeps; holes stay: {@link #CREDITS_TO_ALLOCATE}. The inode is locked.
     *
     * @param most how many, 1 to {@link BlockRun#MOST}
     * @return how many were seen to, at least one; -ENOSPC, -EUCLEAN, -EIO, -ENOMEM, -EROFS
     */
    long markUnwritten(Handle handle, Inode inode, long block, int most) {
        return noted(maps.markUnwritten(handle, inode, block, most));
    }

    /**
     * Takes the last blocks of a range away from a file, which lie one after the other on the device; what the file has of them in memory goes before
     * they are freed, in the same handle, by {@link #free}. Both take {@link #CREDITS_TO_REMOVE}.
     *
     * @return a {@link BlockRun}; 0 if the range has none; -ENOSPC, -EUCLEAN, -EIO, -ENOMEM, -EROFS
     */
    long removeLast(Handle handle, Inode inode, long from, long to) {
        return noted(maps.removeLast(handle, inode, from, to));
    }

    /** Frees data that {@link #removeLast} took away: 0 or a negative errno. */
    int free(Handle handle, long run) {
        return (int) noted(maps.free(handle, run, true));
    }

    /**
     * Deletes a file that has neither names nor users: its blocks, its attributes, its inode. No handle is open.
     *
     * @return 0 or a negative errno; then it stays among the orphans
     */
    int remove(Inode inode) {
        int mode = inode.vnode().mode();
        Handle handle =
                transactions.begin(FileMaps.CREDITS_TO_RELEASE + Orphans.CREDITS + InodeAllocator.CREDITS_TO_FREE + 1);
        int error = handle.error();
        error = error == 0 ? maps.release(handle, inode, FileMode.isRegular(mode)) : error;
        error = error == 0 ? attributes.release(handle, inode) : error;
        if (error == 0) {
            inode.setSize(0);
            error = inode.store(handle);
        }
        error = error == 0 ? orphans.remove(handle, inode, state.seconds()) : error;
        error = error == 0 ? inodes.free(handle, inode.number, mode) : error;
        int ended = handle.end();
        return error < 0 ? error : ended;
    }

    /** Writes all to its place, and has the disk say that it is whole; nothing can be changed any more. Once; 0 or a negative errno. */
    int finish() {
        if (finished) {
            return 0;
        }
        finished = true;
        boolean writes = transactions.error() == 0;
        int error = transactions.close();
        return writes && error == 0 ? state.finish(wasClean, groups) : error;
    }

    /** As {@link #finish}, and forgets all. */
    int close() {
        int error = finish();
        allocator.close();
        blocks.close();
        return error;
    }
}
