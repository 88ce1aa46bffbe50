package biscotti.ext4;

import biscotti.bounded.Unit;
import biscotti.ext4.journal.Handle;
import biscotti.heap.Bounds;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.Scheduler;
import biscotti.sched.WaitQueue;
import biscotti.sched.Waiter;
import java.util.concurrent.TimeUnit;

/**
 * What a file system does by itself, on a thread of its own: it sees to the orphans that a mount finds, deletes files that have neither names nor users any
 * more, and stores attributes some seconds after they have changed. The last user of a file may hold any locks, and so cannot delete it himself.
 */
final class Upkeep {
    /** As long as a transaction of the journal may wait for others. */
    private static final long DELAY = TimeUnit.SECONDS.toNanos(5);

    private final Scheduler scheduler;
    private final Volume volume;
    private final VnodeTable vnodes;
    private final WaitQueue work = new WaitQueue();
    private final WaitQueue done = new WaitQueue();

    /** Guards what follows, and the places of inodes in the lists. */
    private final RankedLock lock = new RankedLock(LockRank.STORAGE);

    private Inode firstToDelete;
    private Inode firstToStore;

    /** When the first change was made that is to be stored. */
    private long changedSince;

    /** How often it was asked to do all at once, and which of these it has done. */
    private long asked;

    private long answered;
    private boolean started;

    /** Whether the orphans were seen to, and how that ended. */
    private boolean ready;

    private int orphansError;
    private boolean ending;
    private boolean ended;

    Upkeep(Scheduler scheduler, Volume volume, VnodeTable vnodes) {
        this.scheduler = scheduler;
        this.volume = volume;
        this.vnodes = vnodes;
    }

    /**
     * Starts its thread, and waits until it has seen to the orphans.
     *
     * @return 0; -EUCLEAN, -EIO, -ENOMEM if that is not possible
     */
    int start(OrphanRemoval orphans) {
        started = true;
        scheduler.newThread("ext4", () -> run(orphans)).start();
        lock.lock();
        try {
            while (!ready) {
                done.awaitUninterrupted(lock, Waiter.FOREVER);
            }
            return orphansError;
        } finally {
            lock.unlock();
        }
    }

    /** A file has neither names nor users any more. Takes no lock that is held for long. */
    void deleteSoon(Inode inode) {
        lock.lock();
        inode.nextToDelete = firstToDelete;
        firstToDelete = inode;
        lock.unlock();
        work.wakeAll();
    }

    /** Attributes of a file have changed. Takes no lock that is held for long. */
    void storeSoon(Inode inode) {
        if (!inode.noteChange()) {
            return;
        }
        lock.lock();
        boolean isFirst = firstToStore == null;
        if (!inode.isToBeStored) {
            inode.isToBeStored = true;
            inode.nextToStore = firstToStore;
            firstToStore = inode;
        }
        changedSince = isFirst ? scheduler.now() : changedSince;
        lock.unlock();
        if (isFirst) {
            work.wakeAll();
        }
    }

    /** Waits until all is deleted and stored that was to be when this was called; no handle is open, and no inode locked. */
    void complete() {
        lock.lock();
        try {
            if (!started || firstToDelete == null && firstToStore == null && asked == answered) {
                return;
            }
            asked++;
            long mine = asked;
            work.wakeAll();
            while (answered < mine && !ended) {
                done.awaitUninterrupted(lock, Waiter.FOREVER);
            }
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #complete}; its thread ends then. */
    void end() {
        lock.lock();
        try {
            ending = true;
            work.wakeAll();
            while (started && !ended) {
                done.awaitUninterrupted(lock, Waiter.FOREVER);
            }
        } finally {
            lock.unlock();
        }
    }

    private void run(OrphanRemoval orphans) {
        int error = 1;
        for (long i = 0; i < orphans.most() && error > 0; i++) {
            error = seeTo(orphans);
        }
        lock.lock();
        try {
            orphansError = Math.min(error, 0);
            ready = true;
            done.wakeAll();
            while (!ended) {
                step();
            }
        } finally {
            lock.unlock();
        }
    }

    @Unit(Bounds.UPKEEP)
    private static int seeTo(OrphanRemoval orphans) {
        return orphans.next();
    }

    @Unit(Bounds.UPKEEP)
    private void step() {
        long due = changedSince + DELAY;
        long request = asked;
        if (firstToDelete != null) {
            Inode inode = firstToDelete;
            firstToDelete = inode.nextToDelete;
            lock.unlock();
            deleteNow(inode);
            lock.lock();
        } else if (firstToStore != null && (ending || request > answered || scheduler.now() >= due)) {
            storeAll();
        } else if (request > answered) {
            answered = request;
            done.wakeAll();
        } else if (ending) {
            ended = true;
            done.wakeAll();
        } else {
            work.awaitUninterrupted(lock, firstToStore == null ? Waiter.FOREVER : due);
        }
    }

    private void deleteNow(Inode inode) {
        if (inode.vnode() instanceof Ext4File file) {
            file.forgetPages();
        }
        vnodes.remove(inode.vnode());
        volume.remove(inode);
    }

    /** Stores what is in the list now. */
    private void storeAll() {
        Inode inode = firstToStore;
        firstToStore = null;
        while (inode != null) {
            Inode next = inode.nextToStore;
            inode.nextToStore = null;
            inode.isToBeStored = false;
            lock.unlock();
            store(inode);
            lock.lock();
            inode = next;
        }
    }

    /** Stores a file's attributes, unless that is done, or it has gone from memory, after which others may have changed them. */
    private void store(Inode inode) {
        if (!inode.isChanged() || !inode.vnode().retain()) {
            return;
        }
        Handle handle = volume.transactions().begin(1);
        if (handle.error() == 0) {
            inode.store(handle);
        }
        handle.end();
        inode.vnode().release();
    }
}
