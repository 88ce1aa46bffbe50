package biscotti.machine;

/** The x86 I/O port space; values are unsigned, in an int. */
public abstract class Ports {
    /** For subclasses. */
    protected Ports() {}

    /** Reads one byte: 0..255. */
    public abstract int readByte(int port);

    /** Reads two bytes: 0..65535. */
    public abstract int readShort(int port);

    /** Reads four bytes. */
    public abstract int readInt(int port);

    /** Writes the low byte of {@code value}. */
    public abstract void writeByte(int port, int value);

    /** Writes the low two bytes of {@code value}. */
    public abstract void writeShort(int port, int value);

    /** Writes four bytes. */
    public abstract void writeInt(int port, int value);
}
