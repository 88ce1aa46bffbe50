package biscotti.file;

import static biscotti.abi.Errno.ENOENT;

/**
 * A directory whose names are on a disk: what was found there once is kept in the {@link NameCache} of its file system.
 *
 * <p>While a name changes, the cache knows nothing of it, and all who look for it go to the disk: so nobody finds there what others are told
 * a moment later not to be. The directory's version counts when changes begin and end, and is odd in between; who has looked on the disk keeps what
 * he found only if the version is even, and that in which he began.
 */
public abstract class CachedDirectory extends Directory {
    private final NameCache cache;

    /** How often names began or ended to change; guarded by the lock. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // the lock is held
    private volatile int version;

    /** A directory with no parent yet. */
    protected CachedDirectory(
            FileSystem fileSystem, NameCache cache, long number, int permissions, int userId, int groupId) {
        super(fileSystem, number, permissions, userId, groupId);
        this.cache = cache;
    }

    /** Whether what was found on the disk since then is still true: the caller holds the cache's lock. */
    final boolean isStill(int before) {
        return before == version && (before & 1) == 0;
    }

    /**
     * Finds a name on the disk, and the vnode of its file.
     *
     * @return 0; -ENOENT; -EIO, -EUCLEAN, -ENOMEM, -ENFILE if it cannot be read
     */
    protected abstract int read(String name, Slot<Vnode> found);

    /** Stores a name, as {@link #attach}. */
    protected abstract int store(Change change, String name, Vnode vnode);

    /** Forgets a name that is there, as {@link #detach}. */
    protected abstract int erase(Change change, String name);

    @Override
    protected final int find(String name, Slot<Vnode> found) {
        int known = cache.find(this, name, found);
        if (known == NameCache.UNKNOWN) {
            return findStored(name, found);
        }
        if (known == 0) {
            found.get().noteLookUp();
        }
        return known;
    }

    /** Looks on the disk. Who takes names or adds some counts it: what was found while he did so is looked for again. */
    private int findStored(String name, Slot<Vnode> found) {
        int before = version;
        int error = read(name, found);
        if (before == version || lock().isHeldByCurrentThread()) {
            return kept(before, name, error, found);
        }
        lock().lock();
        try {
            before = version;
            return kept(before, name, read(name, found), found);
        } finally {
            lock().unlock();
        }
    }

    private int kept(int before, String name, int error, Slot<Vnode> found) {
        if (error == 0) {
            cache.keep(this, before, name, found.get());
        } else if (error == -ENOENT) {
            cache.keepMissing(this, before, name);
        }
        return error;
    }

    @Override
    protected final int attach(Change change, String name, Vnode vnode) {
        beginChange(name);
        int error = store(change, name, vnode);
        version++;
        if (error == 0) {
            cache.keep(this, version, name, vnode);
        }
        return error;
    }

    @Override
    protected final int detach(Change change, String name, Vnode vnode) {
        beginChange(name);
        int error = erase(change, name);
        version++;
        if (error == 0) {
            cache.keepMissing(this, version, name);
        }
        return error;
    }

    private void beginChange(String name) {
        version++;
        cache.forget(this, name);
    }
}
