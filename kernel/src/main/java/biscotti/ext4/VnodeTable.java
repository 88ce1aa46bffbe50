package biscotti.ext4;

import static biscotti.abi.Errno.ENFILE;

import biscotti.bounded.Ageing;
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

    private static final Entry NONE = new Entry(null);

    private final RankedLock lock = new RankedLock(LockRank.VNODES);
    private final int capacity;
    private final BoundedMap<Long, Entry> entries;

    private final Ageing<Entry> ages = new Ageing<>();

    private static final class Entry extends Ageing.Member {
        private final Vnode vnode;

        Entry(Vnode vnode) {
            this.vnode = vnode;
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
        entry.vnode.noteLookUp();
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
            Entry entry = new Entry(made);
            if (!entries.put(made.number(), entry)) {
                return -ENFILE;
            }
            ages.add(entry);
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
                ages.remove(entry);
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
        for (int i = 0; i < TRIES && !ages.isEmpty(); i++) {
            boolean wanted = !ages.oldest().vnode.takeLookUp();
            if (wanted && dropOldest()) {
                return true;
            }
            if (!wanted) {
                ages.passOver();
            }
        }
        return false;
    }

    /** The oldest one goes, if it may; else it is the newest from now on. */
    private boolean dropOldest() {
        Entry oldest = ages.oldest();
        if (!mayGo(oldest.vnode)) {
            ages.passOver();
            return false;
        }
        ages.remove(oldest);
        entries.remove(oldest.vnode.number());
        return true;
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
            for (int i = 0; i < count && !ages.isEmpty(); i++) {
                if (dropOldest()) {
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
            while (!ages.isEmpty()) {
                Entry oldest = ages.oldest();
                ages.remove(oldest);
                entries.remove(oldest.vnode.number());
                oldest.vnode.forgetUnlessUsed();
            }
        } finally {
            lock.unlock();
        }
    }
}
