package biscotti.syscall;

import static biscotti.abi.AtFlags.AT_FDCWD;
import static biscotti.abi.Errno.ENOTDIR;
import static biscotti.abi.Errno.EPERM;

import biscotti.file.Directory;
import biscotti.file.Identity;
import biscotti.file.PathWalk;
import biscotti.file.Place;
import biscotti.file.RootPivot;
import biscotti.file.Slot;
import biscotti.process.ProcessTable;
import biscotti.process.UserThread;
import java.util.Optional;

/** The system call that gives the machine another root. */
public final class PivotCalls {
    /** pivot_root(2). Whoever has the old root as root or current directory has the new one then. */
    @SystemCall(number = 155, name = "pivot_root")
    public long pivotRoot(UserThread caller, long newRoot, long putOld) {
        if (!caller.identity().has(Identity.CAP_SYS_ADMIN)) {
            return -EPERM;
        }
        Slot<Place> next = new Slot<>();
        Slot<Place> old = new Slot<>();
        int error = findDirectory(caller, newRoot, next);
        error = error < 0 ? error : findDirectory(caller, putOld, old);
        if (error < 0) {
            return error;
        }
        Place root = caller.fileContext().root();
        error = new RootPivot(caller.fileContext().mounts(), root).perform(next.get(), old.get());
        if (error < 0) {
            return error;
        }
        ProcessTable table = caller.process().system().table();
        boolean changed = true;
        while (changed) {
            changed = leaveRoot(caller, table, root, next.get());
        }
        return 0;
    }

    private static int findDirectory(UserThread caller, long path, Slot<Place> found) {
        PathWalk walk = new PathWalk(caller);
        int error = UserPaths.walk(caller, walk, AT_FDCWD, path, PathWalk.FOLLOW);
        if (error < 0) {
            return error;
        }
        return walk.place().vnode() instanceof Directory ? found.put(walk.place()) : -ENOTDIR;
    }

    /** Tells all threads once; a child that was just made by one of them may still have its parent's: whether there was anybody to tell. */
    private static boolean leaveRoot(UserThread caller, ProcessTable table, Place former, Place next) {
        boolean changed = false;
        int id = table.next(0);
        while (id >= 0) {
            if (!caller.rounds().awaitRound()) {
                return false;
            }
            Optional<UserThread> thread = table.thread(id);
            if (thread.isPresent()) {
                changed |= thread.get().fileContext().leaveRoot(former, next);
            }
            id = table.next(id + 1);
        }
        return changed;
    }
}
