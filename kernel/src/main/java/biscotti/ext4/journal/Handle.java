package biscotti.ext4.journal;

import biscotti.block.Block;

/** One thread's part of a transaction: the changes of an operation, all of which are lasting if any is. */
public final class Handle {
    private final Transactions transactions;

    // Set by the transactions.

    long tid;
    int credits;
    int error;
    private boolean synchronous;

    Handle(Transactions transactions) {
        this.transactions = transactions;
    }

    /** 0; or -EROFS if nothing can be changed: such a handle is ended like others. */
    public int error() {
        return error;
    }

    /** The transaction that it belongs to; another one after {@link #restart}. */
    public long tid() {
        return tid;
    }

    /** How many blocks more may be changed or forgotten. */
    public int credits() {
        return credits;
    }

    /** Has its end wait until its changes are on the disk. */
    public void setSynchronous() {
        synchronous = true;
    }

    /**
     * To be called before a block is changed that has been read.
     *
     * @return 0; -EROFS; -ENOSPC if the handle has no credits left, which is a bug of the caller's
     */
    public int access(Block block) {
        return error != 0 ? error : transactions.access(this, block, false);
    }

    /** As {@link #access}, for a block that was free, of which the whole content is new. */
    public int create(Block block) {
        return error != 0 ? error : transactions.access(this, block, true);
    }

    /** To be called after a block was changed. */
    public void dirty(Block block) {
        if (error == 0) {
            transactions.dirty(this, block);
        }
    }

    /**
     * A block with metadata is freed: it is neither written nor replayed any more. Nobody else has it. It may be given to others
     * only when this transaction has committed.
     *
     * @return as {@link #access}
     */
    public int forget(long number) {
        return error != 0 ? error : transactions.forget(this, number);
    }

    /** Asks for more credits: 0; 1 if there is no room in this transaction: then see {@link #restart}; -EROFS. */
    public int extend(int more) {
        return error != 0 ? error : transactions.extend(this, more);
    }

    /**
     * Ends and begins again, in a later transaction if need be. The file system must be consistent now, or become so when the
     * orphans are seen to.
     *
     * @return 0 or -EROFS
     */
    public int restart(int newCredits) {
        if (error == 0) {
            transactions.leave(this);
            transactions.join(this, newCredits);
        }
        return error;
    }

    /** Has data written before the transaction commits. */
    public void order(OrderedData data) {
        if (error == 0) {
            transactions.order(this, data);
        }
    }

    /** Ends it: 0, or the error with which nothing is written any more. */
    public int end() {
        if (error != 0) {
            return error;
        }
        int result = transactions.leave(this);
        return synchronous && result == 0 ? transactions.commit(tid) : result;
    }
}
