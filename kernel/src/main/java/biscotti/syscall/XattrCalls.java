package biscotti.syscall;

import static biscotti.abi.AtFlags.AT_FDCWD;
import static biscotti.abi.AtFlags.AT_SYMLINK_NOFOLLOW;
import static biscotti.abi.Errno.E2BIG;
import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENAMETOOLONG;
import static biscotti.abi.Errno.ENODATA;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ERANGE;

import biscotti.abi.FileMode;
import biscotti.abi.Latin1;
import biscotti.abi.OpenFlags;
import biscotti.abi.Xattr;
import biscotti.file.Access;
import biscotti.file.Caller;
import biscotti.file.FileFlags;
import biscotti.file.Identity;
import biscotti.file.OpenFile;
import biscotti.file.PathWalk;
import biscotti.file.Slot;
import biscotti.file.Vnode;
import biscotti.file.attribute.Attributes;
import biscotti.process.identity.FileCapabilities;
import java.util.Optional;

/** System calls of extended attributes (xattr(7)): setxattr, getxattr, listxattr, removexattr, by path, link and descriptor. */
public final class XattrCalls {
    private static final String ACL_NOTE = "no access control lists (system.posix_acl_*)";
    private static final String USER = "user.";
    private static final String TRUSTED = "trusted.";
    private static final String SECURITY = "security.";
    /** setxattr(2). */
    @SystemCall(number = 188, name = "setxattr", support = Support.PARTIAL, note = ACL_NOTE)
    public long setxattr(Caller caller, long path, long name, long value, long size, int flags) {
        Slot<Vnode> file = new Slot<>();
        int error = AttributeCalls.changeable(caller, AT_FDCWD, path, 0, file);
        return error < 0 ? error : set(caller, file.get(), name, value, size, flags);
    }

    /** lsetxattr(2). */
    @SystemCall(number = 189, name = "lsetxattr", support = Support.PARTIAL, note = ACL_NOTE)
    public long lsetxattr(Caller caller, long path, long name, long value, long size, int flags) {
        Slot<Vnode> file = new Slot<>();
        int error = AttributeCalls.changeable(caller, AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, file);
        return error < 0 ? error : set(caller, file.get(), name, value, size, flags);
    }

    /** fsetxattr(2). */
    @SystemCall(number = 190, name = "fsetxattr", support = Support.PARTIAL, note = ACL_NOTE)
    public long fsetxattr(Caller caller, int descriptor, long name, long value, long size, int flags) {
        Slot<Vnode> file = new Slot<>();
        int error = AttributeCalls.changeable(caller, descriptor, file);
        return error < 0 ? error : set(caller, file.get(), name, value, size, flags);
    }

    /** getxattr(2). */
    @SystemCall(number = 191, name = "getxattr", support = Support.PARTIAL, note = ACL_NOTE)
    public long getxattr(Caller caller, long path, long name, long value, long size) {
        Slot<Vnode> file = new Slot<>();
        int error = find(caller, path, PathWalk.FOLLOW, file);
        return error < 0 ? error : get(caller, file.get(), name, value, size);
    }

    /** lgetxattr(2). */
    @SystemCall(number = 192, name = "lgetxattr", support = Support.PARTIAL, note = ACL_NOTE)
    public long lgetxattr(Caller caller, long path, long name, long value, long size) {
        Slot<Vnode> file = new Slot<>();
        int error = find(caller, path, 0, file);
        return error < 0 ? error : get(caller, file.get(), name, value, size);
    }

    /** fgetxattr(2). */
    @SystemCall(number = 193, name = "fgetxattr", support = Support.PARTIAL, note = ACL_NOTE)
    public long fgetxattr(Caller caller, int descriptor, long name, long value, long size) {
        Slot<Vnode> file = new Slot<>();
        int error = find(caller, descriptor, file);
        return error < 0 ? error : get(caller, file.get(), name, value, size);
    }

    /** listxattr(2). */
    @SystemCall(number = 194, name = "listxattr")
    public long listxattr(Caller caller, long path, long list, long size) {
        Slot<Vnode> file = new Slot<>();
        int error = find(caller, path, PathWalk.FOLLOW, file);
        return error < 0 ? error : list(caller, file.get(), list, size);
    }

    /** llistxattr(2). */
    @SystemCall(number = 195, name = "llistxattr")
    public long llistxattr(Caller caller, long path, long list, long size) {
        Slot<Vnode> file = new Slot<>();
        int error = find(caller, path, 0, file);
        return error < 0 ? error : list(caller, file.get(), list, size);
    }

    /** flistxattr(2). */
    @SystemCall(number = 196, name = "flistxattr")
    public long flistxattr(Caller caller, int descriptor, long list, long size) {
        Slot<Vnode> file = new Slot<>();
        int error = find(caller, descriptor, file);
        return error < 0 ? error : list(caller, file.get(), list, size);
    }

    /** removexattr(2). */
    @SystemCall(number = 197, name = "removexattr", support = Support.PARTIAL, note = ACL_NOTE)
    public long removexattr(Caller caller, long path, long name) {
        Slot<Vnode> file = new Slot<>();
        int error = AttributeCalls.changeable(caller, AT_FDCWD, path, 0, file);
        return error < 0 ? error : remove(caller, file.get(), name);
    }

    /** lremovexattr(2). */
    @SystemCall(number = 198, name = "lremovexattr", support = Support.PARTIAL, note = ACL_NOTE)
    public long lremovexattr(Caller caller, long path, long name) {
        Slot<Vnode> file = new Slot<>();
        int error = AttributeCalls.changeable(caller, AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, file);
        return error < 0 ? error : remove(caller, file.get(), name);
    }

    /** fremovexattr(2). */
    @SystemCall(number = 199, name = "fremovexattr", support = Support.PARTIAL, note = ACL_NOTE)
    public long fremovexattr(Caller caller, int descriptor, long name) {
        Slot<Vnode> file = new Slot<>();
        int error = AttributeCalls.changeable(caller, descriptor, file);
        return error < 0 ? error : remove(caller, file.get(), name);
    }

    private static int find(Caller caller, long path, int flags, Slot<Vnode> file) {
        PathWalk walk = new PathWalk(caller);
        int error = UserPaths.walk(caller, walk, AT_FDCWD, path, flags);
        return error < 0 ? error : file.put(walk.place().vnode());
    }

    private static int find(Caller caller, int descriptor, Slot<Vnode> file) {
        OpenFile open = caller.files().get(descriptor);
        return open == OpenFile.CLOSED || open.has(OpenFlags.O_PATH) ? -EBADF : file.put(open.vnode());
    }

    /** Reads a name: 0; -ERANGE for an empty or too long one, -EFAULT. */
    private static int readName(Caller caller, long address, Slot<String> name) {
        byte[] bytes = new byte[Xattr.XATTR_NAME_MAX + 1];
        long length = caller.memory().readString(address, bytes, bytes.length);
        if (length == 0 || length == -ENAMETOOLONG) {
            return -ERANGE;
        }
        return length < 0
                ? (int) length
                : name.put(Latin1.text(bytes, 0, (int) Math.min(length, Xattr.XATTR_NAME_MAX)));
    }

    private static long set(Caller caller, Vnode file, long nameAddress, long value, long size, int flags) {
        if ((flags & ~(Xattr.XATTR_CREATE | Xattr.XATTR_REPLACE)) != 0) {
            return -EINVAL;
        }
        Slot<String> slot = new Slot<>();
        long error = readName(caller, nameAddress, slot);
        if (error < 0) {
            return error;
        }
        if (size < 0 || size > Xattr.XATTR_SIZE_MAX) {
            return -E2BIG;
        }
        String name = slot.get();
        error = name.equals(Xattr.SECURITY_CAPABILITY) && size > 0 ? checkCapabilities(caller, value, size) : 0;
        if (error == 0) {
            error = check(caller.identity(), file, name, true);
        }
        Slot<Attributes> attributes = new Slot<>();
        if (error == 0) {
            error = kept(file, name, attributes);
        }
        if (error < 0) {
            return error;
        }
        long set = attributes.get().set(name, caller.memory(), value, (int) size, flags);
        if (set == 0) {
            file.changed();
        }
        return set;
    }

    private static long get(Caller caller, Vnode file, long nameAddress, long value, long size) {
        Slot<String> slot = new Slot<>();
        int error = readName(caller, nameAddress, slot);
        if (error < 0) {
            return error;
        }
        String name = slot.get();
        Slot<Attributes> attributes = new Slot<>();
        error = find(caller, file, name, false, attributes);
        long room = size < 0 ? Xattr.XATTR_SIZE_MAX : size;
        return error < 0 ? error : attributes.get().get(name, caller.memory(), value, room);
    }

    private static long list(Caller caller, Vnode file, long list, long size) {
        Optional<Attributes> attributes = file.attributes();
        boolean privileged = caller.identity().has(Identity.CAP_SYS_ADMIN);
        long room = size < 0 ? Xattr.XATTR_LIST_MAX : size;
        return attributes.isEmpty() ? 0 : attributes.get().list(caller.memory(), list, room, privileged);
    }

    private static long remove(Caller caller, Vnode file, long nameAddress) {
        Slot<String> slot = new Slot<>();
        int error = readName(caller, nameAddress, slot);
        if (error < 0) {
            return error;
        }
        String name = slot.get();
        Slot<Attributes> attributes = new Slot<>();
        error = find(caller, file, name, true, attributes);
        if (error < 0) {
            return error;
        }
        int removed = attributes.get().remove(name);
        if (removed == 0) {
            file.changed();
        }
        return removed;
    }

    /** The attributes that one is kept among, if the caller may use it: 0, or as {@link #check} and {@link #kept}. */
    private static int find(Caller caller, Vnode file, String name, boolean write, Slot<Attributes> found) {
        int error = check(caller.identity(), file, name, write);
        return error < 0 ? error : kept(file, name, found);
    }

    /** Whether somebody may use an attribute, by its name space (xattr(7)): 0, -EPERM, -EACCES, -ENODATA. */
    private static int check(Identity who, Vnode file, String name, boolean write) {
        if (write && FileFlags.isProtected(file)) {
            return -EPERM;
        }
        if (name.startsWith(SECURITY) && write && !name.equals(Xattr.SECURITY_CAPABILITY)) {
            return who.has(Identity.CAP_SYS_ADMIN) ? 0 : -EPERM;
        }
        if (name.equals(Xattr.SECURITY_CAPABILITY) && write) {
            return who.has(Identity.CAP_SETFCAP) ? 0 : -EPERM;
        }
        if (name.startsWith(SECURITY) || name.startsWith("system.")) {
            return 0;
        }
        int refusal = write ? -EPERM : -ENODATA;
        if (name.startsWith(TRUSTED)) {
            return who.has(Identity.CAP_SYS_ADMIN) ? 0 : refusal;
        }
        boolean directory = FileMode.isDirectory(file.mode());
        if (name.startsWith(USER)) {
            if (!directory && !FileMode.isRegular(file.mode())) {
                return refusal;
            }
            boolean sticky = directory && (file.mode() & FileMode.S_ISVTX) != 0;
            if (sticky && write && !Access.owns(who, file)) {
                return -EPERM;
            }
        }
        return Access.check(who, file, write ? Access.WRITE : Access.READ);
    }

    /** Whether the value for a program's file is one of capabilities(7), "File capability extended attribute versioning". */
    private static int checkCapabilities(Caller caller, long value, long size) {
        byte[] bytes = new byte[FileCapabilities.MOST_BYTES];
        int error = caller.memory().read(value, bytes, 0, (int) Math.min(size, bytes.length));
        if (error < 0) {
            return error;
        }
        return size <= bytes.length && FileCapabilities.isValid(bytes, (int) size) ? 0 : -EINVAL;
    }

    /** The attributes of a file among which a name may be: 0; -EOPNOTSUPP, or -EINVAL for a name space alone. */
    private static int kept(Vnode file, String name, Slot<Attributes> attributes) {
        Optional<Attributes> kept = file.attributes();
        boolean known = name.startsWith(USER) || name.startsWith(TRUSTED) || name.startsWith(SECURITY);
        if (kept.isEmpty() || !known) {
            return -EOPNOTSUPP;
        }
        boolean bare = name.equals(USER) || name.equals(TRUSTED) || name.equals(SECURITY);
        return bare ? -EINVAL : attributes.put(kept.get());
    }
}
