package biscotti.ext4;

import static biscotti.abi.Errno.ENFILE;

import biscotti.bounded.BoundedMap;
import biscotti.file.Slot;
import biscotti.file.Vnode;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;

/**
 * The files of a file system that are in memory, by inode number: one vnode for each. When there is no room for one more, one goes that is
 * not in use and was not asked for since the table looked at it last ("second chance"). Look-ups take no lock.
 */
final class VnodeTable {
    /** How many entries are looked at for one to go. */
    private static final int TRIES = 256;

    /** One part in this is for those that come at the same time. */
    private static final int SLACK = 16;

    private static final Entry NONE = new Entry(null, 0);

    private final RankedLock lock = new RankedLock(LockRank.VNODES);
    private final int capacity;
    private final BoundedMap<Long, Entry> entries;

    /** Before the oldest entry, and behind the newest: a ring. */
    private final Entry ends = new Entry(null, 0);

    private static final class Entry {
        final Vnode vnode;
        final long number;
        volatile boolean used;
        Entry older = this;
        Entry newer = this;

        Entry(Vnode vnode, long number) {
            this.vnode = vnode;
            this.number = number;
        }

        void unlink() {
            older.newer = newer;
            newer.older = older;
        }

        void linkBefore(Entry next) {
            newer = next;
            older = next.older;
            older.newer = this;
            next.older = this;
        }
    }

    /** An empty table with room for so many, and a few more while others are about to go. */
    VnodeTable(int capacity) {
        this.capacity = capacity;
        entries = new BoundedMap<>(
                capacity + capacity / SLACK, number -> Long.hashCode(number * 0x9e3779b97f4a7c15L), NONE);
    }

    /** Finds the vnode of a number: whether there is one. */
    boolean find(long number, Slot<Vnode> found) {
        Entry entry = entries.get(number);
        if (entry == NONE) {
            return false;
        }
        entry.used = true;
        found.put(entry.vnode);
        return true;
    }

    /**
     * Adds a vnode, unless there is one with its number already, which then is found.
     *
     * @param parent where it was found, if it is a directory; itself at the top
     * @return 0; -ENFILE if all that there is room for are in use
     */
    int add(Vnode made, Ext4Directory parent, String name, Slot<Vnode> found) {
        lock.lock();
        try {
            if (find(made.number(), found)) {
                return 0;
            }
            Entry entry = new Entry(made, made.number());
            if (!entries.put(made.number(), entry)) {
                return -ENFILE;
            }
            entry.linkBefore(ends);
            if (made instanceof Ext4Directory directory) {
                directory.enter(parent, name);
            }
            return found.put(made);
        } finally {
            lock.unlock();
        }
    }

    /** Has one go if they are too many: false if none may go that was looked at, as all are in use, or not stored. */
    boolean makeRoom() {
        if (entries.size() < capacity) {
            return true;
        }
        lock.lock();
        try {
            return entries.size() < capacity || dropOne();
        } finally {
            lock.unlock();
        }
    }

    /** One is to be deleted: its number may be given to another. */
    void remove(Vnode vnode) {
        lock.lock();
        try {
            Entry entry = entries.get(vnode.number());
            if (entry.vnode == vnode) {
                entry.unlink();
                entries.remove(vnode.number());
                if (vnode instanceof Ext4Directory directory) {
                    directory.leave();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean dropOne() {
        for (int i = 0; i < TRIES && ends.newer != ends; i++) {
            if (dropOldest(!ends.newer.used)) {
                return true;
            }
        }
        return false;
    }

    /** The oldest one goes, if it may; else it is the newest from now on, and not used. */
    private boolean dropOldest(boolean wanted) {
        Entry oldest = ends.newer;
        oldest.unlink();
        if (wanted && mayGo(oldest.vnode)) {
            entries.remove(oldest.number);
            return true;
        }
        oldest.used = false;
        oldest.linkBefore(ends);
        return false;
    }

    /**
     * Forgets all that are stored and not in use, asked for or not; none if another thread is at the table. A directory goes after those in it.
     *
     * @return how many
     */
    int shrink() {
        if (!lock.tryLock()) {
            return 0;
        }
        try {
            int dropped = 0;
            int count = entries.size();
            for (int i = 0; i < count && ends.newer != ends; i++) {
                if (dropOldest(true)) {
                    dropped++;
                }
            }
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    private static boolean mayGo(Vnode vnode) {
        if (vnode instanceof OnDisk file && !file.isStored()) {
            return false;
        }
        if (vnode instanceof Ext4Directory directory) {
            if (directory.isNeeded()) {
                return false;
            }
            if (!vnode.forgetUnlessUsed()) {
                return false;
            }
            directory.leave();
            return true;
        }
        return vnode.forgetUnlessUsed();
    }

    /** Forgets all that is not in use: nothing leads to the file system any more. */
    void close() {
        lock.lock();
        try {
            while (ends.newer != ends) {
                Entry oldest = ends.newer;
                oldest.unlink();
                entries.remove(oldest.number);
                oldest.vnode.forgetUnlessUsed();
            }
        } finally {
            lock.unlock();
        }
    }
}
