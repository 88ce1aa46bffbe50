package biscotti.driver.network;

import biscotti.machine.PhysicalMemory;

/** The head of a packet: bytes in a row, with room before and behind them, in a buffer of half a frame. See {@link Packet}. */
abstract class PacketHead {
    /** Bytes of the buffer where the head is: half a frame, on a multiple of that. */
    public static final int BUFFER_BYTES = PhysicalMemory.FRAME_SIZE / 2;

    /** Bytes of an empty packet's buffer before its first byte, for headers. */
    public static final int HEAD_ROOM = 128;

    /** The most fragments: 64 KB in frames, or the parts of a datagram of 64 KB on an Ethernet. Their table is in the buffer, too. */
    public static final int MOST_FRAGMENTS = 48;

    /** Bytes of the buffer that are not for the table. */
    static final int HEAD_BYTES = BUFFER_BYTES - MOST_FRAGMENTS * Fragments.ENTRY_BYTES;

    /** The most bytes of the head of a packet that has all of its head room: a frame of an Ethernet with the usual MTU. */
    public static final int MOST_HEAD = HEAD_BYTES - HEAD_ROOM;

    private final PhysicalMemory memory;
    private final long buffer;

    /** Where in the buffer its first byte is. */
    private int start = HEAD_ROOM;

    private int headLength;

    PacketHead(PhysicalMemory memory, long buffer) {
        this.memory = memory;
        this.buffer = buffer;
    }

    /** Makes it empty, with its usual room. */
    final void clearHead() {
        start = HEAD_ROOM;
        headLength = 0;
    }

    /** Where in the buffer the first byte is. */
    final int start() {
        return start;
    }

    /** Where the head lies in physical memory. */
    final long headAddress() {
        return buffer + start;
    }

    /** How many bytes are in the head. */
    public final int headLength() {
        return headLength;
    }

    /** How many bytes can be put before it. */
    public final int headRoom() {
        return start;
    }

    /** How many bytes can be put behind the head. */
    public final int tailRoom() {
        return HEAD_BYTES - start - headLength;
    }

    static void check(boolean condition) {
        if (!condition) {
            throw new IndexOutOfBoundsException("outside of a packet");
        }
    }

    /** Moves the place of the first byte of a packet with an empty head, so that so many bytes can be put before it. */
    public final void reserve(int headRoom) {
        check(headLength == 0 && headRoom >= 0 && headRoom <= HEAD_BYTES);
        start = headRoom;
    }

    /** Puts bytes before it, whose content is whatever it was: the next header. Not more than {@link #headRoom}. */
    public final void push(int bytes) {
        check(bytes >= 0 && bytes <= start);
        start -= bytes;
        headLength += bytes;
    }

    /** Drops bytes of the front of the head. */
    final void pullHead(int bytes) {
        start += bytes;
        headLength -= bytes;
    }

    /** Drops bytes of the end of the head. */
    final void trimHead(int newLength) {
        headLength = Math.min(headLength, newLength);
    }

    /** Puts bytes behind the head, whose content is whatever it was. */
    final void extendHead(int bytes) {
        check(bytes >= 0 && bytes <= tailRoom());
        headLength += bytes;
    }

    private long field(int offset, int bytes) {
        check(offset >= -start && offset <= headLength - bytes);
        return buffer + start + offset;
    }

    /** The byte at an offset, 0 to 255. */
    public final int readByte(int offset) {
        return memory.readByte(field(offset, Byte.BYTES)) & 0xff;
    }

    /** The two bytes at an offset, 0 to 65535. */
    public final int readShort(int offset) {
        return Short.reverseBytes(memory.readShort(field(offset, Short.BYTES))) & 0xffff;
    }

    /** The four bytes at an offset. */
    public final int readInt(int offset) {
        return Integer.reverseBytes(memory.readInt(field(offset, Integer.BYTES)));
    }

    /** The eight bytes at an offset. */
    public final long readLong(int offset) {
        return Long.reverseBytes(memory.readLong(field(offset, Long.BYTES)));
    }

    /** Writes the low byte of a value. */
    public final void writeByte(int offset, int value) {
        memory.writeByte(field(offset, Byte.BYTES), (byte) value);
    }

    /** Writes the low two bytes of a value. */
    public final void writeShort(int offset, int value) {
        memory.writeShort(field(offset, Short.BYTES), Short.reverseBytes((short) value));
    }

    /** Writes four bytes. */
    public final void writeInt(int offset, int value) {
        memory.writeInt(field(offset, Integer.BYTES), Integer.reverseBytes(value));
    }

    /** Writes eight bytes. */
    public final void writeLong(int offset, long value) {
        memory.writeLong(field(offset, Long.BYTES), Long.reverseBytes(value));
    }
}
