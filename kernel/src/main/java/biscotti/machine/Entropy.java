package biscotti.machine;

/** Unpredictable bytes, fit for keys. */
public abstract class Entropy {
    /** For subclasses. */
    protected Entropy() {}

    /** Fills part of an array. */
    public abstract void fill(byte[] to, int offset, int length);

    /** 64 unpredictable bits. */
    public abstract long nextLong();
}
