package biscotti.file;

/**
 * The other side of a read or write: where bytes come from or go to, in order. It moves exactly as many bytes as it is asked
 * to, or fails and stays where it was.
 */
public abstract class Transfer {
    /** For subclasses. */
    protected Transfer() {}

    /** How many bytes can still move. */
    public abstract long remaining();

    /** Lets at most this many more bytes move. */
    public abstract void limit(long most);

    /**
     * Takes bytes from here into physical memory: part of a write.
     *
     * @param length at most {@link #remaining}
     * @return 0; -EFAULT, -ENOMEM
     */
    public abstract int toPhysical(long physical, int length);

    /**
     * Puts bytes of physical memory here: part of a read.
     *
     * @return 0; -EFAULT, -ENOMEM
     */
    public abstract int fromPhysical(long physical, int length);

    /**
     * Takes bytes from here into an array.
     *
     * @return 0; -EFAULT, -ENOMEM
     */
    public abstract int take(byte[] to, int offset, int length);

    /**
     * Puts bytes of an array here.
     *
     * @return 0; -EFAULT, -ENOMEM
     */
    public abstract int put(byte[] from, int offset, int length);

    /**
     * Puts zeros here: a hole was read.
     *
     * @return 0; -EFAULT, -ENOMEM
     */
    public abstract int putZeros(int length);

    /** Passes over bytes without looking at them: a write to /dev/null. */
    public abstract void skip(long length);
}
