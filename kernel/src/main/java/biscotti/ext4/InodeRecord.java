package biscotti.ext4;

import biscotti.abi.DeviceNumber;
import biscotti.abi.FileMode;
import biscotti.block.Block;
import biscotti.block.Crc32c;
import biscotti.file.Vnode;

/**
 * An inode as it lies in a block: "Index Nodes". For a short use, while the block is pinned, and what is changed is guarded by the lock of the
 * {@link Inode}.
 */
final class InodeRecord {
    /** Where the map of blocks begins, or a short symbolic link's target. */
    static final int MAP = 0x28;

    /** Bytes of that map. */
    static final int MAP_SIZE = 60;

    /** What older inodes have; behind it lie {@link #extraSize} bytes more, and then attributes. */
    static final int OLD_SIZE = 128;

    /** What this kernel knows of the bytes behind the older ones. */
    static final int KNOWN_EXTRA = 32;

    private static final int MODE = 0x0;
    private static final int SIZE_LOW = 0x4;
    private static final int SIZE_HIGH = 0x6c;
    private static final int DELETION_TIME = 0x14;
    private static final int LINKS = 0x1a;
    private static final int SECTORS_LOW = 0x1c;
    private static final int SECTORS_HIGH = 0x74;
    private static final int FLAGS = 0x20;
    private static final int GENERATION = 0x64;
    private static final int ATTRIBUTES_LOW = 0x68;
    private static final int ATTRIBUTES_HIGH = 0x76;
    private static final int EXTRA_SIZE = 0x80;
    private static final int CHECKSUM_LOW = 0x7c;
    private static final int CHECKSUM_HIGH = 0x82;
    private static final int CHECKSUM_HALF = 2;
    private static final int LOW_BITS = 0xffff;
    private static final long NANOS = 1_000_000_000L;
    private static final int EPOCH_BITS = 2;
    private static final int EPOCH_MASK = (1 << EPOCH_BITS) - 1;

    private final Superblock superblock;
    private final Block block;
    private final int at;
    private final long number;

    /** The inode of a number, at a place in a pinned block. */
    InodeRecord(Superblock superblock, Block block, int at, long number) {
        this.superblock = superblock;
        this.block = block;
        this.at = at;
        this.number = number;
    }

    /** The block that has it. */
    Block block() {
        return block;
    }

    /** Where it begins there. */
    int offset() {
        return at;
    }

    /** Which inode it is. */
    long number() {
        return number;
    }

    /** Type and permissions; 0 if it is not in use. */
    int mode() {
        return block.getShort(at + MODE);
    }

    /** How many names there are; see {@link Features#MANY_SUBDIRECTORIES}. */
    int links() {
        return block.getShort(at + LINKS);
    }

    int flags() {
        return block.getInt(at + FLAGS);
    }

    void setFlags(int flags) {
        block.putInt(at + FLAGS, flags);
    }

    /** What tells it from others that had its number. */
    int generation() {
        return block.getInt(at + GENERATION);
    }

    /** When it was deleted, or the next orphan's number. */
    long deletionTime() {
        return block.getUnsignedInt(at + DELETION_TIME);
    }

    void setDeletionTime(long seconds) {
        block.putInt(at + DELETION_TIME, (int) seconds);
    }

    /** Its length in bytes. */
    long size() {
        int mode = mode();
        boolean wide = FileMode.isRegular(mode) || FileMode.isDirectory(mode);
        return block.getUnsignedInt(at + SIZE_LOW) | (wide ? (long) block.getInt(at + SIZE_HIGH) << Integer.SIZE : 0);
    }

    void setSize(long size) {
        block.putInt(at + SIZE_LOW, (int) size);
        block.putInt(at + SIZE_HIGH, (int) (size >>> Integer.SIZE));
    }

    /** What it takes, in units of 512 bytes. */
    long sectors() {
        long count = block.getUnsignedInt(at + SECTORS_LOW);
        if (!superblock.hasForReading(Features.HUGE_FILES)) {
            return count;
        }
        count |= (long) block.getShort(at + SECTORS_HIGH) << Integer.SIZE;
        return (flags() & Inode.FLAG_HUGE) != 0 ? count << superblock.blockShift - 9 : count;
    }

    /** Sets what it takes; beyond 48 bits it is counted in blocks. */
    void setSectors(long sectors) {
        boolean huge = sectors >>> 48 != 0;
        long count = huge ? sectors >>> superblock.blockShift - 9 : sectors;
        setFlags(huge ? flags() | Inode.FLAG_HUGE : flags() & ~Inode.FLAG_HUGE);
        block.putInt(at + SECTORS_LOW, (int) count);
        if (superblock.hasForReading(Features.HUGE_FILES)) {
            block.putShort(at + SECTORS_HIGH, (int) (count >>> Integer.SIZE));
        }
    }

    /** The block of its attributes, or 0. */
    long attributeBlock() {
        long low = block.getUnsignedInt(at + ATTRIBUTES_LOW);
        return superblock.has(Features.WIDE) ? low | (long) block.getShort(at + ATTRIBUTES_HIGH) << Integer.SIZE : low;
    }

    void setAttributeBlock(long number) {
        block.putInt(at + ATTRIBUTES_LOW, (int) number);
        if (superblock.has(Features.WIDE)) {
            block.putShort(at + ATTRIBUTES_HIGH, (int) (number >>> Integer.SIZE));
        }
    }

    /** How much it has of the fields behind the older ones, in bytes. */
    int extraSize() {
        return superblock.inodeSize > OLD_SIZE ? block.getShort(at + EXTRA_SIZE) : 0;
    }

    /** Where the checksums of what belongs to it begin. */
    int seed() {
        return Crc32c.updateInt(Crc32c.updateInt(superblock.checksumSeed, (int) number), generation());
    }

    /** The device of a device node, which has eight bits for each part, or in the next word all bits of a {@link DeviceNumber}. */
    int device() {
        int old = block.getInt(at + MAP);
        if (old != 0) {
            return DeviceNumber.of(old >>> 8 & 0xff, old & 0xff);
        }
        return block.getInt(at + MAP + Integer.BYTES);
    }

    /** Sets the device of a device node that has no map. */
    void setDevice(int device) {
        int major = DeviceNumber.major(device);
        int minor = DeviceNumber.minor(device);
        boolean old = major < 1 << Byte.SIZE && minor < 1 << Byte.SIZE;
        block.putInt(at + MAP, old ? major << Byte.SIZE | minor : 0);
        block.putInt(at + MAP + Integer.BYTES, old ? 0 : device);
    }

    /** All that stat(2) tells of its file. */
    Vnode.Stored attributes() {
        int extra = extraSize();
        return new Vnode.Stored(
                mode(),
                pair(0x2, 0x78),
                pair(0x18, 0x7a),
                links(),
                time(0x8, extra >= 0x10 ? 0x8c : -1),
                time(0x10, extra >= 0xc ? 0x88 : -1),
                time(0xc, extra >= 0x8 ? 0x84 : -1),
                extra >= 0x18 ? time(0x90, 0x94) : 0);
    }

    /** Sets the same to what a file has now. */
    void setAttributes(Vnode vnode, int links) {
        int extra = extraSize();
        block.putShort(at + MODE, vnode.mode());
        putPair(0x2, 0x78, vnode.userId());
        putPair(0x18, 0x7a, vnode.groupId());
        block.putShort(at + LINKS, links);
        putTime(0x8, extra >= 0x10 ? 0x8c : -1, vnode.accessTime());
        putTime(0x10, extra >= 0xc ? 0x88 : -1, vnode.modifyTime());
        putTime(0xc, extra >= 0x8 ? 0x84 : -1, vnode.changeTime());
        if (extra >= 0x18) {
            putTime(0x90, 0x94, vnode.birthTime());
        }
    }

    private int pair(int low, int high) {
        return block.getShort(at + low) | block.getShort(at + high) << Short.SIZE;
    }

    private void putPair(int low, int high, int value) {
        block.putShort(at + low, value);
        block.putShort(at + high, value >>> Short.SIZE);
    }

    /** Seconds, with two bits more for the years behind 2038, and nanoseconds: "Inode Timestamps". */
    private long time(int seconds, int more) {
        long whole = block.getInt(at + seconds);
        if (more < 0) {
            return whole * NANOS;
        }
        int extra = block.getInt(at + more);
        whole += (long) (extra & EPOCH_MASK) << Integer.SIZE;
        return whole * NANOS + Math.min(extra >>> EPOCH_BITS, NANOS - 1);
    }

    private void putTime(int seconds, int more, long nanos) {
        long whole = Math.floorDiv(nanos, NANOS);
        if (more < 0) {
            block.putInt(at + seconds, (int) Math.clamp(whole, Integer.MIN_VALUE, Integer.MAX_VALUE));
            return;
        }
        int epoch = (int) (whole - (int) whole >>> Integer.SIZE) & EPOCH_MASK;
        block.putInt(at + seconds, (int) whole);
        block.putInt(at + more, (int) Math.floorMod(nanos, NANOS) << EPOCH_BITS | epoch);
    }

    /** Makes it a new one of which nothing is known but what tells it from others that had its number. */
    void clear(int generation) {
        block.zero(at, superblock.inodeSize);
        block.putInt(at + GENERATION, generation);
        if (superblock.inodeSize > OLD_SIZE) {
            block.putShort(at + EXTRA_SIZE, superblock.inodeExtra);
        }
    }

    private int sum() {
        int size = superblock.inodeSize;
        int sum = block.checksum(seed(), at, CHECKSUM_LOW);
        sum = Crc32c.updateZeros(sum, CHECKSUM_HALF);
        int low = CHECKSUM_LOW + CHECKSUM_HALF;
        if (hasWholeSum()) {
            sum = block.checksum(sum, at + low, CHECKSUM_HIGH - low);
            sum = Crc32c.updateZeros(sum, CHECKSUM_HALF);
            low = CHECKSUM_HIGH + CHECKSUM_HALF;
        }
        return block.checksum(sum, at + low, size - low);
    }

    private boolean hasWholeSum() {
        return extraSize() >= Integer.BYTES;
    }

    private boolean hasRightSum() {
        int sum = sum();
        boolean lower = (sum & LOW_BITS) == block.getShort(at + CHECKSUM_LOW);
        return lower && (!hasWholeSum() || sum >>> Short.SIZE == block.getShort(at + CHECKSUM_HIGH));
    }

    /** It has changed. */
    void updateSum() {
        if (!superblock.hasChecksums()) {
            return;
        }
        int sum = sum();
        block.putShort(at + CHECKSUM_LOW, sum);
        if (hasWholeSum()) {
            block.putShort(at + CHECKSUM_HIGH, sum >>> Short.SIZE);
        }
    }

    /** Whether it can be believed: its checksum is right, and it is of a kind that is known. */
    boolean isRight() {
        int extra = extraSize();
        boolean fits = OLD_SIZE + extra <= superblock.inodeSize && (extra & 3) == 0;
        return fits
                && size() >= 0
                && (flags() & Inode.FLAG_INLINE_DATA) == 0
                && (!superblock.hasChecksums() || hasRightSum());
    }
}
