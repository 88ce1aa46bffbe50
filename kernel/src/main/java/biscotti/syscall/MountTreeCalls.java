package biscotti.syscall;

import static biscotti.abi.Errno.E2BIG;
import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.MountObjects.MOUNT_ATTR_ATIME;

import biscotti.abi.AtFlags;
import biscotti.abi.LittleEndian;
import biscotti.abi.MountFlags;
import biscotti.abi.MountObjects;
import biscotti.abi.OpenFlags;
import biscotti.file.Caller;
import biscotti.file.DetachedMounts;
import biscotti.file.Identity;
import biscotti.file.Mount;
import biscotti.file.MountChange;
import biscotti.file.MountTable;
import biscotti.file.Mounting;
import biscotti.file.OpenCall;
import biscotti.file.OpenFile;
import biscotti.file.PathWalk;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.machine.PhysicalMemory;

/** System calls that copy, move and change mounts by descriptors. */
public final class MountTreeCalls {
    private static final int PATH_FLAGS = AtFlags.AT_EMPTY_PATH | AtFlags.AT_NO_AUTOMOUNT | AtFlags.AT_SYMLINK_NOFOLLOW;

    private static final int TREE_FLAGS =
            PATH_FLAGS | AtFlags.AT_RECURSIVE | MountObjects.OPEN_TREE_CLONE | MountObjects.OPEN_TREE_CLOEXEC;

    private static boolean mayMount(Caller caller) {
        return caller.identity().has(Identity.CAP_SYS_ADMIN);
    }

    private static int find(Caller caller, int directory, long path, boolean follow, boolean empty, Slot<Place> found) {
        PathWalk walk = new PathWalk(caller);
        int walkFlags = (follow ? PathWalk.FOLLOW : 0) | (empty ? PathWalk.MAY_BE_EMPTY : 0);
        int error = UserPaths.walk(caller, walk, directory, path, walkFlags);
        return error < 0 ? error : found.put(walk.place());
    }

    /** Finds a place by the flags that many calls have. */
    private static int find(Caller caller, int directory, long path, int flags, Slot<Place> found) {
        boolean follow = (flags & AtFlags.AT_SYMLINK_NOFOLLOW) == 0;
        return find(caller, directory, path, follow, (flags & AtFlags.AT_EMPTY_PATH) != 0, found);
    }

    /** open_tree(2). */
    @SystemCall(number = 428, name = "open_tree")
    public long openTree(Caller caller, int directory, long path, int flags) {
        boolean copies = (flags & MountObjects.OPEN_TREE_CLONE) != 0;
        boolean recursive = (flags & AtFlags.AT_RECURSIVE) != 0;
        if ((flags & ~TREE_FLAGS) != 0 || recursive && !copies) {
            return -EINVAL;
        }
        if (copies && !mayMount(caller)) {
            return -EPERM;
        }
        Slot<Place> place = new Slot<>();
        int error = find(caller, directory, path, flags, place);
        if (error < 0) {
            return error;
        }
        Slot<OpenFile> opened = new Slot<>();
        error = copies
                ? new DetachedMounts(caller.fileContext().mounts(), caller.rounds())
                        .copy(place.get(), recursive, opened)
                : OpenCall.open(caller, place.get(), OpenFlags.O_PATH, opened);
        boolean closedByExec = (flags & MountObjects.OPEN_TREE_CLOEXEC) != 0;
        return error < 0 ? error : OpenCalls.install(caller, opened.get(), closedByExec);
    }

    /** move_mount(2). */
    @SystemCall(number = 429, name = "move_mount")
    public long moveMount(Caller caller, int fromDirectory, long fromPath, int toDirectory, long toPath, int flags) {
        if (!mayMount(caller)) {
            return -EPERM;
        }
        if ((flags & ~MountObjects.MOVE_MOUNT_FLAGS) != 0) {
            return -EINVAL;
        }
        Slot<Place> from = new Slot<>();
        boolean follow = (flags & MountObjects.MOVE_MOUNT_F_SYMLINKS) != 0;
        boolean empty = (flags & MountObjects.MOVE_MOUNT_F_EMPTY_PATH) != 0;
        int error = find(caller, fromDirectory, fromPath, follow, empty, from);
        if (error < 0) {
            return error;
        }
        Slot<Place> to = new Slot<>();
        follow = (flags & MountObjects.MOVE_MOUNT_T_SYMLINKS) != 0;
        empty = (flags & MountObjects.MOVE_MOUNT_T_EMPTY_PATH) != 0;
        error = find(caller, toDirectory, toPath, follow, empty, to);
        if (error < 0) {
            return error;
        }
        MountTable mounts = caller.fileContext().mounts();
        return (flags & MountObjects.MOVE_MOUNT_SET_GROUP) != 0
                ? new MountChange(mounts, caller.rounds()).join(from.get(), to.get())
                : new Mounting(mounts, caller.rounds()).move(from.get(), to.get());
    }

    /** mount_setattr(2). */
    @SystemCall(
            number = 442,
            name = "mount_setattr",
            support = Support.PARTIAL,
            note = "no MOUNT_ATTR_IDMAP, as there are no user namespaces")
    public long mountSetattr(Caller caller, int directory, long path, int flags, long attributes, long size) {
        if ((flags & ~(PATH_FLAGS | AtFlags.AT_RECURSIVE)) != 0) {
            return -EINVAL;
        }
        if (Long.compareUnsigned(size, PhysicalMemory.FRAME_SIZE) > 0) {
            return -E2BIG;
        }
        if (size < MountObjects.ATTR_SIZE) {
            return -EINVAL;
        }
        if (!mayMount(caller)) {
            return -EPERM;
        }
        byte[] bytes = new byte[PhysicalMemory.FRAME_SIZE];
        int error = caller.memory().read(attributes, bytes, 0, (int) Math.min(size, bytes.length));
        if (error < 0) {
            return error;
        }
        for (int i = MountObjects.ATTR_SIZE; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                return -E2BIG;
            }
        }
        return setAttributes(caller, directory, path, flags, bytes);
    }

    private static long setAttributes(Caller caller, int directory, long path, int flags, byte[] bytes) {
        long set = LittleEndian.getLong(bytes, MountObjects.ATTR_SET);
        long clear = LittleEndian.getLong(bytes, MountObjects.ATTR_CLEAR);
        long spreading = LittleEndian.getLong(bytes, MountObjects.ATTR_PROPAGATION);
        if ((set | clear | spreading) == 0) {
            return 0;
        }
        boolean known = (spreading & ~MountFlags.MS_PROPAGATION) == 0 && Long.bitCount(spreading) <= 1;
        if (!known || ((set | clear) & ~(MountObjects.MOUNT_ATTRIBUTES | MountObjects.MOUNT_ATTR_IDMAP)) != 0) {
            return -EINVAL;
        }
        boolean clearsTimes = (clear & MOUNT_ATTR_ATIME) == MOUNT_ATTR_ATIME;
        if (!clearsTimes && ((set | clear) & MOUNT_ATTR_ATIME) != 0 || !isKindOfTimes(set)) {
            return -EINVAL;
        }
        if (((set | clear) & MountObjects.MOUNT_ATTR_IDMAP) != 0) {
            return refuseMapping(caller, clear, LittleEndian.getLong(bytes, MountObjects.ATTR_NAMESPACE));
        }
        Slot<Place> place = new Slot<>();
        int error = find(caller, directory, path, flags, place);
        if (error < 0) {
            return error;
        }
        int cleared = flagsOf(clear) | (clearsTimes ? Mount.NO_ACCESS_TIME | Mount.RELATIVE_ACCESS_TIME : 0);
        int wanted = flagsOf(set) | (clearsTimes ? timesOf(set) : 0);
        boolean recursive = (flags & AtFlags.AT_RECURSIVE) != 0;
        return new MountChange(caller.fileContext().mounts(), caller.rounds())
                .setAttributes(place.get(), wanted, cleared, (int) spreading, recursive);
    }

    /** MOUNT_ATTR_IDMAP needs the descriptor of a user namespace, and there are none: -EINVAL, -EBADF. */
    private static int refuseMapping(Caller caller, long clear, long descriptor) {
        boolean cannot =
                (clear & MountObjects.MOUNT_ATTR_IDMAP) != 0 || descriptor < 0 || descriptor > Integer.MAX_VALUE;
        boolean isOpen = !cannot && caller.files().get((int) descriptor).isOpen();
        return cannot || isOpen ? -EINVAL : -EBADF;
    }

    /** Whether the attributes have one of the kinds of times of access. */
    static boolean isKindOfTimes(long attributes) {
        int kind = (int) attributes & MOUNT_ATTR_ATIME;
        return kind == 0 || kind == MountObjects.MOUNT_ATTR_NOATIME || kind == MountObjects.MOUNT_ATTR_STRICTATIME;
    }

    /** A mount's flags for all attributes but the kind of times of access. */
    static int flagsOf(long attributes) {
        int low = (int) attributes;
        return ((low & MountObjects.MOUNT_ATTR_RDONLY) != 0 ? Mount.READ_ONLY : 0)
                | ((low & MountObjects.MOUNT_ATTR_NOSUID) != 0 ? Mount.NO_SET_ID : 0)
                | ((low & MountObjects.MOUNT_ATTR_NODEV) != 0 ? Mount.NO_DEVICES : 0)
                | ((low & MountObjects.MOUNT_ATTR_NOEXEC) != 0 ? Mount.NO_EXECUTE : 0)
                | ((low & MountObjects.MOUNT_ATTR_NODIRATIME) != 0 ? Mount.NO_DIRECTORY_ACCESS_TIME : 0)
                | ((low & MountObjects.MOUNT_ATTR_NOSYMFOLLOW) != 0 ? Mount.NO_LINKS : 0);
    }

    /** A mount's flags for the kind of times of access. */
    static int timesOf(long attributes) {
        return switch ((int) attributes & MOUNT_ATTR_ATIME) {
            case MountObjects.MOUNT_ATTR_NOATIME -> Mount.NO_ACCESS_TIME;
            case MountObjects.MOUNT_ATTR_STRICTATIME -> 0;
            default -> Mount.RELATIVE_ACCESS_TIME;
        };
    }
}
