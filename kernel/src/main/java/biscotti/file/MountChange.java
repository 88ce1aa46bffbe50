package biscotti.file;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOMEM;

import biscotti.abi.MountFlags;
import biscotti.bounded.Rounds;

/** One call that changes mounts where they are: mount_setattr(2), or mount(2) and move_mount(2) where they change how mounts spread. */
public final class MountChange {
    private final MountTable table;
    private final Rounds rounds;

    /** A call on the mounts of this table. */
    public MountChange(MountTable table, Rounds rounds) {
        this.table = table;
        this.rounds = rounds;
    }

    /**
     * MS_SHARED, MS_SLAVE, MS_PRIVATE, MS_UNBINDABLE: changes how a mount spreads.
     *
     * @param root its root
     * @param recursive MS_REC: and all below it
     * @return 0; -EINVAL if it is no mount's root; -ENOMEM
     */
    public int setSpreading(Place root, int type, boolean recursive) {
        table.lock().lock();
        try {
            return table.isRoot(root) ? change(root.mount(), 0, 0, type, recursive) : -EINVAL;
        } finally {
            table.lock().unlock();
        }
    }

    /**
     * mount_setattr(2): changes the flags of mounts, and how they spread: of all or of none.
     *
     * @param root the root of a mount in the tree, or of the highest of a tree that is nowhere
     * @param set flags to set
     * @param clear flags to clear before
     * @param type one of {@link MountFlags#MS_PROPAGATION}, or 0 to leave that
     * @param recursive AT_RECURSIVE: and of all below it
     * @return 0; -EINVAL if it is no such root; -EBUSY if one is to be read-only and files in it are open for writing; -ENOMEM
     */
    public int setAttributes(Place root, int set, int clear, int type, boolean recursive) {
        table.lock().lock();
        try {
            if (!table.isChangeableRoot(root)) {
                return -EINVAL;
            }
            Mount top = root.mount();
            Mount at = top;
            do {
                int error = at.checkFlags(at.flags() & ~clear | set);
                if (error < 0) {
                    return error;
                }
                at = at.nextBelow(top, recursive);
            } while (at != top);
            return change(top, set, clear, type, recursive);
        } finally {
            table.lock().unlock();
        }
    }

    private int change(Mount top, int set, int clear, int type, boolean recursive) {
        Mount at = top;
        do {
            if (!rounds.nextRound()) {
                return -ENOMEM;
            }
            at.setFlags(at.flags() & ~clear | set);
            switch (type) {
                case 0 -> {}
                case MountFlags.MS_SHARED -> at.spreading.share(table.event);
                case MountFlags.MS_SLAVE -> at.spreading.enslave();
                default -> at.spreading.part(type == MountFlags.MS_UNBINDABLE);
            }
            at = at.nextBelow(top, recursive);
        } while (at != top);
        return 0;
    }

    /**
     * MOVE_MOUNT_SET_GROUP of move_mount(2): a private mount becomes a peer of another of its file system, and hears what that hears.
     *
     * @param from the other's root
     * @param to the private mount's root
     * @return 0; -EINVAL if one is no mount's root, {@code to} shows what {@code from} does not, or is not private, or {@code from} is
     */
    public int join(Place from, Place to) {
        table.lock().lock();
        try {
            Mount one = from.mount();
            Mount other = to.mount();
            boolean canJoin = table.isRoot(from)
                    && table.isRoot(to)
                    && one.fileSystem() == other.fileSystem()
                    && Mounting.isBelow(other.rootPlace(), one.root())
                    && other.spreading.isPrivate()
                    && !one.spreading.isPrivate();
            if (!canJoin) {
                return -EINVAL;
            }
            other.spreading.copyFrom(one.spreading);
            return 0;
        } finally {
            table.lock().unlock();
        }
    }
}
