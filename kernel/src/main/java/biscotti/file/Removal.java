package biscotti.file;

import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EISDIR;
import static biscotti.abi.Errno.ENOTDIR;
import static biscotti.abi.Errno.EPERM;

/** unlink(2) and rmdir(2): takes a name from a directory. The file gives its storage back when all is stored, and no lock is held. */
final class Removal {
    private final Identity who;
    private final Directory directory;
    private final String name;

    /** The removal of a name, which is not "." or "..". */
    Removal(Identity who, Directory directory, String name) {
        this.who = who;
        this.directory = directory;
        this.name = name;
    }

    /**
     * Takes a name that is no directory's.
     *
     * @return 0; -ENOENT, -EISDIR, -EACCES, -EPERM, -EBUSY for a name that is a mount point, -EIO, -EUCLEAN
     */
    int unlink() {
        return perform(false);
    }

    /**
     * Takes the name of an empty directory.
     *
     * @return 0; -ENOENT, -ENOTDIR, -ENOTEMPTY, -EACCES, -EPERM, -EBUSY for one that is a mount point, -EIO, -EUCLEAN
     */
    int removeDirectory() {
        return perform(true);
    }

    private int perform(boolean ofDirectory) {
        Slot<Vnode> found = new Slot<>();
        int error;
        directory.lock().lock();
        try {
            error = directory.use(name, found);
            if (error < 0) {
                return error;
            }
            Vnode victim = found.get();
            error = Access.checkRemove(who, directory, victim);
            if (error == 0) {
                error = ofDirectory ? takeDirectory(victim) : takeOther(victim);
            }
        } finally {
            directory.lock().unlock();
        }
        found.get().release();
        return error;
    }

    private int takeOther(Vnode victim) {
        if (victim instanceof Directory) {
            return -EISDIR;
        }
        if (!directory.namesMayGo()) {
            return -EPERM;
        }
        if (MountTable.covers(directory, name, victim)) {
            return -EBUSY;
        }
        Change change = directory.fileSystem().beginChange();
        int error = detach(change, victim);
        if (error == 0) {
            victim.dropLink();
            error = store(change, victim);
        }
        return Directory.ended(change, error);
    }

    private int takeDirectory(Vnode found) {
        if (!(found instanceof Directory victim)) {
            return -ENOTDIR;
        }
        int error = directory.namesMayGo() ? victim.close() : -EPERM;
        if (error < 0) {
            return error;
        }
        Change change = directory.fileSystem().beginChange();
        error = detach(change, victim);
        if (error < 0) {
            victim.reopen();
        } else {
            directory.forget(victim);
            error = store(change, victim);
        }
        return Directory.ended(change, error);
    }

    private int detach(Change change, Vnode victim) {
        int error = change.error();
        return error < 0 ? error : directory.detach(change, name, victim);
    }

    private int store(Change change, Vnode victim) {
        directory.modified();
        int error = change.store(victim);
        return error < 0 ? error : change.store(directory);
    }
}
