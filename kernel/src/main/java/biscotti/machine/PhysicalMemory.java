package biscotti.machine;

/**
 * All physical memory, by physical address in bytes.
 *
 * <p>Reads and writes are plain (they may be reordered by the compiler, but not torn when aligned) unless the name says
 * otherwise; the atomic operations and the volatile reads and writes order everything around them. Values are
 * little-endian. An unaligned read or write is allowed, but not atomic. On the real machine addresses are not checked: a
 * wrong one corrupts memory, so they come from page tables and frame allocators only, never from a user.
 */
public abstract class PhysicalMemory {
    /** log2 of {@link #FRAME_SIZE}. */
    public static final int FRAME_SHIFT = 12;

    /** Bytes in a frame (a physical page). */
    public static final int FRAME_SIZE = 1 << FRAME_SHIFT;

    /** The bits of an address inside its frame. */
    public static final long FRAME_MASK = FRAME_SIZE - 1;

    /** For subclasses. */
    protected PhysicalMemory() {}

    /** The byte at {@code address}. */
    public abstract byte readByte(long address);

    /** The two bytes at {@code address}. */
    public abstract short readShort(long address);

    /** The four bytes at {@code address}. */
    public abstract int readInt(long address);

    /** The eight bytes at {@code address}. */
    public abstract long readLong(long address);

    /** Writes one byte. */
    public abstract void writeByte(long address, byte value);

    /** Writes two bytes. */
    public abstract void writeShort(long address, short value);

    /** Writes four bytes. */
    public abstract void writeInt(long address, int value);

    /** Writes eight bytes. */
    public abstract void writeLong(long address, long value);

    /** The aligned int at {@code address}, read after everything before and before everything after. */
    public abstract int readIntVolatile(long address);

    /** The aligned long at {@code address}, read after everything before and before everything after. */
    public abstract long readLongVolatile(long address);

    /** Writes an aligned int, after everything before and before everything after. */
    public abstract void writeIntVolatile(long address, int value);

    /** Writes an aligned long, after everything before and before everything after. */
    public abstract void writeLongVolatile(long address, long value);

    /** Atomically writes {@code value} if the aligned int is {@code expected}; says whether it did. */
    public abstract boolean compareAndSetInt(long address, int expected, int value);

    /** Atomically writes {@code value} if the aligned long is {@code expected}; says whether it did. */
    public abstract boolean compareAndSetLong(long address, long expected, long value);

    /** Atomically writes an aligned long and returns what was there. */
    public abstract long getAndSetLong(long address, long value);

    /** Atomically adds to an aligned int and returns what was there. */
    public abstract int getAndAddInt(long address, int delta);

    /** Sets {@code length} bytes to zero. */
    public abstract void zero(long address, long length);

    /** Copies {@code length} bytes inside physical memory; the ranges may overlap. */
    public abstract void copy(long from, long to, long length);

    /** Copies bytes from an array into physical memory. */
    public abstract void copyIn(long address, byte[] from, int offset, int length);

    /** Copies bytes of physical memory out to an array. */
    public abstract void copyOut(long address, byte[] to, int offset, int length);

    /** Tells that nobody uses a frame any more. A simulated machine then refuses access to it; the real one does nothing. */
    public void frameFreed(long frame) {}

    /** Tells that a freed frame is in use again. */
    public void frameTaken(long frame) {}
}
