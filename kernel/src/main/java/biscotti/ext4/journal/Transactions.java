package biscotti.ext4.journal;

import biscotti.block.Block;

/**
 * How changes of blocks reach the disk. Whoever changes blocks has a {@link Handle}, which belongs to a transaction, as those of
 * others do; a transaction is on the disk as a whole or not at all.
 *
 * <p>Order of waiting: {@link #begin} waits for open handles to end, and for the disk. So who has a handle must not begin another, nor take a lock that
 * another thread may hold while it begins one.
 */
public abstract class Transactions {
    Transactions() {}

    /**
     * Begins a handle; waits, uninterrupted, until there is room for it.
     *
     * @param credits how many blocks it may change and how many it may forget, together; at most {@link #mostCredits}
     * @return a handle, to be ended; its error says if there is no more writing
     */
    public abstract Handle begin(int credits);

    /** The most credits of a handle. */
    public abstract int mostCredits();

    /** The transaction that handles which begin now belong to; the first is 1 or more, and each next one 1 more. */
    public abstract long running();

    /** Whether all changes of a transaction are on the disk: blocks that it freed may have another content. */
    public abstract boolean isCommitted(long tid);

    /**
     * Has a transaction committed, and waits for it. What it did not change, such as data that were written over, the caller
     * flushes himself.
     *
     * @return 0, or the error with which the journal was aborted
     */
    public abstract int commit(long tid);

    /** Commits all that was changed so far, and waits for it: 0 or a negative errno. */
    public abstract int commit();

    /** Writes all to its place, and ends; no handle is open. 0 or a negative errno. */
    public abstract int close();

    /** 0, or why there is no more writing. */
    public abstract int error();

    /** Sets how old a transaction gets before it is committed without being asked for, in nanoseconds. */
    public void setCommitAge(long nanos) {}

    /** The file system is found to be damaged: from now on nothing is written. */
    public abstract void abort(int error);

    // What handles ask.

    abstract int access(Handle handle, Block block, boolean create);

    abstract void dirty(Handle handle, Block block);

    abstract int forget(Handle handle, long number);

    abstract int extend(Handle handle, int credits);

    abstract void order(Handle handle, OrderedData data);

    abstract void join(Handle handle, int credits);

    abstract int leave(Handle handle);
}
