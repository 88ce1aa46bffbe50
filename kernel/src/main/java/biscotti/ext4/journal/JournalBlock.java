package biscotti.ext4.journal;

import biscotti.block.Block;

/**
 * What the journal knows of a cached block. It has the block pinned while any of the three is true: the running transaction has it,
 * the committing one has it, or it is pending, which means that it is in the log and not yet in its place. Guarded by the journal's
 * lock.
 */
final class JournalBlock {
    Block block;

    boolean inRunning;
    boolean changed;
    boolean freed;

    boolean inCommitting;
    boolean commits;
    boolean freedByCommitting;

    /** Whether the content that the committing transaction gave it is in the log, or in {@link #frozen}. */
    boolean taken;

    /** The frame with the content that the committing transaction gave it, if the running one has changed it since; or 0. */
    long frozen;

    // Of the list of pending blocks; used by the committing thread only, but for the first.

    boolean pending;
    long pendingTid;
    int pendingStart;
    boolean written;
    JournalBlock previous;
    JournalBlock next;

    boolean isUnused() {
        return !inRunning && !inCommitting && !pending;
    }
}
