package biscotti.file;

import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.EROFS;

import biscotti.abi.MountFlags;
import biscotti.bounded.IdTable;
import biscotti.bounded.Rounds;
import biscotti.heap.HeapShare;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;

/**
 * All mounts by number, given in the order in which they were made. Each file knows the mounts that cover it, the last one
 * first, so that entering it takes no search and no lock.
 */
public final class MountTable {
    /** The most mounts that there may be: Linux's default of the sysctl fs.mount-max. */
    public static final int LIMIT = 100_000;

    /** About what a mount and its file system take of the heap. */
    private static final int MOUNT_BYTES = 1000;

    /** What spreads now; used with the table locked. */
    final Spreading.Event event = new Spreading.Event();

    /** How many calls have made mounts; used with the table locked. */
    long calls;

    private final RankedLock lock = new RankedLock(LockRank.MOUNTS);
    private final Mount top;
    private final HeapShare heap;
    private final IdTable<Mount> mounts;
    private int lastId;
    /** Odd while a mount changes its place: who meets that waits for its end. */
    private volatile int moves;

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
        top.fileSystem().gainedMount();
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

    /** What guards the tree of mounts. */
    RankedLock lock() {
        return lock;
    }

    /**
     * mount(2): covers a directory with the root of a file system.
     *
     * @param source what /proc/mounts tells as the device
     * @param root the directory that is to be seen there
     * @param point the directory to cover
     * @return 0, or an errno of {@link Mounting}
     */
    public int mount(String source, Directory root, Place point, int flags) {
        return new Mounting(this, Rounds.FREE).add(source, root.fileSystem(), point, flags);
    }

    /** Whether a mount is in the tree. Locked. */
    boolean isHere(Mount mount) {
        return isAnywhere(mount) && mount.highest() == top;
    }

    /** Whether a mount is the highest of a tree of its own, which is nowhere. Locked. */
    boolean isDetached(Mount mount) {
        return isAnywhere(mount) && mount.isTop() && mount != top;
    }

    /** Whether a mount is in this tree, or in one that is nowhere. Locked. */
    private boolean isAnywhere(Mount mount) {
        return mounts.get(mount.id()) == mount;
    }

    /** Whether a place is the root of a mount that may be changed: one in the tree, or the highest of one that is nowhere. Locked. */
    boolean isChangeableRoot(Place place) {
        Mount mount = place.mount();
        return place.vnode() == mount.root() && (isHere(mount) || isDetached(mount));
    }

    /** Makes a mount that is nowhere yet, if there may be one more: 0 or -ENOSPC. Locked. */
    int make(String source, Place root, int flags, Slot<Mount> made) {
        if (mounts.size() >= LIMIT || !heap.hasRoom()) {
            return -ENOSPC;
        }
        heap.take(MOUNT_BYTES);
        Mount mount = Mount.on(newId(), source, root, flags);
        mounts.put(mount.id(), mount);
        mount.fileSystem().gainedMount();
        return made.put(mount);
    }

    /** Puts a mount on a place: false if that was removed. Locked. */
    boolean attach(Mount mount, Place point) {
        mount.olderHere = point.vnode().newestMount();
        mount.setPoint(point);
        if (!point.vnode().cover(mount)) {
            mount.setOff();
            return false;
        }
        point.mount().addInside(mount);
        return true;
    }

    /** Takes a mount off its place; it still leads to the older ones there. Locked. */
    private static void detach(Mount mount) {
        Vnode covered = mount.point().vnode();
        mount.point().mount().removeInside(mount);
        Mount at = covered.newestMount();
        if (at == mount) {
            covered.setNewestMount(mount.olderHere);
            return;
        }
        while (at.olderHere != mount) {
            at = at.olderHere;
        }
        at.olderHere = mount.olderHere;
    }

    /** Puts a mount elsewhere: false if that was removed. Locked. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // the lock is held
    boolean move(Mount mount, Place point) {
        Place before = mount.point();
        moves++;
        detach(mount);
        boolean moved = attach(mount, point);
        if (!moved) {
            attach(mount, before);
        }
        moves++;
        return moved;
    }

    /** Puts a mount where another one is, and that on a place: false if the place was removed, and all is as before. Locked. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // the lock is held
    boolean replace(Mount mount, Mount replaced, Place point) {
        Place before = mount.point();
        Place freed = replaced.point();
        moves++;
        detach(mount);
        detach(replaced);
        boolean moved = attach(replaced, point);
        if (!moved) {
            attach(replaced, freed);
        }
        attach(mount, moved ? freed : before);
        moves++;
        return moved;
    }

    /** Takes a mount away for ever; its users end it. Locked: the caller drops it when it is not. */
    void remove(Mount mount) {
        forget(mount);
        takeOff(mount);
    }

    /** Takes a mount off its place, with those inside it: they are a tree that is nowhere then. Locked. */
    void takeOff(Mount mount) {
        detach(mount);
        mount.setOff();
    }

    /** Takes a mount away that is nowhere. Locked: as in {@link #remove}. */
    void forget(Mount mount) {
        mounts.remove(mount.id());
        heap.give(MOUNT_BYTES);
        mount.spreading.part(false);
    }

    /** Whether a mount is on a name in a directory, which rmdir(2), unlink(2) and rename(2) then leave alone. */
    public static boolean covers(Directory directory, String name, Vnode vnode) {
        Mount at = vnode.newestMount();
        while (at != null && !isAt(at.point(), vnode, directory, name)) {
            at = at.olderHere;
        }
        return at != null;
    }

    /** Other names of a file are other places; a directory has but one. */
    private static boolean isAt(Place point, Vnode vnode, Directory directory, String name) {
        return point.vnode() == vnode
                && (vnode instanceof Directory
                        || point.directory() == directory && point.name().equals(name));
    }

    /**
     * mount(2) with MS_REMOUNT and MS_BIND: changes the flags of a mount.
     *
     * @param place its root
     * @return 0; -EINVAL if it is no mount's root; -EBUSY if it is to be read-only and files are open for writing
     */
    public int setFlags(Place place, int flags) {
        lock.lock();
        try {
            return isRoot(place) ? place.mount().setFlags(flags) : -EINVAL;
        } finally {
            lock.unlock();
        }
    }

    /**
     * mount(2) with MS_REMOUNT: changes the flags of a mount, and its file system's flags and options.
     *
     * @param place its root
     * @return 0; -EINVAL if it is no mount's root, or for options that the file system does not have; -EBUSY if it is to be read-only and files
     *     are open for writing
     */
    public int remount(Place place, int flags, int systemFlags, String options) {
        lock.lock();
        try {
            if (!isRoot(place)) {
                return -EINVAL;
            }
            Mount mount = place.mount();
            int error = reconfigure(mount.fileSystem(), systemFlags, options);
            if (error < 0) {
                return error;
            }
            mount.setFlags(flags);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * fsconfig(2) with FSCONFIG_CMD_RECONFIGURE: changes the flags and options of a file system. No lock is held but the table's.
     *
     * @return 0; -EINVAL for options that the file system does not have; -EBUSY if it is to be read-only and files are open for writing; -EROFS if it
     *     can only be read
     */
    public int reconfigure(FileSystem fileSystem, int systemFlags, String options) {
        lock.lock();
        try {
            if ((systemFlags & Mount.READ_ONLY) == 0 && !fileSystem.isChangeable()) {
                return -EROFS;
            }
            boolean closes = (systemFlags & ~fileSystem.flags() & Mount.READ_ONLY) != 0;
            if (closes && fileSystem.writers.get() > 0) {
                return -EBUSY;
            }
            int error = fileSystem.configure(options);
            if (error == 0) {
                fileSystem.setFlags(fileSystem.flags() & MountFlags.MS_DIRSYNC | systemFlags);
            }
            return error;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a place is the root of a mount in the tree. Locked. */
    boolean isRoot(Place place) {
        return place.vnode() == place.mount().root() && isHere(place.mount());
    }

    /** The place that is seen at a place: the root of the topmost mount there, or the place itself. */
    Place enter(Place place) {
        return place.vnode().isMountPoint()
                ? enter(place.mount(), place.vnode(), place.directory(), place.name())
                : place;
    }

    /**
     * The place that is seen at a place, by its parts. No lock is taken, but when a mount moves; the caller holds none but the one of the table.
     *
     * @param directory the directory that has the name, if the file is none itself
     */
    Place enter(Mount mount, Vnode vnode, Directory directory, String name) {
        int before = moves;
        Mount seen = topmost(mount, vnode, directory, name);
        if ((before & 1) != 0 || before != moves) {
            seen = topmostLocked(mount, vnode, directory, name);
        }
        return seen == mount ? new Place(Place.Kind.NAMED, mount, vnode, directory, name) : seen.rootPlace();
    }

    private Mount topmostLocked(Mount mount, Vnode vnode, Directory directory, String name) {
        lock.lock();
        try {
            return topmost(mount, vnode, directory, name);
        } finally {
            lock.unlock();
        }
    }

    private static Mount topmost(Mount mount, Vnode vnode, Directory directory, String name) {
        Mount at = mount;
        Place covered = null;
        Mount candidate = vnode.newestMount();
        while (candidate != null) {
            Place point = candidate.point();
            boolean here = point.mount() == at
                    && (covered == null ? isAt(point, vnode, directory, name) : point.vnode() == covered.vnode());
            if (here) {
                at = candidate;
                at.passed();
                covered = at.rootPlace();
                candidate = covered.vnode().newestMount();
            } else {
                candidate = candidate.olderHere;
            }
        }
        return at;
    }
}
