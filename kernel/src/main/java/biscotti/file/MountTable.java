package biscotti.file;

import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOTDIR;

import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import java.util.ArrayList;
import java.util.List;

/**
 * All mounts, in the order in which they were made. Later mounts at a place cover earlier ones. Look-ups take no lock: the
 * list is replaced, never changed, and a directory that nothing was ever mounted on says so itself.
 */
public final class MountTable {
    private final RankedLock lock = new RankedLock(LockRank.MOUNTS);
    private volatile List<Mount> mounts;

    /** A table whose top is the given mount. */
    public MountTable(Mount top) {
        mounts = List.of(top);
    }

    /** The mount at the top. */
    public Mount top() {
        return mounts.getFirst();
    }

    /** All mounts now, oldest first. */
    public List<Mount> all() {
        return mounts;
    }

    /**
     * mount(2): covers a directory.
     *
     * @param source what /proc/mounts tells as the device
     * @param root the directory that is to be seen there
     * @param point the directory to cover
     * @return 0; -ENOTDIR if {@code point} is no directory; -EINVAL if it is in a mount that is gone
     */
    public int mount(String source, Directory root, Place point, int flags) {
        if (!(point.vnode() instanceof Directory covered)) {
            return -ENOTDIR;
        }
        lock.lock();
        try {
            if (!mounts.contains(point.mount())) {
                return -EINVAL;
            }
            List<Mount> next = new ArrayList<>(mounts);
            next.add(Mount.on(source, root, point, flags));
            mounts = List.copyOf(next);
            covered.setMountedOn();
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
        if (place.vnode() != victim.root()) {
            return -EINVAL;
        }
        List<Mount> gone = new ArrayList<>();
        int error = remove(victim, detach, gone);
        for (Mount mount : gone) {
            FileSystem fileSystem = mount.root().fileSystem();
            if (mounts.stream().noneMatch(other -> other.root().fileSystem() == fileSystem)) {
                fileSystem.renameLock().lock();
                fileSystem.unmounted();
                fileSystem.renameLock().unlock();
            }
        }
        return error;
    }

    /** Takes a mount off the table, and with {@code detach} all below it; they are added to {@code gone}. */
    private int remove(Mount victim, boolean detach, List<Mount> gone) {
        lock.lock();
        try {
            if (victim.isTop()) {
                return -EBUSY;
            }
            if (!mounts.contains(victim)) {
                return -EINVAL;
            }
            List<Mount> next = new ArrayList<>(mounts.size());
            gone.add(victim);
            // A mount is always later in the list than what it is mounted on.
            for (Mount mount : mounts) {
                if (gone.contains(mount.point().mount())) {
                    gone.add(mount);
                } else if (mount != victim) {
                    next.add(mount);
                }
            }
            if (gone.size() > 1 && !detach) {
                gone.clear();
                return -EBUSY;
            }
            mounts = List.copyOf(next);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** Changes the flags of the mount that a place is in. */
    public void remount(Place place, int flags) {
        place.mount().setFlags(flags);
    }

    /** The place that is seen at a directory: the root of the topmost mount there, or the directory itself. */
    Place enter(Mount mount, Directory directory) {
        Mount at = mount;
        Directory top = directory;
        List<Mount> now = mounts;
        boolean covered = top.mountedOn();
        while (covered) {
            covered = false;
            for (int i = now.size() - 1; i > 0; i--) {
                Mount candidate = now.get(i);
                if (candidate.point().vnode() == top && candidate.point().mount() == at) {
                    at = candidate;
                    top = candidate.root();
                    covered = top.mountedOn();
                    break;
                }
            }
        }
        return new Place(Place.Kind.NAMED, at, top, top, "");
    }
}
