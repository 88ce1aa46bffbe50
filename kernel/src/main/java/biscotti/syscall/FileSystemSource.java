package biscotti.syscall;

import static biscotti.abi.AtFlags.AT_FDCWD;
import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOTBLK;

import biscotti.abi.FileMode;
import biscotti.abi.MountFlags;
import biscotti.file.Caller;
import biscotti.file.FileSystem;
import biscotti.file.FileSystemTypes;
import biscotti.file.Mount;
import biscotti.file.PathWalk;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.file.Vnode;
import biscotti.file.disk.Disks;
import java.util.Optional;

/** Gives the file systems that are to be mounted: new ones, the only ones of their types, those on disks. */
public final class FileSystemSource {
    private final FileSystemTypes types;
    private final Disks disks;

    /** File systems of these types, and on these disks. */
    public FileSystemSource(FileSystemTypes types, Disks disks) {
        this.types = types;
        this.disks = disks;
    }

    /**
     * Gives one, kept as a mount keeps it: the caller lets it go ({@link FileSystem#lostMount}).
     *
     * @param source the path of a disk's node, for a type that needs one
     * @param flags of mount(2)
     * @param options with commas between
     * @return 0; -ENODEV for an unknown type; -EINVAL for an unknown option, or an empty source; -ENOTBLK if the source is no disk, -EACCES if it may not be
     *     opened; what looking it up and opening it says
     */
    int get(Caller caller, String type, String source, int flags, String options, Slot<FileSystem> found) {
        Optional<FileSystemTypes.Opener> opener = types.opener(type);
        if (opener.isPresent()) {
            boolean readOnly = (flags & MountFlags.MS_RDONLY) != 0;
            return open(caller, opener.get(), type, source, readOnly, options, found);
        }
        int error = types.make(type, options, found);
        if (error == 0) {
            found.get().gainedMount();
        }
        return error;
    }

    private int open(
            Caller caller,
            FileSystemTypes.Opener opener,
            String type,
            String source,
            boolean readOnly,
            String options,
            Slot<FileSystem> found) {
        if (source.isEmpty()) {
            return -EINVAL;
        }
        PathWalk walk = new PathWalk(caller);
        int error = walk.resolve(AT_FDCWD, source, PathWalk.FOLLOW);
        if (error < 0) {
            return error;
        }
        Place node = walk.place();
        Vnode device = node.vnode();
        if ((device.mode() & FileMode.S_IFMT) != FileMode.S_IFBLK) {
            return -ENOTBLK;
        }
        return node.mount().has(Mount.NO_DEVICES)
                ? -EACCES
                : disks.fileSystem(device.deviceNumber(), opener, type, readOnly, options, found);
    }
}
