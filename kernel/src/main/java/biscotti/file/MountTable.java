package biscotti.file;

import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.ENOTDIR;

import biscotti.bounded.IdTable;
import biscotti.heap.HeapShare;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;

/**
 * All mounts by number, given in the order in which they were made. Each directory knows the mounts that cover it, the last one
 * first, so that entering it takes no search and no lock.
 */
public final class MountTable {
    /** The most mounts that there may be: Linux's default of the sysctl fs.mount-max. */
    public static final int LIMIT = 100_000;

    /** About what a mount and its file system take of the heap. */
    private static final int MOUNT_BYTES = 1000;

    private final RankedLock lock = new RankedLock(LockRank.MOUNTS);
    private final Mount top;
    private final HeapShare heap;
    private final IdTable<Mount> mounts;
    private int lastId;

    /**
     * A table whose top is the given mount.
     *
     * @param heap of which mounts take a part
     */
    public MountTable(Mount top, HeapShare heap) {
        this.top = top;
        this.heap = heap.part();
        this.mounts = new IdTable<>(Integer.MAX_VALUE, top);
        mounts.put(newId(), top);
        top.root().fileSystem().mounts++;
    }

    /** A number for a mount: the next free one behind the last. */
    private int newId() {
        int id = mounts.firstFree(lastId + 1, Integer.MAX_VALUE);
        lastId = id < 0 ? mounts.firstFree(1, Integer.MAX_VALUE) : id;
        return lastId;
    }

    /** The mount at the top. */
    public Mount top() {
        return top;
    }

    /** The lowest number of a mount that is not below this one; -1 if there is none. */
    public int next(int from) {
        return mounts.next(from);
    }

    /** The mount with a number; the one at the top for a number that no mount has. */
    public Mount get(int id) {
        return mounts.get(id);
    }

    /**
     * mount(2): covers a directory.
     *
     * @param source what /proc/mounts tells as the device
     * @param root the directory that is to be seen there
     * @param point the directory to cover
     * @return 0; -ENOTDIR if {@code point} is no directory; -EINVAL if it is in a mount that is gone; -ENOENT if it was
     *     removed; -ENOSPC if there are too many mounts
     */
    public int mount(String source, Directory root, Place point, int flags) {
        if (!(point.vnode() instanceof Directory covered)) {
            return -ENOTDIR;
        }
        lock.lock();
        try {
            if (!isHere(point.mount())) {
                return -EINVAL;
            }
            if (mounts.size() >= LIMIT || !heap.hasRoom()) {
                return -ENOSPC;
            }
            int id = newId();
            Mount made = Mount.on(id, source, root, point, flags);
            made.olderHere = covered.newestMount();
            if (!covered.cover(made)) {
                return -ENOENT;
            }
            mounts.put(id, made);
            heap.take(MOUNT_BYTES);
            root.fileSystem().mounts++;
            point.mount().addInside(made);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * umount2(2).
     *
     * @param place the root of the mount
     * @param detach MNT_DETACH: what is mounted below goes with it
     * @return 0; -EINVAL if it is no mount's root; -EBUSY for the top, or if something is mounted below and is to stay
     */
    public int unmount(Place place, boolean detach) {
        Mount victim = place.mount();
        boolean last;
        if (place.vnode() != victim.root()) {
            return -EINVAL;
        }
        lock.lock();
        try {
            if (victim.isTop() || !victim.isEmpty() && !detach) {
                return -EBUSY;
            }
            if (!isHere(victim)) {
                return -EINVAL;
            }
            last = remove(victim);
        } finally {
            lock.unlock();
        }
        unmountBelow(victim);
        if (last) {
            giveBack(victim.root().fileSystem());
        }
        return 0;
    }

    /** Takes off all mounts below one that is gone, from the lowest up, one at a time, for others may want the lock. */
    private void unmountBelow(Mount victim) {
        Mount at = victim;
        while (true) {
            boolean last;
            lock.lock();
            try {
                at = at.lowestInside();
                if (at == victim) {
                    return;
                }
                last = isHere(at) && remove(at);
            } finally {
                lock.unlock();
            }
            if (last) {
                giveBack(at.root().fileSystem());
            }
            at = at.point().mount();
        }
    }

    private boolean isHere(Mount mount) {
        return mounts.get(mount.id()) == mount;
    }

    /** Takes a mount off; whether its file system has no other. */
    private boolean remove(Mount mount) {
        mounts.remove(mount.id());
        heap.give(MOUNT_BYTES);
        mount.point().mount().removeInside(mount);
        uncover((Directory) mount.point().vnode(), mount);
        return --mount.root().fileSystem().mounts == 0;
    }

    /** A file system has lost its last mount: nothing leads to its files any more. */
    private static void giveBack(FileSystem fileSystem) {
        fileSystem.renameLock().lock();
        fileSystem.unmounted();
        fileSystem.renameLock().unlock();
    }

    /** Takes a mount off its directory's list; it still leads to the older ones. */
    private static void uncover(Directory covered, Mount victim) {
        Mount at = covered.newestMount();
        if (at == victim) {
            covered.uncover(victim.olderHere);
            return;
        }
        while (at.olderHere != victim) {
            at = at.olderHere;
        }
        at.olderHere = victim.olderHere;
    }

    /** Changes the flags of the mount that a place is in. */
    public void remount(Place place, int flags) {
        place.mount().setFlags(flags);
    }

    /** The place that is seen at a directory: the root of the topmost mount there, or the directory itself. */
    Place enter(Mount mount, Directory directory) {
        Mount at = mount;
        Directory seen = directory;
        Mount candidate = seen.newestMount();
        while (candidate != null) {
            if (candidate.point().mount() == at) {
                at = candidate;
                seen = candidate.root();
                candidate = seen.newestMount();
            } else {
                candidate = candidate.olderHere;
            }
        }
        return new Place(Place.Kind.NAMED, at, seen, seen, "");
    }
}
