package biscotti.ext4.journal;

import static biscotti.abi.Errno.EIO;
import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.EROFS;

import biscotti.block.Block;
import biscotti.block.BlockBatch;
import biscotti.block.BlockCache;
import biscotti.bounded.Unit;
import biscotti.heap.Bounds;
import biscotti.machine.PhysicalMemory;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.Scheduler;
import biscotti.sched.WaitQueue;
import biscotti.sched.Waiter;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A journal in the form of Linux's jbd2. Handles change cached blocks in the <i>running</i> transaction. When it is five seconds
 * old, or somebody waits for it, the journal's thread lets its handles end, makes it the <i>committing</i> one and writes it to the
 * log; handles that begin meanwhile change the next one. All that the log has of a block is <i>pending</i> until it is in its
 * place: the thread writes it there when the log, or the cache, gets full.
 *
 * <p>An error of the log or of a place on the disk ends all writing: what the disk has is what was committed.
 */
public final class Journal extends Transactions {
    /** As jbd2's JBD2_DEFAULT_MAX_COMMIT_AGE. */
    private static final long DEFAULT_COMMIT_AGE = TimeUnit.SECONDS.toNanos(5);

    /** The most credits of a transaction, whatever the sizes of log and cache. */
    private static final int MOST_CREDITS = 2048;

    private final Scheduler scheduler;
    private final LongSupplier wallClock;
    private final BlockCache cache;
    private final PhysicalMemory memory;
    private final OpenedLog opened;
    private long commitAge = DEFAULT_COMMIT_AGE;
    private final JournalSuperblock superblock;
    private final CommitWriter writer;
    private final PendingBlocks pending = new PendingBlocks();
    private final WaitQueue changed = new WaitQueue();
    private final WaitQueue work = new WaitQueue();
    private final int mostBlocks;

    /** Guards what follows, and the transactions and blocks of the journal. */
    private final RankedLock lock = new RankedLock(LockRank.JOURNAL);

    private final JournalBlock[] blocks;
    private Transaction running;
    private Transaction committing;
    private boolean isCommitting;

    /** Whether the running transaction is about to commit, and takes no handles. */
    private boolean draining;

    private boolean checkpointWanted;
    private boolean started;
    private boolean closing;
    private boolean closed;
    private boolean errorWritten;
    private long requested;
    private volatile long committed;
    private volatile int error;
    private int mostCredits;

    /** Where the next transaction begins in the log, and how many blocks are free from there. */
    private int head;

    private int free;

    /** Blocks that the journal has pinned. */
    private int pinned;

    /**
     * A journal that is not read yet.
     *
     * @param cache all metadata of the file system, opened
     * @param area where the journal lies
     * @param wallClock the time of day in nanoseconds, for the commit blocks
     */
    public Journal(Scheduler scheduler, BlockCache cache, JournalArea area, LongSupplier wallClock) {
        this.scheduler = scheduler;
        this.wallClock = wallClock;
        this.cache = cache;
        this.memory = cache.memory();
        this.opened = new OpenedLog(cache, area);
        this.superblock = opened.superblock();
        this.writer = opened.writer();
        this.mostBlocks = Math.min(cache.capacity() / 4, MOST_CREDITS);
        this.running = new Transaction(mostBlocks);
        this.committing = new Transaction(mostBlocks);
        this.blocks = new JournalBlock[Math.min(cache.capacity(), BlockCache.MOST_BLOCKS)];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = new JournalBlock();
        }
    }

    /**
     * Reads the journal, and replays it if it is not empty.
     *
     * @return 0; -EROFS if it is not empty and the device cannot be written; -EINVAL if it is of a kind that is not known;
     *     -EUCLEAN if it is damaged; -EIO, -ENOMEM
     */
    public int load() {
        int result = opened.read();
        committed = result == 0 ? opened.sequence() : 0;
        return result;
    }

    /**
     * As {@link #load}, for a file system that says that nothing is to be replayed: what the journal has is of no use any more.
     *
     * @return as that
     */
    public int loadEmpty() {
        int result = opened.readEmpty();
        committed = result == 0 ? opened.sequence() : 0;
        return result;
    }

    private void releaseFrame(long frame) {
        if (frame > 0) {
            cache.frames().release(frame);
        }
    }

    /**
     * Begins to take handles, after {@link #load}.
     *
     * @param checksums whether the file system has checksums (metadata_csum)
     * @param wide whether numbers of its blocks have 64 bits
     * @return 0 or a negative errno
     */
    public int start(boolean checksums, boolean wide) {
        if (!writer.open()) {
            return -ENOMEM;
        }
        superblock.setFeatures(checksums, wide);
        head = superblock.first();
        free = superblock.end() - superblock.first();
        running.begin(committed + 1);
        requested = committed;
        mostCredits = Math.min(mostBlocks, free / 4);
        int result = superblock.write(head, committed + 1);
        if (result == 0) {
            started = true;
            scheduler.newThread("journal", this::run).start();
        }
        return result;
    }

    @Override
    public int mostCredits() {
        return mostCredits;
    }

    @Override
    public long running() {
        lock.lock();
        long tid = running.tid;
        lock.unlock();
        return tid;
    }

    @Override
    public boolean isCommitted(long tid) {
        return tid <= committed;
    }

    @Override
    public int error() {
        return error;
    }

    @Override
    public void setCommitAge(long nanos) {
        lock.lock();
        commitAge = nanos;
        work.wakeAll();
        lock.unlock();
    }

    @Override
    public void abort(int newError) {
        lock.lock();
        fail(newError);
        lock.unlock();
    }

    private void fail(int newError) {
        if (error == 0) {
            error = newError;
            scheduler.log().error(cache.device().name() + ": journal aborted, error " + -newError);
        }
        changed.wakeAll();
        work.wakeAll();
    }

    // Handles

    @Override
    public Handle begin(int credits) {
        Handle handle = new Handle(this);
        join(handle, credits);
        return handle;
    }

    @Override
    void join(Handle handle, int credits) {
        lock.lock();
        try {
            handle.error = credits > mostCredits ? -ENOSPC : 0;
            while (handle.error == 0 && error == 0 && !closing && !hasRoom(credits)) {
                changed.awaitUninterrupted(lock, Waiter.FOREVER);
            }
            if (handle.error == 0 && (error != 0 || closing || !started)) {
                handle.error = -EROFS;
            }
            if (handle.error != 0) {
                return;
            }
            if (running.isEmpty()) {
                running.began = scheduler.now();
                work.wakeAll();
            }
            running.handles++;
            running.reserved += credits;
            handle.credits = credits;
            handle.tid = running.tid;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the running transaction takes so many credits more; if not, it has the thread make room. */
    private boolean hasRoom(int credits) {
        if (draining) {
            return false;
        }
        int all = running.used + running.reserved + credits;
        if (all > mostCredits) {
            requested = Math.max(requested, running.tid);
            work.wakeAll();
            return false;
        }
        int needed = writer.mostBlocks(all) + (isCommitting ? writer.mostBlocks(committing.used) : 0);
        if (needed > free || pinned + running.reserved + credits > cache.capacity() / 4 * 3) {
            checkpointWanted = true;
            work.wakeAll();
            return false;
        }
        return true;
    }

    @Override
    int extend(Handle handle, int credits) {
        lock.lock();
        try {
            if (error != 0) {
                return -EROFS;
            }
            if (!hasRoom(credits)) {
                return 1;
            }
            running.reserved += credits;
            handle.credits += credits;
            return 0;
        } finally {
            lock.unlock();
        }
    }

    @Override
    int leave(Handle handle) {
        lock.lock();
        running.reserved -= handle.credits;
        running.handles--;
        handle.credits = 0;
        changed.wakeAll();
        int result = error;
        lock.unlock();
        return result;
    }

    private boolean use(Handle handle) {
        if (handle.credits == 0) {
            return false;
        }
        handle.credits--;
        running.reserved--;
        running.used++;
        return true;
    }

    @Override
    int access(Handle handle, Block block, boolean create) {
        if (block.index() < 0) {
            return block.error();
        }
        lock.lock();
        try {
            JournalBlock mine = blocks[block.index()];
            while (error == 0 && mine.inCommitting && mine.commits && !mine.taken && mine.frozen == 0) {
                freeze(mine, block);
            }
            if (error != 0) {
                return -EROFS;
            }
            if (!mine.inRunning) {
                if (!use(handle)) {
                    return -ENOSPC;
                }
                addToRunning(mine, block);
            }
            mine.freed = false;
            running.revoked().remove(block.number());
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** Keeps what the committing transaction made of a block that is about to be changed; if there is no memory, waits until it is in the log. */
    private void freeze(JournalBlock mine, Block block) {
        long frame = cache.frames().allocate();
        if (frame < 0) {
            changed.awaitUninterrupted(lock, Waiter.FOREVER);
            return;
        }
        memory.copy(block.physical(), frame, block.size());
        mine.frozen = frame;
    }

    private void addToRunning(JournalBlock mine, Block block) {
        if (mine.isUnused()) {
            mine.block = block;
            block.retain();
            pinned++;
        }
        running.add(mine);
    }

    @Override
    void dirty(Handle handle, Block block) {
        lock.lock();
        blocks[block.index()].changed = true;
        lock.unlock();
    }

    @Override
    int forget(Handle handle, long number) {
        Block block = cache.find(number);
        boolean known = false;
        lock.lock();
        try {
            if (error != 0) {
                return -EROFS;
            }
            if (!use(handle)) {
                return -ENOSPC;
            }
            running.revoked().add(number);
            if (block.index() >= 0) {
                JournalBlock mine = blocks[block.index()];
                known = !mine.isUnused();
                if (known && !mine.inRunning) {
                    addToRunning(mine, block);
                }
                mine.freed = known;
            }
        } finally {
            lock.unlock();
            block.release();
        }
        if (!known) {
            cache.forget(number);
        }
        return 0;
    }

    @Override
    void order(Handle handle, OrderedData data) {
        lock.lock();
        running.order(data);
        lock.unlock();
    }

    // Waiting for commits

    @Override
    public int commit() {
        lock.lock();
        long tid = running.isEmpty() ? running.tid - 1 : running.tid;
        lock.unlock();
        return commit(tid);
    }

    @Override
    public int commit(long tid) {
        lock.lock();
        try {
            while (committed < tid && error == 0 && !(tid >= running.tid && running.isEmpty())) {
                if (requested < tid) {
                    requested = tid;
                    work.wakeAll();
                }
                changed.awaitUninterrupted(lock, Waiter.FOREVER);
            }
            return committed >= tid ? 0 : error;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int close() {
        lock.lock();
        try {
            closing = true;
            work.wakeAll();
            changed.wakeAll();
            while (started && !closed) {
                changed.awaitUninterrupted(lock, Waiter.FOREVER);
            }
        } finally {
            lock.unlock();
        }
        for (JournalBlock block : blocks) {
            releaseFrame(block.frozen);
            block.frozen = 0;
        }
        opened.close();
        return error;
    }

    // The journal's thread

    private void run() {
        Checkpoint checkpoint = new Checkpoint(pending, opened.log(), writer.batch(), new Places());
        lock.lock();
        try {
            while (!closed) {
                step(checkpoint);
            }
        } finally {
            lock.unlock();
        }
        changed.wakeAll();
    }

    @Unit(Bounds.JOURNAL)
    private void step(Checkpoint checkpoint) {
        if (error != 0) {
            tellError();
            closed = closing;
            if (!closed) {
                work.awaitUninterrupted(lock, Waiter.FOREVER);
            }
        } else if (!running.isEmpty() && isDue()) {
            commitRunning();
        } else if (checkpointWanted || closing && pending.first() != null) {
            checkpointWanted = false;
            makeRoom(checkpoint);
        } else if (closing) {
            lock.unlock();
            int result = superblock.write(0, committed + 1);
            lock.lock();
            closed = true;
            error = error == 0 ? result : error;
        } else {
            work.awaitUninterrupted(lock, running.isEmpty() ? Waiter.FOREVER : running.began + commitAge);
        }
    }

    private boolean isDue() {
        return closing || requested >= running.tid || scheduler.now() - running.began >= commitAge;
    }

    /** Tells e2fsck, once, that something went wrong. */
    private void tellError() {
        if (!errorWritten) {
            errorWritten = true;
            lock.unlock();
            superblock.writeError(error);
            lock.lock();
        }
    }

    private void commitRunning() {
        draining = true;
        while (running.handles > 0) {
            changed.awaitUninterrupted(lock, Waiter.FOREVER);
        }
        if (error != 0) {
            return;
        }
        Transaction transaction = running;
        running = committing;
        committing = transaction;
        running.begin(transaction.tid + 1);
        isCommitting = true;
        draining = false;
        transaction.beginCommit();
        int start = head;
        changed.wakeAll();
        lock.unlock();
        transaction.writeOrdered();
        int result = writer.write(transaction, start, this::take, wallClock.getAsLong());
        lock.lock();
        if (result == 0 && error == 0) {
            finish(transaction, start);
        } else {
            fail(result == 0 ? -EIO : result);
        }
    }

    private void take(JournalBlock block, long to) {
        lock.lock();
        long from = block.frozen == 0 ? block.block.physical() : block.frozen;
        memory.copy(from, to, cache.blockSize());
        block.taken = true;
        releaseFrame(block.frozen);
        block.frozen = 0;
        lock.unlock();
    }

    private void finish(Transaction transaction, int start) {
        int length = writer.position() - start;
        free -= length > 0 ? length : length + superblock.end() - superblock.first();
        head = writer.position();
        for (int i = 0; i < transaction.count(); i++) {
            JournalBlock block = transaction.block(i);
            block.inCommitting = false;
            if (block.pending && (block.commits || block.freedByCommitting)) {
                pending.remove(block);
            }
            if (block.commits) {
                pending.add(block, transaction.tid, start);
            } else if (block.freedByCommitting && !block.inRunning) {
                cache.forget(block.block.number());
            }
            letGo(block);
        }
        isCommitting = false;
        committed = transaction.tid;
        if (pending.count() > cache.capacity() / 2 || free < (superblock.end() - superblock.first()) / 2) {
            checkpointWanted = true;
        }
        changed.wakeAll();
    }

    private void letGo(JournalBlock block) {
        if (block.isUnused()) {
            block.block.release();
            pinned--;
        }
    }

    /** Writes pending blocks to their places; if the running transaction has them all, it is to commit first. */
    private void makeRoom(Checkpoint checkpoint) {
        lock.unlock();
        int result = checkpoint.run();
        lock.lock();
        if (result < 0) {
            fail(result);
            return;
        }
        JournalBlock oldest = pending.first();
        if (oldest != null && oldest.inRunning) {
            requested = Math.max(requested, running.tid);
        }
        int start = oldest == null ? head : oldest.pendingStart;
        long tid = oldest == null ? committed + 1 : oldest.pendingTid;
        lock.unlock();
        result = superblock.write(start, tid);
        lock.lock();
        if (result < 0) {
            fail(result);
            return;
        }
        int length = superblock.end() - superblock.first();
        free = oldest == null ? length : (start - head + length) % length;
        changed.wakeAll();
    }

    /** What the checkpoint asks. */
    private final class Places implements Checkpoint.Source {
        @Override
        public boolean takeCommitted(JournalBlock block, BlockBatch batch) {
            lock.lock();
            boolean still = !block.inRunning;
            if (still) {
                memory.copy(block.block.physical(), batch.add(block.block.number()), cache.blockSize());
            }
            lock.unlock();
            return still;
        }

        @Override
        public void placed(JournalBlock block) {
            lock.lock();
            letGo(block);
            lock.unlock();
        }
    }
}
