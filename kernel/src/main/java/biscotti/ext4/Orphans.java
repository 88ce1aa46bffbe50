package biscotti.ext4;

import biscotti.block.Block;
import biscotti.ext4.journal.Handle;

/**
 * The files that are to be deleted, or cut to their length, whatever happens: those without a name that are still open, and those that are just
 * being cut. The superblock has the first one's number, each has the next one's in the place of its time of deletion:
 * "Orphan inode list" (ext4_orphan_add of Linux).
 */
final class Orphans {
    /** Credits to add one, or to remove one. */
    static final int CREDITS = 2;

    private final SuperblockState state;

    /** The last that was added, which is first on the disk. Guarded by the superblock's lock. */
    private Inode first;

    /** The one behind the last, which a mount has not read yet; or 0. */
    private long unread;

    Orphans(SuperblockState state) {
        this.state = state;
    }

    /** Adds one, unless it is there: 0 or a negative errno. Its lock is not held. */
    int add(Handle handle, Inode inode) {
        state.lock().lock();
        try {
            if (inode.isOrphan) {
                return 0;
            }
            long next = state.firstOrphan();
            int error = next < 0 ? (int) next : point(handle, inode, next);
            error = error == 0 ? state.setFirstOrphan(handle, inode.number) : error;
            if (error == 0) {
                link(inode);
            }
            return error;
        } finally {
            state.lock().unlock();
        }
    }

    /**
     * The first one that the disk has is in memory now, at a mount; there is none yet.
     *
     * @param following the number of the next one on the disk, or 0
     */
    void load(Inode inode, long following) {
        state.lock().lock();
        unread = following;
        link(inode);
        state.lock().unlock();
    }

    /**
     * A file that is whole again, as it was cut to its length: it goes from the list, unless it has lost its names meanwhile.
     *
     * @return 0 or a negative errno
     */
    int removeWhole(Handle handle, Inode inode) {
        state.lock().lock();
        try {
            return inode.isNameless() ? 0 : remove(handle, inode, 0);
        } finally {
            state.lock().unlock();
        }
    }

    private void link(Inode inode) {
        inode.isOrphan = true;
        inode.nextOrphan = first;
        if (first != null) {
            first.previousOrphan = inode;
        }
        first = inode;
    }

    /**
     * Removes one, if it is there.
     *
     * @param deletionTime what comes into the place of the next one's number: seconds since 1970, or 0
     */
    int remove(Handle handle, Inode inode, long deletionTime) {
        state.lock().lock();
        try {
            if (!inode.isOrphan) {
                return 0;
            }
            Inode before = inode.previousOrphan;
            Inode next = inode.nextOrphan;
            long number = next == null ? unread : next.number;
            int error = before == null ? state.setFirstOrphan(handle, number) : point(handle, before, number);
            error = error == 0 ? point(handle, inode, deletionTime) : error;
            if (error == 0) {
                unlink(inode, before, next);
            }
            return error;
        } finally {
            state.lock().unlock();
        }
    }

    private void unlink(Inode inode, Inode before, Inode next) {
        if (before == null) {
            first = next;
        } else {
            before.nextOrphan = next;
        }
        if (next != null) {
            next.previousOrphan = before;
        }
        inode.isOrphan = false;
        inode.previousOrphan = null;
        inode.nextOrphan = null;
    }

    private static int point(Handle handle, Inode inode, long next) {
        inode.lock.lock();
        try {
            Block block = inode.read();
            int error = block.error() < 0 ? block.error() : handle.access(block);
            if (error == 0) {
                InodeRecord record = inode.record(block);
                record.setDeletionTime(next);
                record.updateSum();
                handle.dirty(block);
            }
            block.release();
            return error;
        } finally {
            inode.lock.unlock();
        }
    }
}
