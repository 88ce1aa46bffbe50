package biscotti.file;

import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EISDIR;
import static biscotti.abi.Errno.EMLINK;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOTDIR;
import static biscotti.abi.Errno.ENOTEMPTY;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.FileMode;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * rename(2) and renameat2(2) inside one file system.
 *
 * <p>A rename between directories changes the shape of the tree, so it holds the file system's rename lock: nobody else
 * makes a directory an ancestor of another meanwhile. Then it locks both directories, an ancestor first. Look-ups take no
 * lock, but wait while names change ({@link Directory#lookup}). All that is stored is one {@link Change}.
 */
public final class Rename {
    /** renameat2(2): fail if the new name is there. */
    public static final int NO_REPLACE = 1;

    /** renameat2(2): exchange the two. */
    public static final int EXCHANGE = 2;

    /** renameat2(2): leave a whiteout where the old name was, a character device 0, 0 that nobody may use. */
    public static final int WHITEOUT = 4;

    private final Identity who;
    private final Directory from;
    private final String oldName;
    private final Directory to;
    private final String newName;
    private final int flags;

    // Whoever they are, this is a user of them until its end.

    private Optional<Vnode> used = Optional.empty();
    private Optional<Vnode> victim = Optional.empty();
    private Optional<Vnode> whiteout = Optional.empty();

    /** A rename from a name in a directory to a name in another directory, or the same, of one file system. */
    public Rename(Identity who, Directory from, String oldName, Directory to, String newName, int flags) {
        this.who = who;
        this.from = from;
        this.oldName = oldName;
        this.to = to;
        this.newName = newName;
        this.flags = flags;
    }

    /**
     * Does it.
     *
     * @return 0; -ENOENT, -EEXIST, -EACCES, -EPERM, -EINVAL for a directory moved below itself, -EBUSY for a mount point, -ENOTDIR,
     *     -EISDIR, -ENOTEMPTY, -ENOSPC, -EMLINK, -EIO, -EUCLEAN
     */
    public int perform() {
        int error = from == to ? performLocked(from.lock(), from.lock()) : performBetween();
        used.ifPresent(Vnode::release);
        victim.ifPresent(Vnode::release);
        whiteout.ifPresent(Vnode::release);
        return error;
    }

    private int performBetween() {
        ReentrantLock treeLock = from.fileSystem().renameLock();
        treeLock.lock();
        try {
            boolean toFirst = isAbove(to, from) || !isAbove(from, to) && to.number() < from.number();
            return toFirst ? performLocked(to.lock(), from.lock()) : performLocked(from.lock(), to.lock());
        } finally {
            treeLock.unlock();
        }
    }

    private static boolean isAbove(Directory upper, Directory lower) {
        Directory at = lower;
        while (at != upper) {
            if (at.parent() == at) {
                return false;
            }
            at = at.parent();
        }
        return true;
    }

    private int performLocked(ReentrantLock first, ReentrantLock second) {
        first.lock();
        second.lock();
        try {
            Slot<Vnode> found = new Slot<>();
            int error = from.removed() || to.removed() ? -ENOENT : from.use(oldName, found);
            if (error < 0) {
                return error;
            }
            used = Optional.of(found.get());
            return performOn(found.get());
        } finally {
            second.unlock();
            first.unlock();
        }
    }

    private int performOn(Vnode file) {
        Slot<Vnode> there = new Slot<>();
        int error = to.use(newName, there);
        if (error < 0 && error != -ENOENT) {
            return error;
        }
        victim = error == 0 ? Optional.of(there.get()) : Optional.empty();
        error = check(file);
        if (error < 0 || victim.isPresent() && victim.get() == file && (flags & EXCHANGE) == 0) {
            // Two names of one file stay as they are: rename(2).
            return error;
        }
        boolean replaces = victim.isPresent() && (flags & EXCHANGE) == 0;
        error = replaces ? closeVictim(file, victim.get()) : 0;
        if (error < 0) {
            return error;
        }
        Change change = from.fileSystem().beginChange();
        error = change.error();
        error = error < 0 ? error : change(change, file);
        int ended = change.end();
        if (error < 0 && replaces && victim.get() instanceof Directory directory) {
            directory.reopen();
        }
        return error < 0 ? error : ended;
    }

    private int check(Vnode file) {
        int error = Access.checkRemove(who, from, file);
        if (error == 0) {
            error = victim.isPresent()
                    ? Access.checkRemove(who, to, victim.get())
                    : Access.check(who, to, Access.WRITE | Access.EXECUTE);
        }
        if (error < 0) {
            return error;
        }
        if ((flags & NO_REPLACE) != 0 && victim.isPresent()) {
            return -EEXIST;
        }
        if (file instanceof Directory directory && isAbove(directory, to)) {
            return -EINVAL;
        }
        if ((flags & EXCHANGE) != 0) {
            if (victim.isEmpty()) {
                return -ENOENT;
            }
            if (victim.get() instanceof Directory directory && isAbove(directory, from)) {
                return -EINVAL;
            }
        }
        if (MountTable.covers(from, oldName, file)
                || victim.isPresent() && MountTable.covers(to, newName, victim.get())) {
            return -EBUSY;
        }
        boolean same = victim.isPresent() && victim.get() == file;
        if (!same && !(from.namesMayGo() && to.namesMayGo())) {
            return -EPERM;
        }
        return same ? 0 : checkLinks(file);
    }

    /** Whether the directories that get one more in them may have that: 0 or -EMLINK. */
    private int checkLinks(Vnode file) {
        boolean exchanges = (flags & EXCHANGE) != 0;
        boolean comes = file instanceof Directory;
        boolean goes = victim.isPresent() && victim.get() instanceof Directory;
        boolean fits = from == to
                || comes == goes
                || (!comes || to.mayHoldOneMore()) && (!goes || !exchanges || from.mayHoldOneMore());
        return fits ? 0 : -EMLINK;
    }

    /** Checks that a file can take the place of another, which then takes no new names: 0, -ENOTDIR, -EISDIR, -ENOTEMPTY. */
    private int closeVictim(Vnode file, Vnode other) {
        if (file instanceof Directory != other instanceof Directory) {
            return file instanceof Directory ? -ENOTDIR : -EISDIR;
        }
        if (other instanceof Directory directory) {
            return isAbove(directory, from) ? -ENOTEMPTY : directory.close();
        }
        return 0;
    }

    /** Changes the names, while nobody finds them. */
    private int change(Change change, Vnode file) {
        int error = (flags & WHITEOUT) != 0 ? makeWhiteout(change) : 0;
        if (error < 0) {
            return error;
        }
        from.setRenaming(true);
        to.setRenaming(true);
        try {
            error = (flags & EXCHANGE) != 0 ? exchange(change, file, victim.get()) : move(change, file);
        } finally {
            from.setRenaming(false);
            to.setRenaming(false);
        }
        return error;
    }

    /** Makes what {@link #WHITEOUT} leaves behind: 0, -ENOSPC, or -EINVAL if such files are not made here. */
    private int makeWhiteout(Change change) {
        Slot<Vnode> made = new Slot<>();
        int error = from.checkRoom();
        if (error == 0) {
            error = from.make(change, who, FileMode.S_IFCHR, 0, "", made);
        }
        if (error < 0) {
            return error == -EPERM ? -EINVAL : error;
        }
        made.get().retain();
        whiteout = Optional.of(made.get());
        return 0;
    }

    private int move(Change change, Vnode file) {
        int error = to.attach(change, newName, file);
        if (error == 0) {
            error = leave(change, file);
        }
        if (error < 0) {
            return whiteout.isPresent() ? Math.min(error, change.store(whiteout.get())) : error;
        }
        error = settle(change, file, from, to, newName);
        if (victim.isPresent()) {
            if (victim.get() instanceof Directory directory) {
                to.forget(directory);
            } else {
                victim.get().dropLink();
            }
            error = error < 0 ? error : change.store(victim.get());
        }
        return error < 0 ? error : finish(change, file);
    }

    /** The old name goes, or is the whiteout's. */
    private int leave(Change change, Vnode file) {
        if (whiteout.isEmpty()) {
            return from.detach(change, oldName, file);
        }
        // In the place of a name that is there: it needs no room.
        int error = from.attach(change, oldName, whiteout.get());
        if (error < 0) {
            return error;
        }
        whiteout.get().addLink();
        return change.store(whiteout.get());
    }

    private int exchange(Change change, Vnode file, Vnode other) {
        int error = to.attach(change, newName, file);
        error = error < 0 ? error : from.attach(change, oldName, other);
        error = error < 0 ? error : settle(change, file, from, to, newName);
        error = error < 0 ? error : settle(change, other, to, from, oldName);
        if (error < 0) {
            return error;
        }
        other.changed();
        error = change.store(other);
        return error < 0 ? error : finish(change, file);
    }

    /** Tells a moved directory where it is now, and moves the link of its "..". */
    private static int settle(Change change, Vnode file, Directory left, Directory entered, String name) {
        if (!(file instanceof Directory directory)) {
            return 0;
        }
        directory.settle(entered, name);
        if (left == entered) {
            return 0;
        }
        left.uncountChild();
        entered.countChild();
        return directory.storeParent(change, left, entered);
    }

    private int finish(Change change, Vnode file) {
        file.changed();
        from.modified();
        to.modified();
        int error = change.store(file);
        error = error < 0 ? error : change.store(from);
        return error < 0 || from == to ? error : change.store(to);
    }
}
