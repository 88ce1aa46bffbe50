package biscotti.file;

import biscotti.net.Payload;

/**
 * The other side of a read or write: where bytes come from or go to, in order. It moves exactly as many bytes as it is asked
 * to, or fails and stays where it was.
 */
public abstract class Transfer implements Payload {
    /** For subclasses. */
    protected Transfer() {}

    @Override
    public abstract long remaining();

    /** Lets at most this many more bytes move. */
    public abstract void limit(long most);

    /**
     * Takes bytes from here into physical memory: part of a write.
     *
     * @param length at most {@link #remaining}
     * @return 0; -EFAULT, -ENOMEM
     */
    @Override
    public abstract int toPhysical(long physical, int length);

    /**
     * Puts bytes of physical memory here: part of a read.
     *
     * @return 0; -EFAULT, -ENOMEM
     */
    @Override
    public abstract int fromPhysical(long physical, int length);

    /**
     * As {@link #toPhysical}, but if not all bytes can be had, at least those before the bad ones are taken.
     *
     * @return how many bytes were taken, at least one; -EFAULT, -ENOMEM
     */
    public final int someToPhysical(long physical, int length) {
        int error = toPhysical(physical, length);
        if (error == 0) {
            return length;
        }
        int piece = wholePiece(length);
        return piece < length && toPhysical(physical, piece) == 0 ? piece : error;
    }

    /**
     * As {@link #fromPhysical}, but if not all bytes can be put, at least those before the bad ones are.
     *
     * @return how many bytes were put, at least one; -EFAULT, -ENOMEM
     */
    public final int someFromPhysical(long physical, int length) {
        int error = fromPhysical(physical, length);
        if (error == 0) {
            return length;
        }
        int piece = wholePiece(length);
        return piece < length && fromPhysical(physical, piece) == 0 ? piece : error;
    }

    /**
     * As {@link #putZeros}, but if not all can be put, at least those before the bad ones are.
     *
     * @return how many were put, at least one; -EFAULT, -ENOMEM
     */
    public final int putSomeZeros(int length) {
        int error = putZeros(length);
        if (error == 0) {
            return length;
        }
        int piece = wholePiece(length);
        return piece < length && putZeros(piece) == 0 ? piece : error;
    }

    /** How many of the next bytes are all good or all bad: those in one page of memory. */
    protected int wholePiece(int length) {
        return length;
    }

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

    /** The last bytes that were taken from here are still to be taken: there was no room for them after all. */
    public abstract void stepBack(int length);
}
