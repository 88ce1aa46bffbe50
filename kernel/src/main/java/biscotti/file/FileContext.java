package biscotti.file;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Where a process is in the tree: its root, its current directory and its umask. Threads share one; fork copies it. Each
 * field is read and written on its own, so no lock is needed.
 */
public final class FileContext {
    private final MountTable mounts;
    private final AtomicReference<Place> root;
    private final AtomicReference<Place> current;
    private final AtomicInteger sharers = new AtomicInteger(1);
    private volatile int umask = 022;

    /** The context of the first process: at the top of the tree. */
    public FileContext(MountTable mounts) {
        this(mounts, mounts.top().rootPlace(), mounts.top().rootPlace());
    }

    private FileContext(MountTable mounts, Place root, Place current) {
        this.mounts = mounts;
        this.root = new AtomicReference<>(root);
        this.current = new AtomicReference<>(current);
        keep(root);
        keep(current);
    }

    /** A place stays as it is while it is used: its mount, and its directory in memory. */
    private static void keep(Place place) {
        place.mount().retain();
        place.vnode().retain();
    }

    private static void give(Place place) {
        place.vnode().release();
        place.mount().release();
    }

    /** One more thread has it. */
    public FileContext share() {
        sharers.incrementAndGet();
        return this;
    }

    /** One thread less has it; with the last one, it no longer keeps mounts in use. No lock is held. */
    public void leave() {
        if (sharers.decrementAndGet() == 0) {
            give(root());
            give(current());
        }
    }

    private static void exchange(AtomicReference<Place> place, Place next) {
        keep(next);
        give(place.getAndSet(next));
    }

    /** A copy, for a new process. */
    public FileContext copy() {
        FileContext copy = new FileContext(mounts, root(), current());
        copy.umask = umask;
        return copy;
    }

    /** The mounts that are seen. */
    public MountTable mounts() {
        return mounts;
    }

    /** Where absolute paths start. */
    public Place root() {
        return root.get();
    }

    /** chroot(2); the caller checked that it is a directory. */
    public void setRoot(Place directory) {
        exchange(root, directory);
    }

    /** Where relative paths start. */
    public Place current() {
        return current.get();
    }

    /** chdir(2); the caller checked that it is a directory. */
    public void setCurrent(Place directory) {
        exchange(current, directory);
    }

    /**
     * After pivot_root(2): who has the former root as root or current directory gets the new one.
     *
     * @return whether that changed anything
     */
    public boolean leaveRoot(Place former, Place next) {
        int count = sharers.get();
        while (count > 0 && !sharers.compareAndSet(count, count + 1)) {
            count = sharers.get();
        }
        if (count == 0) {
            return false;
        }
        boolean hadRoot = replace(root, former, next);
        boolean hadCurrent = replace(current, former, next);
        leave();
        return hadRoot || hadCurrent;
    }

    private static boolean replace(AtomicReference<Place> place, Place former, Place next) {
        Place present = place.get();
        if (present.mount() != former.mount() || present.vnode() != former.vnode()) {
            return false;
        }
        keep(next);
        boolean replaced = place.compareAndSet(present, next);
        give(replaced ? present : next);
        return replaced;
    }

    /** The permission bits that new files do not get. */
    public int umask() {
        return umask;
    }

    /** umask(2): sets the mask and returns the one before. */
    public int setUmask(int mask) {
        int before = umask;
        umask = mask & 0777;
        return before;
    }
}
