package biscotti.ext4;

import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.ext4.journal.Handle;

/** Which blocks of a group are in use. The bitmap of a group that was never used is not on the disk, and made here. */
final class BlockBitmaps {
    private final Superblock superblock;
    private final BlockCache blocks;

    BlockBitmaps(Superblock superblock, BlockCache blocks) {
        this.superblock = superblock;
        this.blocks = blocks;
    }

    /**
     * A group's bitmap, pinned; the group is locked. If it is made now, that takes the credits for it and the descriptor.
     *
     * @return a block whose error may be -EUCLEAN, -EIO, -ENOMEM, -EROFS
     */
    Block read(Handle handle, int group, GroupDescriptor descriptor) {
        if (descriptor.has(GroupDescriptor.BLOCKS_UNUSED)) {
            return make(handle, group, descriptor);
        }
        Block bitmap = blocks.read(descriptor.blockBitmap());
        if (bitmap.error() < 0 || bitmap.isChecked()) {
            return bitmap;
        }
        if (!descriptor.isBlockBitmap(bitmap)) {
            bitmap.release();
            return blocks.failed(-EUCLEAN);
        }
        bitmap.setChecked();
        return bitmap;
    }

    /** As ext4_init_block_bitmap() of Linux: all is free but what the file system itself has there. */
    private Block make(Handle handle, int group, GroupDescriptor descriptor) {
        Block bitmap = blocks.get(descriptor.blockBitmap());
        int error = bitmap.error() < 0 ? bitmap.error() : handle.create(bitmap);
        error = error == 0 ? handle.access(descriptor.block()) : error;
        if (error < 0) {
            bitmap.release();
            return blocks.failed(error);
        }
        int count = superblock.blocksIn(group);
        bitmap.zero(0, superblock.blockSize());
        Bitmap.set(bitmap, 0, Math.min(count, baseBlocks(group)), true);
        mark(bitmap, group, descriptor.blockBitmap(), 1);
        mark(bitmap, group, descriptor.inodeBitmap(), 1);
        mark(bitmap, group, descriptor.inodeTable(), tableBlocks());
        Bitmap.set(bitmap, count, superblock.blockSize() * Byte.SIZE - count, true);
        handle.dirty(bitmap);
        descriptor.clear(GroupDescriptor.BLOCKS_UNUSED);
        descriptor.sumBlockBitmap(bitmap);
        descriptor.updateSum();
        handle.dirty(descriptor.block());
        bitmap.setChecked();
        return bitmap;
    }

    private int tableBlocks() {
        return superblock.inodesPerGroup * superblock.inodeSize + superblock.blockSize() - 1 >> superblock.blockShift;
    }

    private void mark(Block bitmap, int group, long first, int count) {
        long start = Math.max(0, first - superblock.firstBlock(group));
        long end = Math.min(superblock.blocksIn(group), first + count - superblock.firstBlock(group));
        if (start < end) {
            Bitmap.set(bitmap, (int) start, (int) (end - start), true);
        }
    }

    /** Blocks at the start of a group for the superblock's copy and the descriptors. */
    private int baseBlocks(int group) {
        int perBlock = superblock.blockSize() / superblock.descriptorSize;
        int descriptorBlocks = Math.ceilDiv(superblock.groups, perBlock);
        int own = superblock.hasBackup(group) ? 1 : 0;
        boolean meta = superblock.has(Features.META_BG);
        if (!meta || group / perBlock < superblock.firstMetaGroup) {
            int there = meta ? (int) Math.min(superblock.firstMetaGroup, descriptorBlocks) : descriptorBlocks;
            return own == 0 ? 0 : own + there + superblock.reservedDescriptorBlocks;
        }
        int inMeta = group % perBlock;
        return own + (inMeta <= 1 || inMeta == perBlock - 1 ? 1 : 0);
    }

    /** Whether some blocks of a group are the group's own: its bitmaps or inodes, which no file has. */
    boolean holdsMetadata(int group, GroupDescriptor descriptor, long bit, int count) {
        long first = superblock.firstBlock(group) + bit;
        return meet(first, count, descriptor.blockBitmap(), 1)
                || meet(first, count, descriptor.inodeBitmap(), 1)
                || meet(first, count, descriptor.inodeTable(), tableBlocks());
    }

    private static boolean meet(long first, int count, long other, int otherCount) {
        return first < other + otherCount && other < first + count;
    }
}
