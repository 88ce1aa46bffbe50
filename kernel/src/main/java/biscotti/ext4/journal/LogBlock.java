package biscotti.ext4.journal;

import static biscotti.ext4.journal.JournalFormat.HEADER_MAGIC;
import static biscotti.ext4.journal.JournalFormat.HEADER_SEQUENCE;
import static biscotti.ext4.journal.JournalFormat.HEADER_TYPE;
import static biscotti.ext4.journal.JournalFormat.MAGIC;

import biscotti.block.Crc32c;
import biscotti.machine.PhysicalMemory;

/** A block of the journal in memory: a view of a place, with big-endian numbers. */
final class LogBlock {
    private final PhysicalMemory memory;
    private final int size;
    private long address;

    LogBlock(PhysicalMemory memory, int size) {
        this.memory = memory;
        this.size = size;
    }

    /** From now on it is the block there. */
    void moveTo(long newAddress) {
        address = newAddress;
    }

    long address() {
        return address;
    }

    int size() {
        return size;
    }

    int getByte(int offset) {
        return memory.readByte(address + offset) & 0xFF;
    }

    int getShort(int offset) {
        return Short.reverseBytes(memory.readShort(address + offset)) & 0xFFFF;
    }

    int getInt(int offset) {
        return Integer.reverseBytes(memory.readInt(address + offset));
    }

    long getUnsignedInt(int offset) {
        return Integer.toUnsignedLong(getInt(offset));
    }

    long getLong(int offset) {
        return Long.reverseBytes(memory.readLong(address + offset));
    }

    void putByte(int offset, int value) {
        memory.writeByte(address + offset, (byte) value);
    }

    void putShort(int offset, int value) {
        memory.writeShort(address + offset, Short.reverseBytes((short) value));
    }

    void putInt(int offset, int value) {
        memory.writeInt(address + offset, Integer.reverseBytes(value));
    }

    void putLong(int offset, long value) {
        memory.writeLong(address + offset, Long.reverseBytes(value));
    }

    void zero(int offset, int length) {
        memory.zero(address + offset, length);
    }

    /** Copies bytes of another block to the same place. */
    void copy(LogBlock from, int at, int offset, int length) {
        memory.copy(from.address + at, address + offset, length);
    }

    /** Begins a block of the journal's own: zeros behind a header. */
    void begin(int type, long sequence) {
        zero(0, size);
        putInt(HEADER_MAGIC, MAGIC);
        putInt(HEADER_TYPE, type);
        putInt(HEADER_SEQUENCE, (int) sequence);
    }

    boolean isOf(int sequence) {
        return getInt(HEADER_MAGIC) == MAGIC && getInt(HEADER_SEQUENCE) == sequence;
    }

    /** The checksum of the whole block. */
    int checksum(int sum) {
        return Crc32c.update(sum, memory, address, size);
    }

    /** The checksum of its first bytes with four of them taken as zeros. */
    int checksumWithout(int place, int sum, int length) {
        int before = Crc32c.update(sum, memory, address, place);
        int after = place + Integer.BYTES;
        return Crc32c.update(Crc32c.updateInt(before, 0), memory, address + after, length - after);
    }
}
