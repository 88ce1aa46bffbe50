package biscotti.ext4.journal;

import biscotti.block.BlockBatch;

/**
 * Writes to their places the blocks that are in the log, oldest first, so that the log can be used anew. Used by the committing
 * thread, between commits.
 */
final class Checkpoint {
    /** What it asks of the journal. */
    interface Source {
        /** Copies a block, if the running transaction does not have it; false if it does. */
        boolean takeCommitted(JournalBlock block, BlockBatch batch);

        /** The block is in its place now, lasting. */
        void placed(JournalBlock block);
    }

    /** The most blocks between two flushes. */
    private static final int MOST = 16 * BlockBatch.MOST;

    private final PendingBlocks pending;
    private final LogBlocks log;
    private final BlockBatch batch;
    private final Source source;

    Checkpoint(PendingBlocks pending, LogBlocks log, BlockBatch batch, Source source) {
        this.pending = pending;
        this.log = log;
        this.batch = batch;
        this.source = source;
    }

    /** Writes some blocks, and makes that lasting: how many are in their places, or a negative errno. */
    int run() {
        int seen = 0;
        int copied = 0;
        int error = 0;
        for (JournalBlock at = pending.first(); at != null && seen < MOST; at = at.next) {
            seen++;
            at.written = source.takeCommitted(at, batch);
            copied += at.written ? 1 : 0;
            if (batch.isFull()) {
                error = Math.min(error, write());
            }
        }
        if (copied == 0) {
            return 0;
        }
        error = Math.min(error, write());
        error = Math.min(error, log.flush());
        if (error != 0) {
            return error;
        }
        JournalBlock at = pending.first();
        for (int i = 0; i < seen; i++) {
            JournalBlock next = at.next;
            if (at.written) {
                pending.remove(at);
                source.placed(at);
            }
            at = next;
        }
        return copied;
    }

    private int write() {
        batch.submit();
        return batch.await();
    }
}
