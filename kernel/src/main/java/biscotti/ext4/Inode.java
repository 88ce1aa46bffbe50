package biscotti.ext4;

import biscotti.abi.FileMode;
import biscotti.block.Crc32c;
import biscotti.machine.PhysicalMemory;

/** What an inode tells of its file: "Index Nodes". Read once; where the file's blocks lie is read from the disk each time. */
final class Inode {
    /** Where the map of blocks begins, or a short symbolic link's target. */
    static final int MAP = 0x28;

    /** Bytes of that map. */
    static final int MAP_SIZE = 60;

    /** What older inodes have; behind it lie {@link #extraSize} bytes more, and then attributes. */
    static final int OLD_SIZE = 128;

    private static final int FLAG_EXTENTS = 0x80000;
    private static final int FLAG_HUGE = 0x40000;
    private static final int FLAG_INLINE_DATA = 0x10000000;
    private static final int CHECKSUM_LOW = 0x7c;
    private static final int CHECKSUM_HIGH = 0x82;
    private static final int CHECKSUM_HALF = 2;
    private static final int LOW_BITS = 0xffff;
    private static final long NANOS = 1_000_000_000L;
    private static final int EPOCH_BITS = 2;

    final long number;
    /** Where it lies on the device, in bytes. */
    final long place;

    final int mode;
    final int userId;
    final int groupId;
    final int links;
    final long size;
    /** What it takes, in units of 512 bytes. */
    final long sectors;

    final long accessTime;
    final long modifyTime;
    final long changeTime;
    final long birthTime;
    /** The block of its attributes, or 0. */
    final long attributeBlock;
    /** How much it has of the fields behind the older ones. */
    final int extraSize;
    /** Where the checksums of what belongs to it begin. */
    final int seed;

    /** The device that a device node stands for, in one of two forms. */
    final int oldDevice;

    final int newDevice;
    private final int flags;
    private final boolean right;

    /** Reads one that lies at an address. */
    Inode(Superblock superblock, PhysicalMemory memory, long number, long place, long at) {
        this.number = number;
        this.place = place;
        mode = Short.toUnsignedInt(memory.readShort(at));
        userId = pair(memory, at, 0x2, 0x78);
        groupId = pair(memory, at, 0x18, 0x7a);
        links = Short.toUnsignedInt(memory.readShort(at + 0x1a));
        flags = memory.readInt(at + 0x20);
        boolean long64 = FileMode.isRegular(mode) || FileMode.isDirectory(mode);
        size = Integer.toUnsignedLong(memory.readInt(at + 0x4))
                | (long64 ? (long) memory.readInt(at + 0x6c) << Integer.SIZE : 0);
        boolean wide = superblock.inodeSize > OLD_SIZE;
        int extra = wide ? Short.toUnsignedInt(memory.readShort(at + OLD_SIZE)) : 0;
        extraSize = extra;
        accessTime = time(memory, at, 0x8, extra >= 0x10 ? 0x8c : -1);
        changeTime = time(memory, at, 0xc, extra >= 0x8 ? 0x84 : -1);
        modifyTime = time(memory, at, 0x10, extra >= 0xc ? 0x88 : -1);
        birthTime = extra >= 0x18 ? time(memory, at, 0x90, 0x94) : 0;
        attributeBlock = Integer.toUnsignedLong(memory.readInt(at + 0x68))
                | (superblock.has(Features.WIDE) ? (long) Short.toUnsignedInt(memory.readShort(at + 0x76)) << 32 : 0);
        sectors = sectors(superblock, memory, at);
        oldDevice = memory.readInt(at + MAP);
        newDevice = memory.readInt(at + MAP + Integer.BYTES);
        int generation = memory.readInt(at + 0x64);
        seed = Crc32c.updateInt(Crc32c.updateInt(superblock.checksumSeed, (int) number), generation);
        boolean fits = OLD_SIZE + extra <= superblock.inodeSize && (extra & 3) == 0;
        right = fits && size >= 0 && (!superblock.hasChecksums() || hasRightChecksum(superblock, memory, at));
    }

    private static int pair(PhysicalMemory memory, long at, int low, int high) {
        return Short.toUnsignedInt(memory.readShort(at + low)) | memory.readShort(at + high) << Short.SIZE;
    }

    /** Seconds, with two bits more for the years behind 2038, and nanoseconds: "Inode Timestamps". */
    private static long time(PhysicalMemory memory, long at, int seconds, int more) {
        long whole = memory.readInt(at + seconds);
        if (more < 0) {
            return whole * NANOS;
        }
        int extra = memory.readInt(at + more);
        whole += (long) (extra & (1 << EPOCH_BITS) - 1) << Integer.SIZE;
        return whole * NANOS + Math.min(extra >>> EPOCH_BITS, NANOS - 1);
    }

    private long sectors(Superblock superblock, PhysicalMemory memory, long at) {
        long count = Integer.toUnsignedLong(memory.readInt(at + 0x1c));
        if (!superblock.hasForReading(Features.HUGE_FILES)) {
            return count;
        }
        count |= (long) Short.toUnsignedInt(memory.readShort(at + 0x74)) << Integer.SIZE;
        return has(FLAG_HUGE) ? count << superblock.blockShift - 9 : count;
    }

    private boolean hasRightChecksum(Superblock superblock, PhysicalMemory memory, long at) {
        int size = superblock.inodeSize;
        int sum = Crc32c.update(seed, memory, at, CHECKSUM_LOW);
        sum = Crc32c.updateZeros(sum, CHECKSUM_HALF);
        int low = CHECKSUM_LOW + CHECKSUM_HALF;
        boolean whole = extraSize >= Integer.BYTES;
        if (whole) {
            sum = Crc32c.update(sum, memory, at + low, CHECKSUM_HIGH - low);
            sum = Crc32c.updateZeros(sum, CHECKSUM_HALF);
            int high = CHECKSUM_HIGH + CHECKSUM_HALF;
            sum = Crc32c.update(sum, memory, at + high, size - high);
        } else {
            sum = Crc32c.update(sum, memory, at + low, size - low);
        }
        boolean lower = (sum & LOW_BITS) == Short.toUnsignedInt(memory.readShort(at + CHECKSUM_LOW));
        return lower && (!whole || sum >>> Short.SIZE == Short.toUnsignedInt(memory.readShort(at + CHECKSUM_HIGH)));
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Whether it can be believed: its checksum is right, and it is of a kind that is known. */
    boolean isRight() {
        return right && !has(FLAG_INLINE_DATA);
    }

    /** Whether its map is a tree of extents. */
    boolean hasExtents() {
        return has(FLAG_EXTENTS);
    }

    /** Whether its map holds a symbolic link's target itself: it has no blocks but that of its attributes. */
    boolean isShortLink(Superblock superblock) {
        long attributes = attributeBlock == 0 ? 0 : 1L << superblock.blockShift - 9;
        return FileMode.isSymbolicLink(mode) && sectors == attributes && size < MAP_SIZE;
    }
}
