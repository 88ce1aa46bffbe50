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
     * @return 0; -ENOTDIR if {@code point} is no directory
     */
    public int mount(String source, Directory root, Place point, int flags) {
        if (!(point.vnode() instanceof Directory covered)) {
            return -ENOTDIR;
        }
        lock.lock();
        try {
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
     * @return 0; -EINVAL if it is no mount's root; -EBUSY for the top, or if something is mounted below
     */
    public int unmount(Place place) {
        FileSystem fileSystem = place.mount().root().fileSystem();
        int error = remove(place);
        boolean seen = mounts.stream().anyMatch(mount -> mount.root().fileSystem() == fileSystem);
        if (error == 0 && !seen) {
            fileSystem.unmounted();
        }
        return error;
    }

    private int remove(Place place) {
        lock.lock();
        try {
            Mount victim = place.mount();
            if (place.vnode() != victim.root()) {
                return -EINVAL;
            }
            if (victim.isTop()) {
                return -EBUSY;
            }
            List<Mount> next = new ArrayList<>(mounts.size());
            for (Mount mount : mounts) {
                if (mount != victim) {
                    if (mount.point().mount() == victim) {
                        return -EBUSY;
                    }
                    next.add(mount);
                }
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
