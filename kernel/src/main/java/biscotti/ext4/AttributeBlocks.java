package biscotti.ext4;

import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.block.Crc32c;
import biscotti.ext4.journal.Handle;

/** The blocks of extended attributes, which files with the same attributes may share: "Extended Attributes". */
final class AttributeBlocks {
    private static final int MAGIC = 0xea020000;
    private static final int REFERENCES = 0x4;
    private static final int CHECKSUM = 0x10;

    private final Superblock superblock;
    private final BlockCache blocks;
    private final BlockAllocator allocator;

    AttributeBlocks(Superblock superblock, BlockCache blocks, BlockAllocator allocator) {
        this.superblock = superblock;
        this.blocks = blocks;
        this.allocator = allocator;
    }

    /**
     * A file has its block no more, if it has one; the inode is to be stored. Takes one credit, and those of giving a block back.
     *
     * @return 0; -EUCLEAN, -EIO, -ENOMEM, -EROFS
     */
    int release(Handle handle, Inode inode) {
        long number = inode.attributeBlock();
        if (number == 0) {
            return 0;
        }
        Block block = superblock.contains(number, 1) ? blocks.read(number) : blocks.failed(-EUCLEAN);
        int error = block.error();
        if (error == 0) {
            error = block.getInt(0) == MAGIC ? drop(handle, block) : -EUCLEAN;
            block.release();
        }
        if (error == 0) {
            inode.lock.lock();
            inode.setAttributeBlock(0);
            inode.addBlocks(-1);
            inode.lock.unlock();
        }
        return error;
    }

    private int drop(Handle handle, Block block) {
        int references = block.getInt(REFERENCES);
        if (references <= 1) {
            int error = handle.forget(block.number());
            return error < 0 ? error : allocator.source().free(handle, block.number(), 1);
        }
        int error = handle.access(block);
        if (error == 0) {
            block.putInt(REFERENCES, references - 1);
            updateSum(block);
            handle.dirty(block);
        }
        return error;
    }

    private void updateSum(Block block) {
        if (superblock.hasChecksums()) {
            int low = (int) block.number();
            int sum = Crc32c.updateInt(superblock.checksumSeed, low);
            sum = Crc32c.updateInt(sum, (int) (block.number() >>> Integer.SIZE));
            sum = block.checksum(sum, 0, CHECKSUM);
            sum = Crc32c.updateZeros(sum, Integer.BYTES);
            int rest = CHECKSUM + Integer.BYTES;
            block.putInt(CHECKSUM, block.checksum(sum, rest, block.size() - rest));
        }
    }
}
