package biscotti.ext4;

import biscotti.block.Block;
import biscotti.block.Crc32c;

/** The descriptor of a group of blocks, in the block that has it: "Block Group Descriptors". */
final class GroupDescriptor {
    /** The group's inodes were never used, and their bitmap is not on the disk. */
    static final int INODES_UNUSED = 0x1;

    /** The group's blocks were never used, and their bitmap is not on the disk. */
    static final int BLOCKS_UNUSED = 0x2;

    private static final int FLAGS = 0x12;
    private static final int CHECKSUM = 0x1e;
    private static final int CHECKSUM_SIZE = 2;
    private static final int WIDE_SIZE = 64;
    private static final int LOW_BITS = 0xffff;

    private final Superblock superblock;
    private final int group;
    private final Block block;
    private final int at;

    /** The descriptor of a group, which lies in a pinned block. */
    GroupDescriptor(Superblock superblock, int group, Block block, int at) {
        this.superblock = superblock;
        this.group = group;
        this.block = block;
        this.at = at;
    }

    /** The block that has it. */
    Block block() {
        return block;
    }

    private boolean isWide() {
        return superblock.descriptorSize >= WIDE_SIZE;
    }

    private long wide(int low, int high) {
        long lower = block.getUnsignedInt(at + low);
        return isWide() ? lower | (long) block.getInt(at + high) << Integer.SIZE : lower;
    }

    private int pair(int low, int high) {
        int lower = block.getShort(at + low);
        return isWide() ? lower | block.getShort(at + high) << Short.SIZE : lower;
    }

    private void putPair(int low, int high, int value) {
        block.putShort(at + low, value);
        if (isWide()) {
            block.putShort(at + high, value >>> Short.SIZE);
        }
    }

    /** Where the bitmap of its blocks lies. */
    long blockBitmap() {
        return wide(0x0, 0x20);
    }

    /** Where the bitmap of its inodes lies. */
    long inodeBitmap() {
        return wide(0x4, 0x24);
    }

    /** The first block of its inodes. */
    long inodeTable() {
        return wide(0x8, 0x28);
    }

    int freeBlocks() {
        return pair(0xc, 0x2c);
    }

    void setFreeBlocks(int count) {
        putPair(0xc, 0x2c, count);
    }

    int freeInodes() {
        return pair(0xe, 0x2e);
    }

    void setFreeInodes(int count) {
        putPair(0xe, 0x2e, count);
    }

    int directories() {
        return pair(0x10, 0x30);
    }

    void setDirectories(int count) {
        putPair(0x10, 0x30, count);
    }

    /** How many inodes at the end of the table were never used. */
    int unusedInodes() {
        return superblock.hasUnusedGroups() ? pair(0x1c, 0x32) : 0;
    }

    void setUnusedInodes(int count) {
        putPair(0x1c, 0x32, count);
    }

    boolean has(int flag) {
        return superblock.hasUnusedGroups() && (block.getShort(at + FLAGS) & flag) != 0;
    }

    void clear(int flag) {
        block.putShort(at + FLAGS, block.getShort(at + FLAGS) & ~flag);
    }

    /** Whether its numbers lie inside of the file system. */
    boolean isSound() {
        long table = (long) superblock.inodesPerGroup * superblock.inodeSize + superblock.blockSize() - 1
                >> superblock.blockShift;
        return superblock.contains(blockBitmap(), 1)
                && superblock.contains(inodeBitmap(), 1)
                && superblock.contains(inodeTable(), table)
                && freeBlocks() <= superblock.blocksIn(group)
                && freeInodes() <= superblock.inodesPerGroup
                && unusedInodes() <= superblock.inodesPerGroup;
    }

    /** Whether a bitmap of blocks is what it was when its sum was written. */
    boolean isBlockBitmap(Block bitmap) {
        return isBitmap(bitmap, superblock.blocksPerGroup >> 3, 0x18, 0x38);
    }

    /** Whether a bitmap of inodes is. */
    boolean isInodeBitmap(Block bitmap) {
        return isBitmap(bitmap, superblock.inodesPerGroup >> 3, 0x1a, 0x3a);
    }

    private boolean isBitmap(Block bitmap, int bytes, int low, int high) {
        if (!superblock.hasChecksums()) {
            return true;
        }
        int sum = bitmap.checksum(superblock.checksumSeed, 0, bytes);
        return isWide() ? sum == pair(low, high) : (sum & LOW_BITS) == pair(low, high);
    }

    /** The bitmap of blocks has changed. */
    void sumBlockBitmap(Block bitmap) {
        if (superblock.hasChecksums()) {
            putPair(0x18, 0x38, bitmap.checksum(superblock.checksumSeed, 0, superblock.blocksPerGroup >> 3));
        }
    }

    /** The bitmap of inodes has changed. */
    void sumInodeBitmap(Block bitmap) {
        if (superblock.hasChecksums()) {
            putPair(0x1a, 0x3a, bitmap.checksum(superblock.checksumSeed, 0, superblock.inodesPerGroup >> 3));
        }
    }

    private int sum() {
        int rest = CHECKSUM + CHECKSUM_SIZE;
        if (superblock.hasChecksums()) {
            int sum = Crc32c.updateInt(superblock.checksumSeed, group);
            sum = block.checksum(sum, at, CHECKSUM);
            sum = Crc32c.updateZeros(sum, CHECKSUM_SIZE);
            return block.checksum(sum, at + rest, superblock.descriptorSize - rest) & LOW_BITS;
        }
        int sum = Crc16.updateInt(superblock.checksum16Seed(), group);
        sum = Crc16.update(sum, block, at, CHECKSUM);
        return isWide() ? Crc16.update(sum, block, at + rest, superblock.descriptorSize - rest) : sum;
    }

    /** Whether it is what it was when its sum was written. */
    boolean isRight() {
        return !superblock.hasUnusedGroups() || sum() == block.getShort(at + CHECKSUM);
    }

    /** It has changed. */
    void updateSum() {
        if (superblock.hasUnusedGroups()) {
            block.putShort(at + CHECKSUM, sum());
        }
    }
}
