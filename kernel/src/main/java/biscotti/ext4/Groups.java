package biscotti.ext4;

import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.Crc32c;
import biscotti.machine.PhysicalMemory;

/** The descriptors of block groups: "Block Group Descriptors". */
final class Groups {
    private static final int INODE_TABLE = 0x8;
    private static final int INODE_TABLE_HIGH = 0x28;
    private static final int CHECKSUM = 0x1e;
    private static final int CHECKSUM_SIZE = 2;
    private static final int WIDE_SIZE = 64;
    private static final int LOW_BITS = 0xffff;

    private final Superblock superblock;
    private final Blocks blocks;

    Groups(Superblock superblock, Blocks blocks) {
        this.superblock = superblock;
        this.blocks = blocks;
    }

    /** Where a group's descriptor lies on the device, in bytes. */
    private long place(int group) {
        int perBlock = (1 << superblock.blockShift) / superblock.descriptorSize;
        long index = group / perBlock;
        long block;
        if (superblock.has(Features.META_BG) && index >= superblock.firstMetaGroup) {
            long first = index * perBlock;
            block = superblock.firstDataBlock + first * superblock.blocksPerGroup + (hasSuperblock(first) ? 1 : 0);
        } else {
            block = superblock.firstDataBlock + 1 + index;
        }
        return (block << superblock.blockShift) + (long) (group % perBlock) * superblock.descriptorSize;
    }

    /** Whether a group begins with a copy of the superblock: 0, 1, and powers of 3, 5 and 7, if it is sparse. */
    private boolean hasSuperblock(long group) {
        return group <= 1
                || !superblock.hasForReading(Features.SPARSE_SUPER)
                || isPower(group, 3)
                || isPower(group, 5)
                || isPower(group, 7);
    }

    private static boolean isPower(long number, int base) {
        long power = base;
        while (power < number) {
            power *= base;
        }
        return power == number;
    }

    /** The first block of a group's inodes: -EUCLEAN if that cannot be, -EIO, -ENOMEM. */
    long inodeTable(int group) {
        long at = blocks.pin(place(group));
        if (at < 0) {
            return at;
        }
        PhysicalMemory memory = blocks.memory();
        long table = Integer.toUnsignedLong(memory.readInt(at + INODE_TABLE));
        if (superblock.descriptorSize >= WIDE_SIZE) {
            table |= (long) memory.readInt(at + INODE_TABLE_HIGH) << Integer.SIZE;
        }
        blocks.unpin(at);
        long count = (long) superblock.inodesPerGroup * superblock.inodeSize >> superblock.blockShift;
        return superblock.contains(table, Math.max(1, count)) ? table : -EUCLEAN;
    }

    /** Compares a descriptor with its checksum, if it has one: 0, -EUCLEAN, -EIO, -ENOMEM. */
    int check(int group) {
        if (!superblock.hasChecksums()) {
            return 0;
        }
        long at = blocks.pin(place(group));
        if (at < 0) {
            return (int) at;
        }
        PhysicalMemory memory = blocks.memory();
        int sum = Crc32c.updateInt(superblock.checksumSeed, group);
        sum = Crc32c.update(sum, memory, at, CHECKSUM);
        sum = Crc32c.updateZeros(sum, CHECKSUM_SIZE);
        int rest = CHECKSUM + CHECKSUM_SIZE;
        sum = Crc32c.update(sum, memory, at + rest, superblock.descriptorSize - rest);
        boolean right = (sum & LOW_BITS) == Short.toUnsignedInt(memory.readShort(at + CHECKSUM));
        blocks.unpin(at);
        return right ? 0 : -EUCLEAN;
    }
}
