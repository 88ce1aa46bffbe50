package biscotti.block;

import biscotti.machine.PhysicalMemory;

/**
 * A block of a {@link BlockCache}, pinned by whoever has it until {@link #release}. Numbers in it are little-endian. What guards
 * the content against others is its owner's lock: that of the inode, the group, the directory whose block it is.
 */
public final class Block {
    private final BlockCache cache;
    private final PhysicalMemory memory;
    private final int index;
    private final int error;

    // All below is guarded by the cache's lock.

    /** Its frame; 0 while it has none. */
    long physical;

    /** Where it is on the device, in blocks; -1 for none. */
    long number = -1;

    int pins;
    boolean valid;
    boolean reading;
    boolean writing;

    volatile boolean dirty;

    private volatile boolean checked;

    /** The next of its bucket in the table of blocks. */
    Block nextInBucket;

    /** Those beside it in the list of blocks that may go, or of those that are dirty. */
    Block previous;

    Block next;
    BlockList list;

    Block(BlockCache cache, PhysicalMemory memory, int index, int error) {
        this.cache = cache;
        this.memory = memory;
        this.index = index;
        this.error = error;
    }

    /** A number from 0 on that no other block of the cache has while this one is pinned: for what is kept beside it. */
    public int index() {
        return index;
    }

    /** Where it is on the device, in blocks. */
    public long number() {
        return number;
    }

    /** 0; or -EIO, -ENOMEM, -EUCLEAN (beyond the device), -ENOENT (not in the cache): then it has no content, and need not be released. */
    public int error() {
        return error;
    }

    /** Bytes of its content. */
    public int size() {
        return cache.blockSize();
    }

    /** Where its content lies in physical memory. */
    public long physical() {
        return physical;
    }

    /** Whether it is to be written without a journal. */
    public boolean isDirty() {
        return dirty;
    }

    /** Whether {@link #setChecked} was said of what it contains, since it was read from the device. */
    public boolean isChecked() {
        return checked;
    }

    /** Its content was compared with a checksum that is kept elsewhere; who changes it changes that sum, too. */
    public void setChecked() {
        checked = true;
    }

    /** It gets another content. */
    void resetChecked() {
        checked = false;
    }

    /** Pins it once more. */
    public void retain() {
        cache.retain(this);
    }

    /** Gives it back; its content may go when nobody has it. */
    public void release() {
        cache.release(this);
    }

    /** Its content is to be written: by {@link BlockCache#sync}, or when its room is needed. */
    public void markDirty() {
        cache.markDirty(this);
    }

    /** The unsigned byte there. */
    public int getByte(int offset) {
        return memory.readByte(physical + offset) & 0xFF;
    }

    /** The unsigned 16 bits there. */
    public int getShort(int offset) {
        return memory.readShort(physical + offset) & 0xFFFF;
    }

    /** The 32 bits there. */
    public int getInt(int offset) {
        return memory.readInt(physical + offset);
    }

    /** The 32 bits there, unsigned. */
    public long getUnsignedInt(int offset) {
        return Integer.toUnsignedLong(memory.readInt(physical + offset));
    }

    /** The 64 bits there. */
    public long getLong(int offset) {
        return memory.readLong(physical + offset);
    }

    /** Sets a byte. */
    public void putByte(int offset, int value) {
        memory.writeByte(physical + offset, (byte) value);
    }

    /** Sets 16 bits. */
    public void putShort(int offset, int value) {
        memory.writeShort(physical + offset, (short) value);
    }

    /** Sets 32 bits. */
    public void putInt(int offset, int value) {
        memory.writeInt(physical + offset, value);
    }

    /** Sets 64 bits. */
    public void putLong(int offset, long value) {
        memory.writeLong(physical + offset, value);
    }

    /** Copies bytes out of it. */
    public void get(int offset, byte[] to, int at, int length) {
        memory.copyOut(physical + offset, to, at, length);
    }

    /** Copies bytes into it. */
    public void put(int offset, byte[] from, int at, int length) {
        memory.copyIn(physical + offset, from, at, length);
    }

    /** Copies bytes from another block, or from elsewhere in this one if the two places do not overlap. */
    public void copy(int offset, Block from, int at, int length) {
        memory.copy(from.physical + at, physical + offset, length);
    }

    /** Sets bytes to zero. */
    public void zero(int offset, int length) {
        memory.zero(physical + offset, length);
    }

    /** The CRC-32C of bytes in it, added to another. */
    public int checksum(int sum, int offset, int length) {
        return Crc32c.update(sum, memory, physical + offset, length);
    }
}
