package biscotti.file;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.MountFlags;

/** One call of umount2(2): takes mounts off the tree, those too that only are there as others heard of them. */
public final class Unmounting {
    private final MountTable table;

    /** A call on the mounts of this table. */
    public Unmounting(MountTable table) {
        this.table = table;
    }

    /**
     * Takes a mount away.
     *
     * @param place the root of the mount
     * @param flags MNT_DETACH: what is mounted below goes with it, and its users keep it; MNT_EXPIRE: only if nobody has come by
     * @return 0; -EINVAL if it is no mount's root, or the top; -EBUSY if it is in use, or something is mounted below and is to stay; -EAGAIN if
     *     it goes the next time
     */
    public int unmount(Place place, int flags) {
        Mount victim = place.mount();
        if ((flags & MountFlags.MNT_DETACH) != 0) {
            return detach(place);
        }
        Mount heard;
        table.lock().lock();
        try {
            if (!table.isRoot(place) || victim.isTop()) {
                return -EINVAL;
            }
            if (!victim.isEmpty()
                    || victim.isBusy()
                    || (flags & MountFlags.MNT_EXPIRE) == 0 && isBusyElsewhere(victim)) {
                return -EBUSY;
            }
            if ((flags & MountFlags.MNT_EXPIRE) != 0 && !victim.expires()) {
                return -EAGAIN;
            }
            heard = takeAll(victim);
        } finally {
            table.lock().unlock();
        }
        drop(heard);
        return 0;
    }

    /** Takes a mount away with those below it, from the lowest up, one at a time, for others may want the lock. */
    private int detach(Place place) {
        Mount victim = place.mount();
        Mount at = victim;
        while (true) {
            Mount gone;
            boolean last;
            table.lock().lock();
            try {
                if (!table.isRoot(place) || victim.isTop()) {
                    return -EINVAL;
                }
                Mount lowest = (table.isHere(at) ? at : victim).lowestInside();
                last = lowest == victim;
                at = lowest.point().mount();
                gone = takeAll(lowest);
            } finally {
                table.lock().unlock();
            }
            drop(gone);
            if (last) {
                return 0;
            }
        }
    }

    /**
     * Takes a tree of mounts apart that is nowhere, from the lowest up, if it still is nowhere; nobody hears of that.
     *
     * @param tree its highest
     */
    void dissolve(Mount tree) {
        boolean last = false;
        while (!last) {
            Mount lowest;
            table.lock().lock();
            try {
                if (!table.isDetached(tree)) {
                    return;
                }
                lowest = tree.lowestInside();
                last = lowest == tree;
                if (last) {
                    table.forget(tree);
                } else {
                    table.remove(lowest);
                }
            } finally {
                table.lock().unlock();
            }
            lowest.drop();
        }
    }

    /** Whether a mount that would go, too, has users. Locked. */
    private boolean isBusyElsewhere(Mount victim) {
        Mount at = nextHeard(victim, 0);
        while (at != victim && !at.isBusy()) {
            at = nextHeard(victim, at.point().mount().id() + 1);
        }
        return at != victim;
    }

    /** Takes a mount away and those that are there as others heard of it: a list of what is gone. Locked. */
    private Mount takeAll(Mount victim) {
        Mount gone = null;
        Mount at = nextHeard(victim, 0);
        while (at != victim) {
            int from = at.point().mount().id() + 1;
            table.remove(at);
            at.nextMade = gone;
            gone = at;
            at = nextHeard(victim, from);
        }
        table.remove(victim);
        victim.nextMade = gone;
        return victim;
    }

    /**
     * What is mounted where somebody heard of a mount, with nothing below.
     *
     * @param from the lowest number of those who hear
     * @return the next; the mount itself behind the last
     */
    private Mount nextHeard(Mount victim, int from) {
        Place point = victim.point();
        Spreading teller = point.mount().spreading;
        int id = teller.isShared() ? table.next(from) : -1;
        while (id >= 0) {
            Mount hearer = table.get(id);
            Mount at = point.vnode().newestMount();
            boolean hears = hearer != point.mount() && hearer.spreading.hears(teller);
            while (hears && at != null) {
                if (at.point().mount() == hearer && at.point().vnode() == point.vnode() && at.isEmpty()) {
                    return at;
                }
                at = at.olderHere;
            }
            id = table.next(id + 1);
        }
        return victim;
    }

    private static void drop(Mount first) {
        Mount gone = first;
        while (gone != null) {
            Mount next = gone.nextMade;
            gone.nextMade = null;
            gone.drop();
            gone = next;
        }
    }
}
