package biscotti.syscall;

import static biscotti.abi.AtFlags.AT_FDCWD;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENAMETOOLONG;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.MountFlags;
import biscotti.file.Caller;
import biscotti.file.FileSystem;
import biscotti.file.Identity;
import biscotti.file.Mount;
import biscotti.file.MountChange;
import biscotti.file.MountTable;
import biscotti.file.Mounting;
import biscotti.file.PathWalk;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.file.Unmounting;

/** System calls that mount file systems. */
public final class MountCalls {
    /** What a file system keeps, for all its mounts. */
    static final int SYSTEM_FLAGS = MountFlags.MS_RDONLY
            | MountFlags.MS_SYNCHRONOUS
            | MountFlags.MS_MANDLOCK
            | MountFlags.MS_DIRSYNC
            | MountFlags.MS_LAZYTIME;

    /** What a remount can change of that. */
    private static final int CHANGEABLE = SYSTEM_FLAGS & ~MountFlags.MS_DIRSYNC;

    private final FileSystemSource fileSystems;

    /** Calls that mount file systems. */
    public MountCalls(FileSystemSource fileSystems) {
        this.fileSystems = fileSystems;
    }

    /** mount(2). What is wrong with the texts comes first, then with the target, then with who asks, as on Linux. */
    @SystemCall(number = 165, name = "mount")
    public long mount(Caller caller, long source, long target, long type, long flags, long data) {
        Slot<String> typeName = new Slot<>();
        Slot<String> sourceName = new Slot<>();
        Slot<String> options = new Slot<>();
        int error = optional(caller, type, "", typeName);
        error = error < 0 ? error : optional(caller, source, "none", sourceName);
        error = error < 0 ? error : options(caller, data, options);
        PathWalk walk = new PathWalk(caller);
        error = error < 0 ? error : UserPaths.walk(caller, walk, AT_FDCWD, target, PathWalk.FOLLOW);
        if (error < 0) {
            return error;
        }
        int wanted = (int) flags;
        if ((wanted & MountFlags.MS_MGC_MASK) == MountFlags.MS_MGC_VALUE) {
            wanted &= ~MountFlags.MS_MGC_MASK;
        }
        if (!caller.identity().has(Identity.CAP_SYS_ADMIN)) {
            return -EPERM;
        }
        if ((wanted & MountFlags.MS_NOUSER) != 0) {
            return -EINVAL;
        }
        Place place = walk.place();
        boolean changes = (wanted & MountFlags.MS_REMOUNT) != 0;
        boolean binds = (wanted & MountFlags.MS_BIND) != 0;
        if (changes) {
            MountTable mounts = caller.fileContext().mounts();
            int kept = flagsOfMount(wanted, place.mount().flags());
            return binds
                    ? mounts.setFlags(place, kept)
                    : mounts.remount(place, kept, wanted & CHANGEABLE, options.get());
        }
        Mounting call = new Mounting(caller.fileContext().mounts(), caller.rounds());
        if (binds) {
            return bind(caller, call, sourceName.get(), source != 0, place, (wanted & MountFlags.MS_REC) != 0);
        }
        if ((wanted & MountFlags.MS_PROPAGATION) != 0) {
            return spread(new MountChange(caller.fileContext().mounts(), caller.rounds()), place, wanted);
        }
        if ((wanted & MountFlags.MS_MOVE) != 0) {
            return move(caller, call, sourceName.get(), source != 0, place);
        }
        if (type == 0) {
            return -EINVAL;
        }
        return add(caller, call, typeName.get(), sourceName.get(), options.get(), place, wanted);
    }

    private int add(Caller caller, Mounting call, String type, String source, String options, Place place, int wanted) {
        Slot<FileSystem> found = new Slot<>();
        int error = fileSystems.get(caller, type, source, wanted, options, found);
        if (error < 0) {
            return error;
        }
        FileSystem fileSystem = found.get();
        error = call.add(source, fileSystem, place, flagsOfMount(wanted, 0));
        if (error == 0) {
            fileSystem.setFlags(fileSystem.flags() & ~SYSTEM_FLAGS | wanted & SYSTEM_FLAGS);
        }
        fileSystem.lostMount();
        return error;
    }

    /** The flags that a mount keeps. Times of access are "relatime" unless told otherwise, and stay as they were in a remount that does not tell. */
    private static int flagsOfMount(int wanted, int before) {
        int times =
                MountFlags.MS_NOATIME | MountFlags.MS_NODIRATIME | MountFlags.MS_RELATIME | MountFlags.MS_STRICTATIME;
        int kept = wanted & Mount.FLAGS & ~Mount.ACCESS_TIMES;
        if ((wanted & MountFlags.MS_REMOUNT) != 0 && (wanted & times) == 0) {
            return kept | before & Mount.ACCESS_TIMES;
        }
        kept |= wanted & Mount.NO_DIRECTORY_ACCESS_TIME;
        if ((wanted & MountFlags.MS_STRICTATIME) != 0) {
            return kept;
        }
        boolean never = (wanted & MountFlags.MS_NOATIME) != 0;
        return kept | (never ? Mount.NO_ACCESS_TIME : Mount.RELATIVE_ACCESS_TIME);
    }

    /** One kind of propagation, with MS_REC and MS_SILENT at most. */
    private static int spread(MountChange call, Place place, int wanted) {
        int type = wanted & ~(MountFlags.MS_REC | MountFlags.MS_SILENT);
        boolean one = (type & ~MountFlags.MS_PROPAGATION) == 0 && Integer.bitCount(type) == 1;
        return one ? call.setSpreading(place, type, (wanted & MountFlags.MS_REC) != 0) : -EINVAL;
    }

    private static int optional(Caller caller, long address, String otherwise, Slot<String> text) {
        int error = address == 0 ? text.put(otherwise) : UserPaths.read(caller, address, text);
        return error == -ENAMETOOLONG ? -EINVAL : error;
    }

    /** As much of the options as fits into a page, up to the first byte that cannot be read. */
    private static int options(Caller caller, long address, Slot<String> text) {
        return address == 0 ? text.put("") : UserPaths.read(caller, address, text);
    }

    private static int bind(
            Caller caller, Mounting call, String source, boolean given, Place place, boolean recursive) {
        Slot<Place> from = new Slot<>();
        int error = find(caller, source, given, from);
        return error < 0 ? error : call.bind(from.get(), place, recursive);
    }

    private static int move(Caller caller, Mounting call, String source, boolean given, Place place) {
        Slot<Place> from = new Slot<>();
        int error = find(caller, source, given, from);
        return error < 0 ? error : call.move(from.get(), place);
    }

    private static int find(Caller caller, String path, boolean given, Slot<Place> found) {
        if (!given || path.isEmpty()) {
            return -EINVAL;
        }
        PathWalk walk = new PathWalk(caller);
        int error = walk.resolve(AT_FDCWD, path, PathWalk.FOLLOW);
        return error < 0 ? error : found.put(walk.place());
    }

    /** umount2(2). */
    @SystemCall(number = 166, name = "umount2")
    public long umount2(Caller caller, long target, int flags) {
        if ((flags & ~MountFlags.UMOUNT_FLAGS) != 0) {
            return -EINVAL;
        }
        PathWalk walk = new PathWalk(caller);
        int follow = (flags & MountFlags.UMOUNT_NOFOLLOW) != 0 ? 0 : PathWalk.FOLLOW;
        int error = UserPaths.walk(caller, walk, AT_FDCWD, target, follow);
        if (error < 0) {
            return error;
        }
        if (!caller.identity().has(Identity.CAP_SYS_ADMIN)) {
            return -EPERM;
        }
        int others = MountFlags.MNT_FORCE | MountFlags.MNT_DETACH;
        if ((flags & MountFlags.MNT_EXPIRE) != 0 && (flags & others) != 0) {
            return -EINVAL;
        }
        return new Unmounting(caller.fileContext().mounts()).unmount(walk.place(), flags);
    }
}
