package biscotti.syscall;

import static biscotti.abi.AtFlags.AT_EMPTY_PATH;
import static biscotti.abi.AtFlags.AT_FDCWD;
import static biscotti.abi.AtFlags.AT_SYMLINK_FOLLOW;
import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EOVERFLOW;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESTALE;

import biscotti.abi.FileHandle;
import biscotti.abi.LittleEndian;
import biscotti.abi.OpenFlags;
import biscotti.file.Caller;
import biscotti.file.FileHandles;
import biscotti.file.Identity;
import biscotti.file.Mount;
import biscotti.file.OpenCall;
import biscotti.file.OpenFile;
import biscotti.file.PathWalk;
import biscotti.file.Place;
import biscotti.file.Slot;
import java.util.Optional;

/** System calls that find files again without their paths: open_by_handle_at(2). */
public final class HandleCalls {
    /** name_to_handle_at(2). */
    @SystemCall(
            number = 303,
            name = "name_to_handle_at",
            support = Support.PARTIAL,
            note = "of tmpfs, devtmpfs and memfd_create(2); other file systems, ext4 among them, are EOPNOTSUPP")
    public long nameToHandleAt(Caller caller, int directory, long path, long handle, long mountId, int flags) {
        if ((flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) != 0) {
            return -EINVAL;
        }
        PathWalk walk = new PathWalk(caller);
        int walkFlags = ((flags & AT_SYMLINK_FOLLOW) != 0 ? PathWalk.FOLLOW : 0)
                | ((flags & AT_EMPTY_PATH) != 0 ? PathWalk.MAY_BE_EMPTY : 0);
        int error = UserPaths.walk(caller, walk, directory, path, walkFlags);
        if (error < 0) {
            return error;
        }
        Place place = walk.place();
        Optional<FileHandles> handles = place.vnode().fileSystem().handles();
        if (handles.isEmpty()) {
            return -EOPNOTSUPP;
        }
        byte[] bytes = new byte[FileHandle.HANDLE + FileHandles.BYTES];
        error = caller.memory().read(handle, bytes, 0, FileHandle.HANDLE);
        if (error < 0) {
            return error;
        }
        int room = LittleEndian.getInt(bytes, FileHandle.HANDLE_BYTES);
        if (room < 0 || room > FileHandle.MAXIMUM) {
            return -EINVAL;
        }
        return write(caller, handles.get(), place, room, bytes, handle, mountId);
    }

    /** Writes the handle, or, if there is less room for it, only how many bytes it has. */
    private static long write(
            Caller caller, FileHandles handles, Place place, int room, byte[] bytes, long handle, long mountId) {
        boolean fits = room >= FileHandles.BYTES;
        int error = fits ? handles.make(place, bytes, FileHandle.HANDLE) : 0;
        if (error < 0) {
            return error;
        }
        LittleEndian.putInt(bytes, FileHandle.HANDLE_BYTES, FileHandles.BYTES);
        LittleEndian.putInt(bytes, FileHandle.HANDLE_TYPE, fits ? FileHandles.TYPE : FileHandle.INVALID);
        error = caller.memory().writeInt(mountId, place.mount().id());
        if (error == 0) {
            error = caller.memory().write(handle, bytes, 0, fits ? bytes.length : FileHandle.HANDLE);
        }
        return error < 0 ? error : fits ? 0 : -EOVERFLOW;
    }

    /** open_by_handle_at(2). */
    @SystemCall(
            number = 304,
            name = "open_by_handle_at",
            support = Support.PARTIAL,
            note = "of tmpfs, devtmpfs and memfd_create(2), as name_to_handle_at")
    public long openByHandleAt(Caller caller, int mountDescriptor, long handle, int flags) {
        if (!caller.identity().has(Identity.CAP_DAC_READ_SEARCH)) {
            return -EPERM;
        }
        byte[] bytes = new byte[FileHandle.MAXIMUM];
        int error = caller.memory().read(handle, bytes, 0, FileHandle.HANDLE);
        if (error < 0) {
            return error;
        }
        int length = LittleEndian.getInt(bytes, FileHandle.HANDLE_BYTES);
        if (length <= 0 || length > FileHandle.MAXIMUM) {
            return -EINVAL;
        }
        error = caller.memory().read(handle + FileHandle.HANDLE, bytes, 0, length);
        Slot<Mount> mount = new Slot<>();
        error = error < 0 ? error : mountOf(caller, mountDescriptor, mount);
        Slot<Place> place = new Slot<>();
        error = error < 0 ? error : find(bytes, length, mount.get(), place);
        if (error < 0) {
            return error;
        }
        if (!place.get().vnode().retain()) {
            return -ESTALE;
        }
        Slot<OpenFile> opened = new Slot<>();
        error = OpenCall.open(caller, place.get(), flags, opened);
        place.get().vnode().release();
        return error < 0 ? error : OpenCalls.install(caller, opened.get(), (flags & OpenFlags.O_CLOEXEC) != 0);
    }

    /** The mount that a descriptor is open in: 0 or -EBADF. */
    private static int mountOf(Caller caller, int descriptor, Slot<Mount> mount) {
        if (descriptor == AT_FDCWD) {
            return mount.put(caller.fileContext().current().mount());
        }
        OpenFile file = caller.files().get(descriptor);
        return file == OpenFile.CLOSED ? -EBADF : mount.put(file.place().mount());
    }

    /** Finds the file: 0 or -ESTALE, which it is, too, if its file system makes no handles. */
    private static int find(byte[] handle, int length, Mount mount, Slot<Place> place) {
        Optional<FileHandles> handles = mount.fileSystem().handles();
        return handles.isEmpty() ? -ESTALE : handles.get().find(handle, length, mount, place);
    }
}
