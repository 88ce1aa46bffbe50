package biscotti.ext4;

import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.block.BlockRun;
import biscotti.ext4.journal.Handle;
import biscotti.ext4.journal.Transactions;
import java.util.concurrent.atomic.AtomicInteger;

/** The structures of a file system on a device: inodes by number, and the blocks of files. */
final class Volume {
    private final BlockCache blocks;
    private final Superblock superblock;
    private final SuperblockState state;
    private final boolean wasClean;
    private final Transactions transactions;
    private final Groups groups;
    private final ExtentTree extents;
    private final IndirectMap indirect;
    private final BlockAllocator allocator;
    private final InodeAllocator inodes;
    private final Orphans orphans;

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
        this.extents = new ExtentTree(superblock, blocks);
        this.indirect = new IndirectMap(superblock, blocks);
        this.allocator = new BlockAllocator(superblock, groups, blocks, transactions);
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
        return new Inode(superblock, blocks, record);
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
            return inode.hasExtents() ? extents.find(inode, block, most) : indirect.find(inode, block, most);
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

    /** Writes all to its place, and forgets it: 0 or a negative errno. */
    int close() {
        int error = 0;
        if (transactions.error() == 0) {
            error = transactions.close();
            error = error == 0 ? state.finish(wasClean, groups) : error;
        } else {
            transactions.close();
        }
        allocator.close();
        blocks.close();
        return error;
    }
}
