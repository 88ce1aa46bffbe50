package biscotti.ext4;

import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.EUCLEAN;

import biscotti.abi.FileMode;
import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.ext4.journal.Handle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives out inodes: a file's in the group of its directory, if it can be; a directory's in a group that is emptier than most:
 * "Block and Inode Allocation Policy".
 */
final class InodeAllocator {
    /** Credits of an allocation: bitmap, descriptor and the block of the inode itself. */
    static final int CREDITS = 3;

    /** Credits of giving one back: bitmap and descriptor. */
    static final int CREDITS_TO_FREE = 2;

    private static final int ROOT = 2;

    /** By how many groups two directories in the top one are apart, first. */
    private static final int STRIDE = 7;

    private final Superblock superblock;
    private final Groups groups;
    private final BlockCache blocks;

    /** How many directories were made in the top one. */
    private final AtomicInteger spread = new AtomicInteger();

    InodeAllocator(Superblock superblock, Groups groups, BlockCache blocks) {
        this.superblock = superblock;
        this.groups = groups;
        this.blocks = blocks;
    }

    /** Where an inode lies on the device, in bytes; -EUCLEAN for a number that there is not, -EIO, -ENOMEM. */
    long place(long number) {
        if (!superblock.hasInode(number)) {
            return -EUCLEAN;
        }
        long index = number - 1;
        long table = groups.inodeTable((int) (index / superblock.inodesPerGroup));
        return table < 0
                ? table
                : (table << superblock.blockShift) + index % superblock.inodesPerGroup * superblock.inodeSize;
    }

    /**
     * Gives out an inode, of which nothing is written yet: {@link #CREDITS}.
     *
     * @param parent the directory that it will have a name in
     * @param mode its type
     * @return its number; -ENOSPC; -EUCLEAN, -EIO, -ENOMEM, -EROFS
     */
    long allocate(Handle handle, Inode parent, int mode) {
        if (groups.freeInodes() <= 0) {
            return -ENOSPC;
        }
        boolean directory = FileMode.isDirectory(mode);
        int home = (int) ((parent.number - 1) / superblock.inodesPerGroup);
        int first = directory && parent.number == ROOT
                ? Math.floorMod(spread.getAndIncrement() * STRIDE, superblock.groups)
                : home;
        long number = 0;
        if (directory) {
            long inodes = groups.freeInodes() / superblock.groups;
            long free = groups.freeBlocks() / superblock.groups;
            number = search(handle, first, true, Math.max(1, inodes), free);
        }
        number = number == 0 ? search(handle, home, directory, 1, 1) : number;
        number = number == 0 ? search(handle, home, directory, 1, 0) : number;
        return number == 0 ? -ENOSPC : number;
    }

    /** In the first group that has so much free: a number, 0 if there is none, or an errno. */
    private long search(Handle handle, int first, boolean directory, long inodes, long free) {
        long number = 0;
        for (int i = 0; i < superblock.groups && number == 0; i++) {
            number = allocateIn(handle, (first + i) % superblock.groups, directory, inodes, free);
        }
        return number;
    }

    private long allocateIn(Handle handle, int group, boolean directory, long inodes, long free) {
        return groups.locked(
                group,
                descriptor -> descriptor.freeInodes() >= inodes && descriptor.freeBlocks() >= free
                        ? take(handle, group, descriptor, directory)
                        : 0);
    }

    private long take(Handle handle, int group, GroupDescriptor descriptor, boolean directory) {
        Block bitmap = read(handle, descriptor);
        if (bitmap.error() < 0) {
            return bitmap.error();
        }
        int from = group == 0 ? superblock.firstInode - 1 : 0;
        int bit = Bitmap.nextClear(bitmap, from, superblock.inodesPerGroup);
        long answer = 0;
        if (bit < superblock.inodesPerGroup) {
            answer = take(handle, descriptor, bitmap, bit, directory);
            answer = answer < 0 ? answer : (long) group * superblock.inodesPerGroup + bit + 1;
        }
        bitmap.release();
        return answer;
    }

    private int take(Handle handle, GroupDescriptor descriptor, Block bitmap, int bit, boolean directory) {
        int error = handle.access(bitmap);
        error = error == 0 ? handle.access(descriptor.block()) : error;
        error = error == 0 ? prepareTable(handle, descriptor, bit) : error;
        if (error < 0) {
            return error;
        }
        Bitmap.set(bitmap, bit, 1, true);
        if (superblock.hasUnusedGroups()) {
            int unused = superblock.inodesPerGroup - bit - 1;
            descriptor.setUnusedInodes(Math.min(descriptor.unusedInodes(), unused));
        }
        finish(handle, descriptor, bitmap, -1, directory ? 1 : 0);
        return 0;
    }

    /** What was never used of the table may hold anything: when the first inode of a block is taken, the block becomes zeros. */
    private int prepareTable(Handle handle, GroupDescriptor descriptor, int bit) {
        int perBlock = superblock.blockSize() / superblock.inodeSize;
        int used = superblock.inodesPerGroup - descriptor.unusedInodes();
        if (bit / perBlock * perBlock < used) {
            return 0;
        }
        Block table = blocks.get(descriptor.inodeTable() + bit / perBlock);
        int error = table.error() < 0 ? table.error() : handle.create(table);
        if (error == 0) {
            table.zero(0, superblock.blockSize());
            handle.dirty(table);
        }
        table.release();
        return error;
    }

    private void finish(Handle handle, GroupDescriptor descriptor, Block bitmap, int change, int directories) {
        handle.dirty(bitmap);
        descriptor.setFreeInodes(descriptor.freeInodes() + change);
        descriptor.setDirectories(Math.max(0, descriptor.directories() + directories));
        descriptor.sumInodeBitmap(bitmap);
        descriptor.updateSum();
        handle.dirty(descriptor.block());
        groups.inodesFreed(change);
    }

    /** A group's bitmap, pinned; it is made if the group's inodes were never used. */
    private Block read(Handle handle, GroupDescriptor descriptor) {
        if (!descriptor.has(GroupDescriptor.INODES_UNUSED)) {
            Block bitmap = blocks.read(descriptor.inodeBitmap());
            if (bitmap.error() < 0 || bitmap.isChecked()) {
                return bitmap;
            }
            if (!descriptor.isInodeBitmap(bitmap)) {
                bitmap.release();
                return blocks.failed(-EUCLEAN);
            }
            bitmap.setChecked();
            return bitmap;
        }
        Block bitmap = blocks.get(descriptor.inodeBitmap());
        int error = bitmap.error() < 0 ? bitmap.error() : handle.create(bitmap);
        error = error == 0 ? handle.access(descriptor.block()) : error;
        if (error < 0) {
            bitmap.release();
            return blocks.failed(error);
        }
        int count = superblock.inodesPerGroup;
        bitmap.zero(0, superblock.blockSize());
        Bitmap.set(bitmap, count, superblock.blockSize() * Byte.SIZE - count, true);
        handle.dirty(bitmap);
        descriptor.clear(GroupDescriptor.INODES_UNUSED);
        descriptor.sumInodeBitmap(bitmap);
        descriptor.updateSum();
        handle.dirty(descriptor.block());
        bitmap.setChecked();
        return bitmap;
    }

    /**
     * Takes an inode back, which nobody has any more: {@link #CREDITS_TO_FREE}.
     *
     * @param mode the type that it had
     * @return 0; -EUCLEAN if it is not in use; -EIO, -ENOMEM, -EROFS
     */
    int free(Handle handle, long number, int mode) {
        if (!superblock.hasInode(number) || number < superblock.firstInode) {
            return -EUCLEAN;
        }
        int group = (int) ((number - 1) / superblock.inodesPerGroup);
        int bit = (int) ((number - 1) % superblock.inodesPerGroup);
        int directories = FileMode.isDirectory(mode) ? -1 : 0;
        return (int) groups.locked(group, descriptor -> give(handle, descriptor, bit, directories));
    }

    private int give(Handle handle, GroupDescriptor descriptor, int bit, int directories) {
        Block bitmap = read(handle, descriptor);
        int error = bitmap.error();
        if (error == 0) {
            error = give(handle, descriptor, bitmap, bit, directories);
            bitmap.release();
        }
        return error;
    }

    private int give(Handle handle, GroupDescriptor descriptor, Block bitmap, int bit, int directories) {
        if (!Bitmap.has(bitmap, bit)) {
            return -EUCLEAN;
        }
        int error = handle.access(bitmap);
        error = error == 0 ? handle.access(descriptor.block()) : error;
        if (error == 0) {
            Bitmap.set(bitmap, bit, 1, false);
            finish(handle, descriptor, bitmap, 1, directories);
        }
        return error;
    }
}
