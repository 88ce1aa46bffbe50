package biscotti.ext4.journal;

import static biscotti.abi.Errno.EROFS;

import biscotti.block.Block;
import biscotti.block.BlockCache;

/** A file system without a journal (ext2): blocks are written when they are synced, or when their room is needed. */
public final class DirectWrites extends Transactions {
    private static final int MOST_CREDITS = 1 << 16;

    private final BlockCache cache;
    private volatile int error;

    /** Changes blocks of a cache. */
    public DirectWrites(BlockCache cache) {
        this.cache = cache;
    }

    @Override
    public Handle begin(int credits) {
        Handle handle = new Handle(this);
        join(handle, credits);
        return handle;
    }

    @Override
    public int mostCredits() {
        return MOST_CREDITS;
    }

    @Override
    public long running() {
        return 1;
    }

    @Override
    public boolean isCommitted(long tid) {
        return true;
    }

    @Override
    public int commit(long tid) {
        return commit();
    }

    @Override
    public int commit() {
        return error != 0 ? error : cache.sync();
    }

    @Override
    public int close() {
        return commit();
    }

    @Override
    public int error() {
        return error;
    }

    @Override
    public void abort(int newError) {
        error = newError;
    }

    @Override
    int access(Handle handle, Block block, boolean create) {
        return 0;
    }

    @Override
    void dirty(Handle handle, Block block) {
        block.markDirty();
    }

    @Override
    int forget(Handle handle, long number) {
        cache.forget(number);
        return 0;
    }

    @Override
    int extend(Handle handle, int credits) {
        handle.credits += credits;
        return 0;
    }

    @Override
    void order(Handle handle, OrderedData data) {}

    @Override
    void join(Handle handle, int credits) {
        handle.tid = 1;
        handle.credits = credits;
        handle.error = error == 0 ? 0 : -EROFS;
    }

    @Override
    int leave(Handle handle) {
        return error;
    }
}
