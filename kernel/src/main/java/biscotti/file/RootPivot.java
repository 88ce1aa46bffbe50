package biscotti.file;

import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOENT;

/** pivot_root(2): a mount comes to where the one at the root is, and that to a place below the new root. */
public final class RootPivot {
    private final MountTable table;
    private final Place root;

    /**
     * A call of a process.
     *
     * @param root the root of the process
     */
    public RootPivot(MountTable table, Place root) {
        this.table = table;
        this.root = root;
    }

    /**
     * Moves the two mounts.
     *
     * @param next the root that is to be, a directory
     * @param putOld the directory where the root of now is seen then
     * @return 0; -EBUSY if either is in the mount of the present root; -EINVAL if either root is no mount's or the top of everything,
     *     {@code putOld} is not below {@code next}, that not below the root, or a mount concerned is shared; -ENOENT if a directory was removed
     */
    public int perform(Place next, Place putOld) {
        table.lock().lock();
        try {
            Place point = table.enter(putOld);
            int error = check(next, point);
            if (error < 0) {
                return error;
            }
            return table.replace(next.mount(), root.mount(), point) ? 0 : -ENOENT;
        } finally {
            table.lock().unlock();
        }
    }

    private int check(Place next, Place point) {
        if (isRemoved(point)) {
            return -ENOENT;
        }
        boolean shared = isShared(point.mount())
                || isShared(next.mount().point().mount())
                || isShared(root.mount().point().mount());
        if (shared || !table.isHere(root.mount()) || !table.isHere(next.mount())) {
            return -EINVAL;
        }
        if (isRemoved(next)) {
            return -ENOENT;
        }
        if (next.mount() == root.mount() || point.mount() == root.mount()) {
            return -EBUSY;
        }
        boolean canMove = isMounted(root) && isMounted(next) && isBelow(point, next) && isBelow(next, root);
        return canMove ? 0 : -EINVAL;
    }

    private static boolean isRemoved(Place place) {
        return place.vnode() instanceof Directory directory && directory.removed();
    }

    private static boolean isShared(Mount mount) {
        return mount.spreading.isShared();
    }

    /** Whether a place is the root of a mount that is on another. */
    private static boolean isMounted(Place place) {
        return place.vnode() == place.mount().root() && !place.mount().isTop();
    }

    /** Whether one place can be reached from another by going down. */
    private static boolean isBelow(Place place, Place above) {
        Place at = place;
        while (at.mount() != above.mount() && !at.mount().isTop()) {
            at = at.mount().point();
        }
        return at.mount() == above.mount() && Mounting.isBelow(at, above.vnode());
    }
}
