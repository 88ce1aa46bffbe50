package biscotti.machine;

/** Where the bytes of the kernel log leave the machine. */
public abstract class LogPort {
    /** For subclasses. */
    protected LogPort() {}

    /** Writes bytes; those of one call stay together. */
    public abstract void write(byte[] from, int offset, int length);
}
