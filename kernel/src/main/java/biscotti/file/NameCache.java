package biscotti.file;

import static biscotti.abi.Errno.ENOENT;

import biscotti.bounded.Ageing;
import biscotti.bounded.BoundedMap;
import biscotti.bounded.Hash;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;

/**
 * What was found in the directories of a file system on a disk: which files names lead to, and which names lead to none. It has room for so many
 * names; one that nobody asks for goes when another comes.
 *
 * <p>Look-ups take no lock, and write nothing but, once in a while, that a name is in use. Which answers are true, a {@link CachedDirectory} sees to.
 */
public final class NameCache {
    /** What {@link #find} answers if it does not know. */
    static final int UNKNOWN = 1;

    /** About what a name has of the heap. */
    private static final long NAME_BYTES = 192;

    private static final Name NONE = new Name(new Key(null, ""), null);

    private final RankedLock lock = new RankedLock(LockRank.LEAF);
    private final int capacity;
    private final BoundedMap<Key, Name> names;
    private final Ageing<Name> ages = new Ageing<>();

    /** A name in a directory. */
    private static final class Key {
        private final CachedDirectory directory;
        private final String name;

        Key(CachedDirectory directory, String name) {
            this.directory = directory;
            this.name = name;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.directory == directory && key.name.equals(name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    /** Tells the same name in different directories apart. */
    private static final class KeyHash implements Hash<Key> {
        private static final int MULTIPLIER = 0x9e3779b1;

        private final Hash<String> nameHash;

        KeyHash(Hash<String> nameHash) {
            this.nameHash = nameHash;
        }

        @Override
        public int of(Key key) {
            return nameHash.of(key.name) ^ Long.hashCode(key.directory.number()) * MULTIPLIER;
        }
    }

    /** What a name leads to: a vnode, or none, which is {@code null}. */
    private static final class Name extends Ageing.Member {
        private final Key key;
        private final Vnode vnode;
        private volatile boolean used;

        Name(Key key, Vnode vnode) {
            this.key = key;
            this.vnode = vnode;
        }

        /** Writes only if that is news: others read the same memory. */
        void noteUse() {
            if (!used) {
                used = true;
            }
        }

        boolean takeUse() {
            boolean noted = used;
            used = false;
            return noted;
        }
    }

    /**
     * An empty cache.
     *
     * @param capacity the most names
     * @param nameHash spreads names, by a secret
     */
    public NameCache(int capacity, Hash<String> nameHash) {
        this.capacity = capacity;
        this.names = new BoundedMap<>(capacity, new KeyHash(nameHash), NONE);
    }

    /** Finds a name: 0; -ENOENT if it is known to lead to no file; {@link #UNKNOWN}. Takes no lock. */
    int find(CachedDirectory directory, String name, Slot<Vnode> found) {
        Name known = names.get(new Key(directory, name));
        if (known == NONE) {
            return UNKNOWN;
        }
        Vnode vnode = known.vnode;
        if (vnode != null && vnode.isDead()) {
            return UNKNOWN; // its file system has forgotten it
        }
        known.noteUse();
        return vnode == null ? -ENOENT : found.put(vnode);
    }

    /** Keeps that a name leads to a file, if that is still true. */
    void keep(CachedDirectory directory, int version, String name, Vnode vnode) {
        keepOne(directory, version, name, vnode);
    }

    /** Keeps that a name leads to no file, if that is still true. */
    void keepMissing(CachedDirectory directory, int version, String name) {
        keepOne(directory, version, name, null);
    }

    private void keepOne(CachedDirectory directory, int version, String name, Vnode vnode) {
        lock.lock();
        try {
            Key key = new Key(directory, name);
            if (!directory.isStill(version)) {
                return;
            }
            drop(names.get(key));
            if (names.size() == capacity) {
                dropOldest();
            }
            Name known = new Name(key, vnode);
            ages.add(known);
            names.put(key, known);
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what it knows of a name. */
    void forget(CachedDirectory directory, String name) {
        lock.lock();
        drop(names.get(new Key(directory, name)));
        lock.unlock();
    }

    private void drop(Name known) {
        if (known != NONE) {
            ages.remove(known);
            names.remove(known.key);
        }
    }

    /** One that is in use has another turn; if all are, the first of them goes. */
    private void dropOldest() {
        for (int i = 0; i < capacity && ages.oldest().takeUse(); i++) {
            ages.passOver();
        }
        drop(ages.oldest());
    }

    /**
     * Forgets all; nothing if another thread is at the cache.
     *
     * @return about how many bytes of the heap that were
     */
    public long shrink() {
        if (!lock.tryLock()) {
            return 0;
        }
        try {
            long dropped = names.size();
            while (!ages.isEmpty()) {
                drop(ages.oldest());
            }
            return dropped * NAME_BYTES;
        } finally {
            lock.unlock();
        }
    }
}
