package biscotti.file;

import static biscotti.abi.Errno.ENOENT;

import biscotti.abi.OpenFlags;
import biscotti.bounded.Rounds;

/**
 * Trees of mounts that are nowhere, each held by a descriptor: fsmount(2), open_tree(2). move_mount(2) brings one into the tree of all; if that has
 * not come when the last descriptor is closed, it is taken apart.
 */
public final class DetachedMounts {
    private final MountTable table;
    private final Rounds rounds;

    /** For one call on the mounts of this table. */
    public DetachedMounts(MountTable table, Rounds rounds) {
        this.table = table;
        this.rounds = rounds;
    }

    /** The root of such a tree, opened with O_PATH. */
    private static final class TreeFile extends PathFile {
        private final MountTable table;

        private TreeFile(MountTable table, Place root) {
            super(root, OpenFlags.O_PATH);
            this.table = table;
        }

        @Override
        protected void closed() {
            new Unmounting(table).dissolve(place().mount());
        }
    }

    /**
     * fsmount(2): a mount of a file system.
     *
     * @param source what /proc/mounts tells as the device
     * @param flags of {@link Mount}
     * @return 0; -ENOSPC if there are too many mounts
     */
    public int open(String source, FileSystem fileSystem, int flags, Slot<OpenFile> opened) {
        Slot<Mount> made = new Slot<>();
        table.lock().lock();
        int error = table.make(source, Mount.rootOf(fileSystem), flags, made);
        table.lock().unlock();
        return error < 0 ? error : open(made.get(), opened);
    }

    /**
     * open_tree(2): a copy of a mount.
     *
     * @param from the copy's root
     * @param recursive with the mounts below
     * @return 0; -EINVAL if the mount is unbindable, or not in the tree; -ENOENT if the root was removed; -ENOSPC if there are too many mounts; -ENOMEM
     */
    public int copy(Place from, boolean recursive, Slot<OpenFile> opened) {
        Slot<Mount> made = new Slot<>();
        int error = new Mounting(table, rounds).copy(from, recursive, made);
        return error < 0 ? error : open(made.get(), opened);
    }

    private int open(Mount mount, Slot<OpenFile> opened) {
        if (!mount.root().retain()) {
            new Unmounting(table).dissolve(mount);
            return -ENOENT;
        }
        OpenFile file = new TreeFile(table, mount.rootPlace());
        file.countInMount();
        return opened.put(file);
    }
}
