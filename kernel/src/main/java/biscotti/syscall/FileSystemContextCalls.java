package biscotti.syscall;

import static biscotti.abi.AtFlags.AT_FDCWD;
import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENAMETOOLONG;
import static biscotti.abi.Errno.ENODEV;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.MountObjects.FSCONFIG_TEXT_MAX;

import biscotti.abi.Latin1;
import biscotti.abi.MountObjects;
import biscotti.file.AnonymousInode;
import biscotti.file.Caller;
import biscotti.file.DetachedMounts;
import biscotti.file.FileSystem;
import biscotti.file.FileSystemContext;
import biscotti.file.FileSystemContext.Kind;
import biscotti.file.FileSystemContext.Wish;
import biscotti.file.FileSystemTypes;
import biscotti.file.Identity;
import biscotti.file.MountTable;
import biscotti.file.OpenFile;
import biscotti.file.PathWalk;
import biscotti.file.Slot;
import biscotti.machine.PhysicalMemory;

/** System calls that make and change file systems by descriptors. */
public final class FileSystemContextCalls {
    private static final int PICK_FLAGS = MountObjects.FSPICK_CLOEXEC
            | MountObjects.FSPICK_SYMLINK_NOFOLLOW
            | MountObjects.FSPICK_NO_AUTOMOUNT
            | MountObjects.FSPICK_EMPTY_PATH;

    private final FileSystemTypes types;
    private final FileSystemSource fileSystems;
    private final AnonymousInode inode;

    /** Calls that make file systems, with descriptors of an inode. */
    public FileSystemContextCalls(FileSystemTypes types, FileSystemSource fileSystems, AnonymousInode inode) {
        this.types = types;
        this.fileSystems = fileSystems;
        this.inode = inode;
    }

    private static boolean mayMount(Caller caller) {
        return caller.identity().has(Identity.CAP_SYS_ADMIN);
    }

    /** fsopen(2). */
    @SystemCall(number = 430, name = "fsopen")
    public long fsopen(Caller caller, long type, int flags) {
        if (!mayMount(caller)) {
            return -EPERM;
        }
        if ((flags & ~MountObjects.FSOPEN_CLOEXEC) != 0) {
            return -EINVAL;
        }
        Slot<String> name = new Slot<>();
        int error = UserPaths.read(caller, type, name);
        if (error < 0) {
            return error == -ENAMETOOLONG ? -EINVAL : error;
        }
        int index = types.indexOf(name.get());
        if (index < 0) {
            return -ENODEV;
        }
        FileSystemContext context = FileSystemContext.forNew(inode, types, types.name(index));
        return OpenCalls.install(caller, context, (flags & MountObjects.FSOPEN_CLOEXEC) != 0);
    }

    /** fspick(2). */
    @SystemCall(number = 433, name = "fspick")
    public long fspick(Caller caller, int directory, long path, int flags) {
        if (!mayMount(caller)) {
            return -EPERM;
        }
        if ((flags & ~PICK_FLAGS) != 0) {
            return -EINVAL;
        }
        PathWalk walk = new PathWalk(caller);
        int walkFlags = ((flags & MountObjects.FSPICK_SYMLINK_NOFOLLOW) != 0 ? 0 : PathWalk.FOLLOW)
                | ((flags & MountObjects.FSPICK_EMPTY_PATH) != 0 ? PathWalk.MAY_BE_EMPTY : 0);
        int error = UserPaths.walk(caller, walk, directory, path, walkFlags);
        if (error < 0) {
            return error;
        }
        if (walk.vnode() != walk.mount().root()) {
            return -EINVAL;
        }
        FileSystem picked = walk.mount().fileSystem();
        if (!picked.keepMounted()) {
            return -EINVAL;
        }
        FileSystemContext context = FileSystemContext.forChange(inode, types, picked);
        return OpenCalls.install(caller, context, (flags & MountObjects.FSPICK_CLOEXEC) != 0);
    }

    /** fsconfig(2). What is wrong with the arguments comes first, then with the descriptor, then with the texts, as on Linux. */
    @SystemCall(
            number = 431,
            name = "fsconfig",
            support = Support.PARTIAL,
            note = "proc has no options (hidepid, subset); of errors only those of parameters leave a message")
    public long fsconfig(Caller caller, int descriptor, int command, long key, long value, int auxiliary) {
        int error = descriptor < 0 ? -EINVAL : checkArguments(command, key != 0, value != 0, auxiliary);
        if (error < 0) {
            return error;
        }
        OpenFile file = caller.files().getRetained(descriptor);
        if (!(file instanceof FileSystemContext context)) {
            return OtherKind.refuse(file);
        }
        long result = switch (command) {
            case MountObjects.FSCONFIG_CMD_CREATE -> create(caller, context);
            case MountObjects.FSCONFIG_CMD_RECONFIGURE -> change(caller, context);
            default -> set(caller, context, command, key, value, auxiliary);
        };
        file.release();
        return result;
    }

    private static int checkArguments(int command, boolean hasKey, boolean hasValue, int auxiliary) {
        boolean good = switch (command) {
            case MountObjects.FSCONFIG_SET_FLAG -> hasKey && !hasValue && auxiliary == 0;
            case MountObjects.FSCONFIG_SET_STRING -> hasKey && hasValue && auxiliary == 0;
            case MountObjects.FSCONFIG_SET_BINARY ->
                hasKey && hasValue && auxiliary > 0 && auxiliary <= MountObjects.FSCONFIG_BINARY_MAX;
            case MountObjects.FSCONFIG_SET_PATH, MountObjects.FSCONFIG_SET_PATH_EMPTY ->
                hasKey && hasValue && (auxiliary >= 0 || auxiliary == AT_FDCWD);
            case MountObjects.FSCONFIG_SET_FD -> hasKey && !hasValue && auxiliary >= 0;
            default -> !hasKey && !hasValue && auxiliary == 0;
        };
        boolean known = command >= 0 && command <= MountObjects.FSCONFIG_CMD_RECONFIGURE;
        return !known ? -EOPNOTSUPP : good ? 0 : -EINVAL;
    }

    private static long set(
            Caller caller, FileSystemContext context, int command, long key, long value, int auxiliary) {
        Kind kind = switch (command) {
            case MountObjects.FSCONFIG_SET_FLAG -> Kind.FLAG;
            case MountObjects.FSCONFIG_SET_STRING -> Kind.TEXT;
            default -> Kind.OTHER;
        };
        if (kind == Kind.OTHER && context.isSimple()) {
            return -EOPNOTSUPP;
        }
        Slot<String> name = new Slot<>();
        int error = text(caller, key, name);
        Slot<String> text = new Slot<>();
        text.put("");
        if (error == 0) {
            error = switch (command) {
                case MountObjects.FSCONFIG_SET_STRING -> text(caller, value, text);
                case MountObjects.FSCONFIG_SET_BINARY -> checkBytes(caller, value, auxiliary);
                case MountObjects.FSCONFIG_SET_PATH -> checkPath(caller, value, false);
                case MountObjects.FSCONFIG_SET_PATH_EMPTY -> checkPath(caller, value, true);
                case MountObjects.FSCONFIG_SET_FD ->
                    caller.files().get(auxiliary).isOpen() ? 0 : -EBADF;
                default -> 0;
            };
        }
        return error < 0 ? error : context.set(name.get(), kind, text.get());
    }

    private static int text(Caller caller, long address, Slot<String> text) {
        byte[] bytes = new byte[FSCONFIG_TEXT_MAX];
        long length = caller.memory().readString(address, bytes, FSCONFIG_TEXT_MAX);
        if (length < 0) {
            return length == -ENAMETOOLONG ? -EINVAL : (int) length;
        }
        return text.put(Latin1.text(bytes, 0, (int) length));
    }

    /** No file system here takes bytes or paths: they must be there, that is all. */
    private static int checkBytes(Caller caller, long address, int size) {
        byte[] bytes = new byte[PhysicalMemory.FRAME_SIZE];
        int error = 0;
        for (int at = 0; at < size && error == 0; at += bytes.length) {
            error = caller.memory().read(address + at, bytes, 0, Math.min(bytes.length, size - at));
        }
        return error;
    }

    private static int checkPath(Caller caller, long address, boolean mayBeEmpty) {
        Slot<String> path = new Slot<>();
        int error = UserPaths.read(caller, address, path);
        return error == 0 && path.get().isEmpty() && !mayBeEmpty ? -ENOENT : error;
    }

    private long create(Caller caller, FileSystemContext context) {
        Slot<Wish> slot = new Slot<>();
        int error = context.create(slot);
        if (error < 0) {
            return error;
        }
        if (!mayMount(caller)) {
            context.failed("");
            return -EPERM;
        }
        Wish wish = slot.get();
        Slot<FileSystem> found = new Slot<>();
        error = fileSystems.get(caller, context.type(), wish.source(), wish.flags(), wish.options(), found);
        if (error < 0) {
            boolean needsSource =
                    types.opener(context.type()).isPresent() && wish.source().isEmpty();
            context.failed(needsSource ? "No source specified" : "");
            return error;
        }
        FileSystem fileSystem = found.get();
        fileSystem.setFlags(fileSystem.flags() & ~MountCalls.SYSTEM_FLAGS | wish.flags());
        context.created(fileSystem);
        return 0;
    }

    private static long change(Caller caller, FileSystemContext context) {
        Slot<Wish> slot = new Slot<>();
        int error = context.change(slot);
        if (error < 0) {
            return error;
        }
        Wish wish = slot.get();
        FileSystem fileSystem = context.fileSystem();
        int flags = fileSystem.flags() & ~wish.flagsTold() | wish.flags();
        MountTable mounts = caller.fileContext().mounts();
        error = mayMount(caller) ? mounts.reconfigure(fileSystem, flags, wish.options()) : -EPERM;
        if (error < 0) {
            context.failed("");
        } else {
            context.changed();
        }
        return error;
    }

    /** fsmount(2). */
    @SystemCall(number = 432, name = "fsmount")
    public long fsmount(Caller caller, int descriptor, int flags, int attributes) {
        if (!mayMount(caller)) {
            return -EPERM;
        }
        boolean known = (flags & ~MountObjects.FSMOUNT_CLOEXEC) == 0
                && (attributes & ~MountObjects.MOUNT_ATTRIBUTES) == 0
                && MountTreeCalls.isKindOfTimes(attributes);
        if (!known) {
            return -EINVAL;
        }
        OpenFile file = caller.files().getRetained(descriptor);
        if (!(file instanceof FileSystemContext context)) {
            return OtherKind.refuse(file);
        }
        long result = mount(caller, context, flags, attributes);
        file.release();
        return result;
    }

    private static long mount(Caller caller, FileSystemContext context, int flags, int attributes) {
        Slot<Wish> slot = new Slot<>();
        int error = context.mount(slot);
        if (error < 0) {
            return error;
        }
        String source = slot.get().source();
        Slot<OpenFile> opened = new Slot<>();
        error = new DetachedMounts(caller.fileContext().mounts(), caller.rounds())
                .open(
                        source.isEmpty() ? "none" : source,
                        context.fileSystem(),
                        MountTreeCalls.flagsOf(attributes) | MountTreeCalls.timesOf(attributes),
                        opened);
        if (error < 0) {
            context.notMounted();
            return error;
        }
        context.changed();
        return OpenCalls.install(caller, opened.get(), (flags & MountObjects.FSMOUNT_CLOEXEC) != 0);
    }
}
