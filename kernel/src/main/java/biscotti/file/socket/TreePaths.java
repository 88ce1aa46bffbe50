package biscotti.file.socket;

import static biscotti.abi.Errno.ECONNREFUSED;
import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.EROFS;

import biscotti.abi.AtFlags;
import biscotti.abi.FileMode;
import biscotti.file.Access;
import biscotti.file.Caller;
import biscotti.file.Directory;
import biscotti.file.Identity;
import biscotti.file.PathWalk;
import biscotti.file.Slot;
import biscotti.file.SpecialFile;
import biscotti.file.Vnode;
import biscotti.net.Socket;
import biscotti.net.SocketPaths;
import biscotti.net.SocketSlot;
import java.util.Optional;

/** Names of sockets in the tree of files, as one thread sees it; for one call. */
public final class TreePaths implements SocketPaths {
    private final Caller caller;
    private Binding made = Binding.NONE;

    /** The tree as a thread sees it. */
    public TreePaths(Caller caller) {
        this.caller = caller;
    }

    /** A name that was made for a socket. */
    private record Name(Directory directory, String name, SpecialFile file) implements Binding {
        @Override
        public void end() {
            file.setSocket(Optional.empty());
        }

        @Override
        public void undo() {
            end();
            directory.unlink(Identity.KERNEL, name);
        }
    }

    @Override
    public int make(String path, Socket socket) {
        PathWalk walk = new PathWalk(caller);
        int error = walk.resolve(AtFlags.AT_FDCWD, path, PathWalk.PARENT);
        if (error == 0) {
            error = walk.checkName(-EEXIST);
        }
        if (error < 0) {
            return error;
        }
        Slot<Vnode> vnode = new Slot<>();
        if (walk.slashBehind() || walk.mount().isReadOnly()) {
            boolean there = walk.directory().lookup(walk.lastName(), vnode) == 0;
            return there ? -EEXIST : walk.slashBehind() ? -ENOENT : -EROFS;
        }
        int permissions = 0777 & ~caller.fileContext().umask();
        error = walk.directory()
                .create(caller.identity(), walk.lastName(), FileMode.S_IFSOCK | permissions, 0, "", vnode);
        if (error < 0) {
            return error;
        }
        SpecialFile file = (SpecialFile) vnode.get();
        file.setSocket(Optional.of(socket));
        made = new Name(walk.directory(), walk.lastName(), file);
        return 0;
    }

    @Override
    public Binding made() {
        return made;
    }

    @Override
    public int find(String path, SocketSlot found) {
        PathWalk walk = new PathWalk(caller);
        int error = walk.resolve(AtFlags.AT_FDCWD, path, PathWalk.FOLLOW);
        if (error < 0) {
            return error;
        }
        error = Access.check(caller.identity(), walk.vnode(), Access.WRITE);
        if (error < 0) {
            return error;
        }
        boolean readOnly = walk.mount().isReadOnly() && isKept(walk.vnode());
        if (readOnly) {
            return -EROFS;
        }
        Optional<Socket> socket = walk.vnode() instanceof SpecialFile file ? file.socket() : Optional.empty();
        return socket.isEmpty() ? -ECONNREFUSED : found.put(socket.get());
    }

    /** Whether writing to a file changes its file system. */
    private static boolean isKept(Vnode vnode) {
        int mode = vnode.mode();
        return FileMode.isRegular(mode) || FileMode.isDirectory(mode) || FileMode.isSymbolicLink(mode);
    }
}
