package biscotti.syscall;

import static biscotti.abi.AtFlags.AT_FDCWD;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOTDIR;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.MountFlags;
import biscotti.file.Caller;
import biscotti.file.Directory;
import biscotti.file.FileSystem;
import biscotti.file.FileSystemTypes;
import biscotti.file.Identity;
import biscotti.file.Mount;
import biscotti.file.MountTable;
import biscotti.file.PathWalk;
import biscotti.file.Place;
import biscotti.file.Slot;

/** System calls that mount file systems. */
public final class MountCalls {
    private final FileSystemTypes types;

    /** Calls that mount file systems of these types. */
    public MountCalls(FileSystemTypes types) {
        this.types = types;
    }

    /** mount(2). */
    @SystemCall(
            number = 165,
            name = "mount",
            support = Support.PARTIAL,
            note = "no MS_MOVE; MS_BIND of directories only, MS_REC shows no mounts below; propagation is ignored")
    public long mount(Caller caller, long source, long target, long type, long flags, long data) {
        if (!caller.identity().has(Identity.CAP_SYS_ADMIN)) {
            return -EPERM;
        }
        int wanted = (int) flags;
        if ((wanted & MountFlags.MS_MGC_MASK) == MountFlags.MS_MGC_VALUE) {
            wanted &= ~MountFlags.MS_MGC_MASK;
        }
        PathWalk walk = new PathWalk(caller);
        int error = UserPaths.walk(caller, walk, AT_FDCWD, target, PathWalk.FOLLOW);
        if (error < 0) {
            return error;
        }
        MountTable mounts = caller.fileContext().mounts();
        Place place = walk.place();
        if ((wanted & MountFlags.MS_MOVE) != 0) {
            return -EINVAL;
        }
        if ((wanted & MountFlags.MS_PROPAGATION) != 0) {
            return 0;
        }
        if ((wanted & MountFlags.MS_REMOUNT) != 0) {
            mounts.remount(place, wanted & Mount.FLAGS);
            return 0;
        }
        Slot<String> name = new Slot<>();
        error = optional(caller, source, name);
        if (error < 0) {
            return error;
        }
        if ((wanted & MountFlags.MS_BIND) != 0) {
            return bind(caller, source, place);
        }
        Slot<FileSystem> made = new Slot<>();
        error = make(caller, type, data, made);
        return error < 0 ? error : mounts.mount(name.get(), made.get().root(), place, wanted & Mount.FLAGS);
    }

    private int make(Caller caller, long type, long data, Slot<FileSystem> made) {
        Slot<String> name = new Slot<>();
        int error = UserPaths.read(caller, type, name);
        Slot<String> options = new Slot<>();
        if (error == 0) {
            error = optional(caller, data, options);
        }
        return error < 0 ? error : types.make(name.get(), options.get(), made);
    }

    private static int optional(Caller caller, long address, Slot<String> text) {
        return address == 0 ? text.put("") : UserPaths.read(caller, address, text);
    }

    private static int bind(Caller caller, long source, Place place) {
        PathWalk walk = new PathWalk(caller);
        int error = UserPaths.walk(caller, walk, AT_FDCWD, source, PathWalk.FOLLOW);
        if (error < 0) {
            return error;
        }
        Place seen = walk.place();
        if (!(seen.vnode() instanceof Directory directory)) {
            return -ENOTDIR;
        }
        Mount mount = seen.mount();
        return caller.fileContext().mounts().mount(mount.source(), directory, place, mount.flags());
    }

    /** umount2(2). */
    @SystemCall(
            number = 166,
            name = "umount2",
            support = Support.PARTIAL,
            note = "files that are open or mapped do not make a mount busy; MNT_EXPIRE does nothing")
    public long umount2(Caller caller, long target, int flags) {
        if (!caller.identity().has(Identity.CAP_SYS_ADMIN)) {
            return -EPERM;
        }
        if ((flags & ~MountFlags.UMOUNT_FLAGS) != 0) {
            return -EINVAL;
        }
        PathWalk walk = new PathWalk(caller);
        int follow = (flags & MountFlags.UMOUNT_NOFOLLOW) != 0 ? 0 : PathWalk.FOLLOW;
        int error = UserPaths.walk(caller, walk, AT_FDCWD, target, follow);
        return error < 0
                ? error
                : caller.fileContext().mounts().unmount(walk.place(), (flags & MountFlags.MNT_DETACH) != 0);
    }
}
