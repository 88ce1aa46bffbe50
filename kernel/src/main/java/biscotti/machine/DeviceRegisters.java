package biscotti.machine;

/**
 * Registers of a device that lie in the space of physical addresses. Each access reaches the device, as wide as it is named, and
 * in the order of the program; all that was written to memory before can be seen by the device when a register is written.
 */
public abstract class DeviceRegisters {
    /** For subclasses. */
    protected DeviceRegisters() {}

    /** Reads a byte: 0..255. */
    public abstract int readByte(long offset);

    /** Reads two bytes: 0..65535. */
    public abstract int readShort(long offset);

    /** Reads four bytes. */
    public abstract int readInt(long offset);

    /** Reads eight bytes, the lower half first where the device takes only four at a time. */
    public final long readLong(long offset) {
        return readInt(offset) & 0xffff_ffffL | (long) readInt(offset + Integer.BYTES) << Integer.SIZE;
    }

    /** Writes the low byte of {@code value}. */
    public abstract void writeByte(long offset, int value);

    /** Writes the low two bytes of {@code value}. */
    public abstract void writeShort(long offset, int value);

    /** Writes four bytes. */
    public abstract void writeInt(long offset, int value);

    /** Writes eight bytes as two times four, the lower half first. */
    public final void writeLong(long offset, long value) {
        writeInt(offset, (int) value);
        writeInt(offset + Integer.BYTES, (int) (value >>> Integer.SIZE));
    }
}
