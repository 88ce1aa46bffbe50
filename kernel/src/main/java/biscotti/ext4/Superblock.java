package biscotti.ext4;

import biscotti.block.Crc32c;
import biscotti.machine.PhysicalMemory;

/** What a file system says of itself: "The Super Block". All is read once, and checked: the other classes rely on it. */
final class Superblock {
    /** Where it lies on the device, in bytes. */
    static final int PLACE = 1024;

    /** Its length. */
    static final int SIZE = 1024;

    /** The greatest block here is as large as a frame. */
    private static final int MOST_LOG_BLOCK_SIZE = 2;

    private static final int MAGIC = 0xef53;
    private static final int OLD_INODE_SIZE = 128;
    private static final int OLD_DESCRIPTOR_SIZE = 32;
    private static final int WIDE_DESCRIPTOR_SIZE = 64;
    private static final int UUID = 0x68;
    private static final int UUID_SIZE = 16;
    private static final int CHECKSUM = 0x3fc;

    /** log2 of the bytes of a block: 10 to 12. */
    final int blockShift;

    /** How many blocks there are. */
    final long blocks;

    /** The first block that belongs to a group. */
    final long firstDataBlock;

    /** How many blocks a group has, but for the last. */
    final int blocksPerGroup;

    /** How many inodes a group has. */
    final int inodesPerGroup;

    /** How many inodes there are, as an unsigned number. */
    final long inodes;

    /** Bytes of an inode. */
    final int inodeSize;

    /** Bytes of a group's descriptor. */
    final int descriptorSize;

    /** How many groups there are. */
    final int groups;

    /** The first block of descriptors that lie in their groups. */
    final long firstMetaGroup;

    /** What was in use when it was written. */
    final long freeBlocks;

    /** Inodes that were free when it was written. */
    final long freeInodes;

    /** Where checksums begin. */
    final int checksumSeed;

    private final int incompatible;
    private final int compatibleForReading;
    private final String problem;

    /**
     * Reads it.
     *
     * @param at where it lies in memory
     * @param deviceBytes how large the device is
     */
    Superblock(PhysicalMemory memory, long at, long deviceBytes) {
        boolean isOne = Short.toUnsignedInt(memory.readShort(at + 0x38)) == MAGIC;
        boolean dynamic = memory.readInt(at + 0x4c) != 0;
        incompatible = dynamic ? memory.readInt(at + 0x60) : 0;
        compatibleForReading = dynamic ? memory.readInt(at + 0x64) : 0;
        boolean wide = has(Features.WIDE);
        int log = memory.readInt(at + 0x18);
        blockShift = 10 + Math.clamp(log, 0, MOST_LOG_BLOCK_SIZE);
        blocks = number(memory, at, 0x4, wide ? 0x150 : -1);
        firstDataBlock = number(memory, at, 0x14, -1);
        blocksPerGroup = memory.readInt(at + 0x20);
        inodesPerGroup = memory.readInt(at + 0x28);
        inodes = number(memory, at, 0, -1);
        inodeSize = dynamic ? Short.toUnsignedInt(memory.readShort(at + 0x58)) : OLD_INODE_SIZE;
        descriptorSize = wide ? Short.toUnsignedInt(memory.readShort(at + 0xfe)) : OLD_DESCRIPTOR_SIZE;
        firstMetaGroup = number(memory, at, 0x104, -1);
        freeBlocks = Math.clamp(number(memory, at, 0xc, wide ? 0x158 : -1), 0, Math.max(blocks, 0));
        freeInodes = Math.min(number(memory, at, 0x10, -1), inodes);
        checksumSeed = has(Features.CHECKSUM_SEED)
                ? memory.readInt(at + 0x270)
                : Crc32c.update(Crc32c.START, memory, at + UUID, UUID_SIZE);
        long perGroup = blocksPerGroup > 0 ? blocksPerGroup : 1;
        long count = Math.ceilDiv(Math.max(0, blocks - firstDataBlock), perGroup);
        groups = (int) Math.min(count, Integer.MAX_VALUE);
        if (!isOne) {
            problem = "there is no ext4 here";
        } else if (log < 0 || log > MOST_LOG_BLOCK_SIZE) {
            problem = "blocks are larger than 4096 bytes";
        } else if (hasChecksums()
                && Crc32c.update(Crc32c.START, memory, at, CHECKSUM) != memory.readInt(at + CHECKSUM)) {
            problem = "the superblock's checksum is wrong";
        } else {
            problem = findProblem(deviceBytes, count);
        }
    }

    /** A number of 32 bits, or of 64 with its upper half elsewhere. */
    private static long number(PhysicalMemory memory, long at, int low, int high) {
        long lower = Integer.toUnsignedLong(memory.readInt(at + low));
        return high < 0 ? lower : lower | (long) memory.readInt(at + high) << Integer.SIZE;
    }

    private String findProblem(long deviceBytes, long groupCount) {
        int unknown = incompatible & ~Features.READABLE;
        if (unknown != 0) {
            return "it has unknown incompatible features: 0x" + Integer.toHexString(unknown);
        }
        if (has(Features.RECOVER)) {
            return "it was not unmounted, and its journal cannot be replayed";
        }
        if (hasForReading(Features.CLUSTERS)) {
            return "it has clusters of blocks (bigalloc)";
        }
        int blockSize = 1 << blockShift;
        boolean sizes = inodeSize >= OLD_INODE_SIZE
                && inodeSize <= blockSize
                && Integer.bitCount(inodeSize) == 1
                && (descriptorSize == OLD_DESCRIPTOR_SIZE
                        || descriptorSize >= WIDE_DESCRIPTOR_SIZE
                                && descriptorSize <= SIZE
                                && Integer.bitCount(descriptorSize) == 1);
        boolean groupSizes = blocksPerGroup > 0
                && blocksPerGroup <= blockSize * Byte.SIZE
                && inodesPerGroup > 0
                && inodesPerGroup <= blockSize * Byte.SIZE
                && groupCount > 0
                && groupCount < Integer.MAX_VALUE;
        boolean counts = blocks > firstDataBlock
                && firstDataBlock == (blockShift == 10 ? 1 : 0)
                && inodes == groupCount * inodesPerGroup
                && blocks <= Long.MAX_VALUE >> blockShift;
        if (!sizes || !groupSizes || !counts) {
            return "the superblock has sizes that cannot be";
        }
        return blocks << blockShift > deviceBytes ? "the device is smaller than the file system" : "";
    }

    /** Why it cannot be mounted; empty if it can. */
    String problem() {
        return problem;
    }

    /** Whether it is what a type of file systems means: one of ext2 and ext3 has no feature that came later. */
    boolean is(String type) {
        int known = type.equals("ext3") ? Features.OF_EXT3 : Features.OF_EXT2;
        return type.equals("ext4")
                || (incompatible & ~known) == 0 && (compatibleForReading & ~Features.OF_EXT2_FOR_READING) == 0;
    }

    /** Whether it has an incompatible feature. */
    boolean has(int feature) {
        return (incompatible & feature) != 0;
    }

    /** Whether it has a feature that may be unknown to who only reads. */
    boolean hasForReading(int feature) {
        return (compatibleForReading & feature) != 0;
    }

    /** Whether structures have checksums. */
    boolean hasChecksums() {
        return hasForReading(Features.METADATA_CHECKSUMS);
    }

    /** Whether a run of blocks lies inside, behind the superblock. */
    boolean contains(long block, long count) {
        return block > firstDataBlock && count > 0 && count <= blocks && block <= blocks - count;
    }

    /** Whether there is an inode with a number. */
    boolean hasInode(long number) {
        return number > 0 && number <= inodes;
    }
}
