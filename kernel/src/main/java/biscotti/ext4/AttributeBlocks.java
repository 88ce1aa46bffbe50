package biscotti.ext4;

import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.block.BlockRun;
import biscotti.block.Crc32c;
import biscotti.ext4.journal.Handle;
import biscotti.file.Slot;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;

/**
 * The blocks of extended attributes: "Extended Attributes". Files with the same attributes may share one, which then nobody changes but for the count of
 * files; none is shared here that was not before.
 */
final class AttributeBlocks {
    /** Credits of {@link #replace}: the old block, a new one. */
    static final int CREDITS = 2 + 2 * BlockSource.CREDITS;

    private final Superblock superblock;
    private final BlockCache blocks;
    private final BlockAllocator allocator;

    /**
     * Guards the counts of files and the checksums of all these blocks; no group is locked meanwhile. What else a block has, the lock of the only inode
     * guards that has it.
     */
    private final RankedLock lock = new RankedLock(LockRank.BLOCK_GROUP);

    AttributeBlocks(Superblock superblock, BlockCache blocks, BlockAllocator allocator) {
        this.superblock = superblock;
        this.blocks = blocks;
        this.allocator = allocator;
    }

    /** A block, pinned: its error is -EUCLEAN if it is none of attributes, or damaged. */
    private Block block(long number) {
        Block block = superblock.contains(number, 1) ? blocks.read(number) : blocks.failed(-EUCLEAN);
        if (block.error() < 0 || isRight(block)) {
            return block;
        }
        block.release();
        return blocks.failed(-EUCLEAN);
    }

    private boolean isRight(Block block) {
        if (block.getInt(0) != AttributeArea.MAGIC) {
            return false;
        }
        if (!superblock.hasChecksums()) {
            return true;
        }
        lock.lock();
        try {
            boolean right = block.isChecked() || block.getInt(AttributeArea.CHECKSUM) == sum(block);
            if (right) {
                block.setChecked();
            }
            return right;
        } finally {
            lock.unlock();
        }
    }

    /** Reads what an inode has in its block, which is an empty area if it has none: 0, -EUCLEAN, -EIO, -ENOMEM. The inode is locked. */
    int read(Inode inode, Slot<AttributeArea> area) {
        byte[] bytes = new byte[superblock.blockSize()];
        AttributeArea found = AttributeArea.ofBlock(bytes);
        area.put(found);
        if (inode.attributeBlock() == 0) {
            return 0;
        }
        Block block = block(inode.attributeBlock());
        if (block.error() < 0) {
            return block.error();
        }
        block.get(0, bytes, 0, bytes.length);
        block.release();
        return found.isRight() ? 0 : -EUCLEAN;
    }

    /** An empty area as long as a block. */
    AttributeArea empty() {
        return AttributeArea.ofBlock(new byte[superblock.blockSize()]);
    }

    /**
     * An inode has this in its block from now on, or none if it is empty: {@link #CREDITS}, and one for the inode, which is stored. A block that others
     * have, too, stays theirs. The inode is locked.
     *
     * @return 0; -ENOSPC, -EUCLEAN, -EIO, -ENOMEM, -EROFS
     */
    int replace(Handle handle, Inode inode, AttributeArea area) {
        long old = inode.attributeBlock();
        if (old == 0) {
            return area.isEmpty() ? 0 : begin(handle, inode, area);
        }
        Block block = block(old);
        int error = block.error();
        if (error < 0) {
            return error;
        }
        if (area.isEmpty()) {
            error = drop(handle, block);
            error = error == 0 ? point(handle, inode, 0, -1) : error;
        } else if (isShared(block)) {
            error = begin(handle, inode, area);
            error = error == 0 ? drop(handle, block) : error;
        } else {
            error = handle.access(block);
            error = error == 0 ? fill(handle, block, area) : error;
            error = error == 0 ? inode.storeMap(handle) : error; // fsync(2) looks for its transaction
        }
        block.release();
        return error;
    }

    private boolean isShared(Block block) {
        lock.lock();
        boolean shared = block.getInt(AttributeArea.REFERENCES) > 1;
        lock.unlock();
        return shared;
    }

    /** Gives an inode a block of its own, whichever it had. */
    private int begin(Handle handle, Inode inode, AttributeArea area) {
        long run = allocator.source().allocate(handle, allocator.goal(inode), 1);
        if (run < 0) {
            return (int) run;
        }
        long number = BlockRun.start(run);
        Block block = blocks.get(number);
        int error = block.error() < 0 ? block.error() : handle.create(block);
        error = error == 0 ? fill(handle, block, area) : error;
        block.release();
        int more = inode.attributeBlock() == 0 ? 1 : 0;
        return error == 0 ? point(handle, inode, number, more) : error;
    }

    private int fill(Handle handle, Block block, AttributeArea area) {
        lock.lock();
        byte[] bytes = area.bytes();
        block.put(0, bytes, 0, bytes.length);
        updateSum(block);
        block.setChecked();
        lock.unlock();
        handle.dirty(block);
        return 0;
    }

    private static int point(Handle handle, Inode inode, long number, int more) {
        inode.setAttributeBlock(number);
        inode.addBlocks(more);
        return inode.storeMap(handle);
    }

    /**
     * A file that is deleted has its block no more, if it has one; the inode is to be stored. Takes one credit, and those of giving a block back.
     *
     * @return 0; -EUCLEAN, -EIO, -ENOMEM, -EROFS
     */
    int release(Handle handle, Inode inode) {
        inode.lock.lock();
        try {
            if (inode.attributeBlock() == 0) {
                return 0;
            }
            Block block = block(inode.attributeBlock());
            int error = block.error();
            if (error == 0) {
                error = drop(handle, block);
                block.release();
            }
            if (error == 0) {
                inode.setAttributeBlock(0);
                inode.addBlocks(-1);
            }
            return error;
        } finally {
            inode.lock.unlock();
        }
    }

    /** One file less has a block: the last one gives it back. Two that count at the same time must not both find that another is left. */
    private int drop(Handle handle, Block block) {
        int error = 0;
        lock.lock();
        int references = block.getInt(AttributeArea.REFERENCES);
        boolean shared = references > 1;
        if (shared) {
            error = handle.access(block);
            if (error == 0) {
                block.putInt(AttributeArea.REFERENCES, references - 1);
                updateSum(block);
                handle.dirty(block);
            }
        }
        lock.unlock();
        error = shared ? error : handle.forget(block.number());
        return shared || error < 0 ? error : allocator.source().free(handle, block.number(), 1);
    }

    private int sum(Block block) {
        int sum = Crc32c.updateInt(superblock.checksumSeed, (int) block.number());
        sum = Crc32c.updateInt(sum, (int) (block.number() >>> Integer.SIZE));
        sum = block.checksum(sum, 0, AttributeArea.CHECKSUM);
        sum = Crc32c.updateZeros(sum, Integer.BYTES);
        int rest = AttributeArea.CHECKSUM + Integer.BYTES;
        return block.checksum(sum, rest, block.size() - rest);
    }

    private void updateSum(Block block) {
        if (superblock.hasChecksums()) {
            block.putInt(AttributeArea.CHECKSUM, sum(block));
        }
    }
}
