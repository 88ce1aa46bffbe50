package biscotti.ext4;

import biscotti.block.Block;
import biscotti.block.Crc32c;
import biscotti.machine.PhysicalMemory;

/** What a file system says of itself that never changes: "The Super Block". All is read once, and checked: the other classes rely on it. */
final class Superblock {
    /** Where it lies on the device, in bytes. */
    static final int PLACE = 1024;

    /** Its length. */
    static final int SIZE = 1024;

    /** Where its own checksum is: behind all else. */
    static final int CHECKSUM = 0x3fc;

    /** Where the features are that may be unknown to who only reads. */
    static final int FEATURES_FOR_READING = 0x64;

    /** Where the features are that may be unknown to everybody. */
    static final int FEATURES_COMPATIBLE = 0x5c;

    /** Where the incompatible features are. */
    static final int FEATURES_INCOMPATIBLE = 0x60;

    /** The most groups: those of 16 TB in blocks of 4 KB. */
    static final int MOST_GROUPS = 1 << 17;

    /** The greatest block here is as large as a frame. */
    private static final int MOST_LOG_BLOCK_SIZE = 2;

    private static final int MAGIC = 0xef53;
    private static final int OLD_INODE_SIZE = 128;
    private static final int OLD_FIRST_INODE = 11;
    private static final int OLD_DESCRIPTOR_SIZE = 32;
    private static final int WIDE_DESCRIPTOR_SIZE = 64;
    private static final int UUID = 0x68;
    private static final int UUID_SIZE = 16;
    private static final int HASH_SEED = 0xec;
    private static final int HASH_SEED_WORDS = 4;
    private static final int BACKUP_GROUPS = 0x24c;
    private static final int DEFAULT_BSD_GROUPS = 0x2;
    private static final int ERRORS_READ_ONLY = 2;
    private static final int ERRORS_PANIC = 3;

    /** log2 of the bytes of a block: 10 to 12. */
    final int blockShift;

    /** How many blocks there are. */
    final long blocks;

    /** How many of them only some users may take. */
    final long reservedBlocks;

    /** The user who may take them, beside the superuser. */
    final int reservedUser;

    /** The group that may. */
    final int reservedGroup;

    /** How many are taken by the file system's own structures; 0 if that is not told. */
    final long overhead;

    /** The first block that belongs to a group. */
    final long firstDataBlock;

    /** How many blocks a group has, but for the last. */
    final int blocksPerGroup;

    /** How many inodes a group has. */
    final int inodesPerGroup;

    /** How many inodes there are, as an unsigned number. */
    final long inodes;

    /** The first inode that is not reserved. */
    final int firstInode;

    /** Bytes of an inode. */
    final int inodeSize;

    /** How much new inodes have of the fields behind the older ones, in bytes. */
    final int inodeExtra;

    /** Bytes of a group's descriptor. */
    final int descriptorSize;

    /** How many groups there are. */
    final int groups;

    /** log2 of the groups whose bitmaps and inodes lie together. */
    final int flexShift;

    /** The first block of descriptors that lie in their groups. */
    final long firstMetaGroup;

    /** Blocks with descriptors that are kept free, for more groups. */
    final int reservedDescriptorBlocks;

    /** The inode of the journal, or 0. */
    final long journalInode;

    /** The number of the device that has the journal, if it is not this one; else 0. */
    final int journalDevice;

    /** The inode of the file of orphans, or 0. */
    final long orphanFile;

    /** How names are hashed in new indexes: half MD4 is 1, TEA 2. */
    final int hashVersion;

    /** Whether bytes of names are hashed as signed numbers. */
    final boolean signedHash;

    /** Where checksums begin. */
    final int checksumSeed;

    private final int checksum16Seed;
    private final int[] hashSeed = new int[HASH_SEED_WORDS];
    private final int compatible;
    private final int incompatible;
    private final int compatibleForReading;
    private final long backupGroups;
    private final int defaultOptions;
    private final String problem;

    /**
     * Reads it.
     *
     * @param block what holds it
     * @param at where it lies there, in bytes
     * @param deviceBytes how large the device is
     */
    Superblock(Block block, int at, long deviceBytes) {
        boolean isOne = block.getShort(at + 0x38) == MAGIC;
        boolean dynamic = block.getInt(at + 0x4c) != 0;
        compatible = dynamic ? block.getInt(at + FEATURES_COMPATIBLE) : 0;
        incompatible = dynamic ? block.getInt(at + FEATURES_INCOMPATIBLE) : 0;
        compatibleForReading = dynamic ? block.getInt(at + FEATURES_FOR_READING) : 0;
        boolean wide = has(Features.WIDE);
        int log = block.getInt(at + 0x18);
        blockShift = 10 + Math.clamp(log, 0, MOST_LOG_BLOCK_SIZE);
        blocks = number(block, at, 0x4, wide ? 0x150 : -1);
        reservedBlocks = Math.clamp(number(block, at, 0x8, wide ? 0x154 : -1), 0, Math.max(0, blocks));
        overhead = Math.min(block.getUnsignedInt(at + 0x248), Math.max(0, blocks));
        reservedUser = block.getShort(at + 0x50);
        reservedGroup = block.getShort(at + 0x52);
        firstDataBlock = block.getUnsignedInt(at + 0x14);
        blocksPerGroup = block.getInt(at + 0x20);
        inodesPerGroup = block.getInt(at + 0x28);
        inodes = block.getUnsignedInt(at);
        firstInode = dynamic ? block.getInt(at + 0x54) : OLD_FIRST_INODE;
        inodeSize = dynamic ? block.getShort(at + 0x58) : OLD_INODE_SIZE;
        inodeExtra = extra(block.getShort(at + 0x15e));
        descriptorSize = wide ? block.getShort(at + 0xfe) : OLD_DESCRIPTOR_SIZE;
        flexShift = has(Features.FLEX_BG) ? Math.clamp(block.getByte(at + 0x174), 0, 16) : 0;
        firstMetaGroup = block.getUnsignedInt(at + 0x104);
        reservedDescriptorBlocks = block.getShort(at + 0xce);
        journalInode = hasCompatible(Features.JOURNAL) ? block.getUnsignedInt(at + 0xe0) : 0;
        journalDevice = hasCompatible(Features.JOURNAL) ? block.getInt(at + 0xe4) : 0;
        orphanFile = hasCompatible(Features.ORPHAN_FILE) ? block.getUnsignedInt(at + 0x280) : 0;
        hashVersion = block.getByte(at + 0xfc);
        signedHash = (block.getInt(at + 0x160) & 0x2) == 0;
        for (int i = 0; i < HASH_SEED_WORDS; i++) {
            hashSeed[i] = block.getInt(at + HASH_SEED + i * Integer.BYTES);
        }
        defaultOptions = options(block.getInt(at + 0x100), block.getShort(at + 0x3c));
        backupGroups = block.getLong(at + BACKUP_GROUPS);
        checksumSeed = has(Features.CHECKSUM_SEED)
                ? block.getInt(at + 0x270)
                : block.checksum(Crc32c.START, at + UUID, UUID_SIZE);
        checksum16Seed = Crc16.update(Crc16.START, block, at + UUID, UUID_SIZE);
        long perGroup = blocksPerGroup > 0 ? blocksPerGroup : 1;
        long count = Math.ceilDiv(Math.max(0, blocks - firstDataBlock), perGroup);
        groups = (int) Math.min(count, MOST_GROUPS);
        if (!isOne) {
            problem = "there is no ext4 here";
        } else if (log < 0 || log > MOST_LOG_BLOCK_SIZE) {
            problem = "blocks are larger than 4096 bytes";
        } else if (hasChecksums() && block.checksum(Crc32c.START, at, CHECKSUM) != block.getInt(at + CHECKSUM)) {
            problem = "the superblock's checksum is wrong";
        } else {
            problem = findProblem(deviceBytes, count);
        }
    }

    /** A number of 32 bits, or of 64 with its upper half elsewhere. */
    private static long number(Block block, int at, int low, int high) {
        long lower = block.getUnsignedInt(at + low);
        return high < 0 ? lower : lower | (long) block.getInt(at + high) << Integer.SIZE;
    }

    /** What is wanted, if it can be; else all that this kernel writes. */
    private int extra(int wanted) {
        int most = Math.max(0, inodeSize - InodeRecord.OLD_SIZE);
        boolean can = wanted >= InodeRecord.KNOWN_EXTRA && (wanted & 3) == 0;
        return Math.min(most, can ? wanted : InodeRecord.KNOWN_EXTRA);
    }

    /** What {@code s_default_mount_opts} and {@code s_errors} mean. */
    private static int options(int told, int onErrors) {
        return ((told & DEFAULT_BSD_GROUPS) != 0 ? Ext4Options.GROUP_OF_DIRECTORY : 0)
                | (onErrors == ERRORS_READ_ONLY || onErrors == ERRORS_PANIC ? Ext4Options.READ_ONLY_ON_ERRORS : 0);
    }

    /** What its options are if none are given: flags of {@link Ext4Options}. */
    int defaultOptions() {
        return defaultOptions;
    }

    private String findProblem(long deviceBytes, long groupCount) {
        if (has(Features.ATTRIBUTE_INODES)) {
            return "it has extended attributes in inodes of their own (ea_inode)";
        }
        int unknown = incompatible & ~Features.READABLE;
        if (unknown != 0) {
            return "it has unknown incompatible features: 0x" + Integer.toHexString(unknown);
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
                && (blocksPerGroup & 7) == 0
                && inodesPerGroup > 0
                && inodesPerGroup <= blockSize * Byte.SIZE
                && groupCount > 0;
        boolean counts = blocks > firstDataBlock
                && firstDataBlock == (blockShift == 10 ? 1 : 0)
                && inodes == groupCount * inodesPerGroup
                && firstInode >= OLD_FIRST_INODE
                && firstInode <= inodes
                && blocks <= Long.MAX_VALUE >> blockShift;
        if (!sizes || !groupSizes || !counts) {
            return "the superblock has sizes that cannot be";
        }
        if (groupCount > MOST_GROUPS) {
            return "it has more than " + MOST_GROUPS + " groups of blocks";
        }
        return blocks << blockShift > deviceBytes ? "the device is smaller than the file system" : "";
    }

    /** Why it cannot be mounted; empty if it can. */
    String problem() {
        return problem;
    }

    /** Why it can only be read; empty if it can be written, too. */
    String writingProblem() {
        if (hasForReading(Features.ORPHANS_PRESENT)) {
            return "its file of orphans is not empty: let e2fsck see to it";
        }
        int unknown = compatibleForReading & ~Features.WRITABLE;
        if (unknown != 0) {
            return "it has features that it can only be read with: 0x" + Integer.toHexString(unknown);
        }
        return journalDevice != 0 ? "its journal is on another device" : "";
    }

    /** Whether it is what a type of file systems means: one of ext2 and ext3 has no feature that came later. */
    boolean is(String type) {
        int known = type.equals("ext3") ? Features.OF_EXT3 : Features.OF_EXT2;
        return type.equals("ext4")
                || (incompatible & ~known) == 0 && (compatibleForReading & ~Features.OF_EXT2_FOR_READING) == 0;
    }

    /** Whether it has a compatible feature. */
    boolean hasCompatible(int feature) {
        return (compatible & feature) != 0;
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

    /** Whether groups tell that they were never used: their descriptors have checksums of one kind or the other. */
    boolean hasUnusedGroups() {
        return hasForReading(Features.DESCRIPTOR_CHECKSUMS) || hasChecksums();
    }

    /** Where checksums of 16 bits begin: with the UUID. */
    int checksum16Seed() {
        return checksum16Seed;
    }

    /** A word of what hashes of names begin with, 0 to 3. */
    int hashSeed(int word) {
        return hashSeed[word];
    }

    /** What only those know who may read the disk: for hashes in memory. */
    long secret() {
        return (long) hashSeed[0] << Integer.SIZE | Integer.toUnsignedLong(hashSeed[1]);
    }

    /** Whether a run of blocks lies inside, behind the superblock. */
    boolean contains(long block, long count) {
        return block > firstDataBlock && count > 0 && count <= blocks && block <= blocks - count;
    }

    /** Whether there is an inode with a number. */
    boolean hasInode(long number) {
        return number > 0 && number <= inodes;
    }

    /** Bytes of a block. */
    int blockSize() {
        return Math.min(1 << blockShift, PhysicalMemory.FRAME_SIZE);
    }

    /** The group that a block belongs to. */
    int groupOf(long block) {
        return (int) ((block - firstDataBlock) / blocksPerGroup);
    }

    /** The first block of a group. */
    long firstBlock(int group) {
        return firstDataBlock + (long) group * blocksPerGroup;
    }

    /** How many blocks a group has: the last one may have fewer. */
    int blocksIn(int group) {
        return (int) Math.min(blocksPerGroup, blocks - firstBlock(group));
    }

    /** Whether a group begins with a copy of the superblock: 0, 1, and powers of 3, 5 and 7, if they are sparse. */
    boolean hasBackup(long group) {
        if (hasCompatible(Features.SPARSE_SUPER_2)) {
            return group == 0 || group == (int) backupGroups || group == (int) (backupGroups >>> Integer.SIZE);
        }
        return group <= 1
                || !hasForReading(Features.SPARSE_SUPER)
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
}
