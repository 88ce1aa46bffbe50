package biscotti.file;

import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EISDIR;
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
 * lock, but wait while names change ({@link Directory#lookup}).
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
     *     -EISDIR, -ENOTEMPTY, -ENOSPC
     */
    public int perform() {
        if (from == to) {
            return performLocked(from.lock(), from.lock());
        }
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
            return check();
        } finally {
            second.unlock();
            first.unlock();
        }
    }

    private int check() {
        Slot<Vnode> slot = new Slot<>();
        if (from.removed() || to.removed() || from.lookup(oldName, slot) < 0) {
            return -ENOENT;
        }
        Vnode moved = slot.get();
        Slot<Vnode> there = new Slot<>();
        Optional<Vnode> victim = to.lookup(newName, there) == 0 ? Optional.of(there.get()) : Optional.empty();
        int error = Access.checkRemove(who, from, moved);
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
        if (moved instanceof Directory directory && isAbove(directory, to)) {
            return -EINVAL;
        }
        if ((flags & EXCHANGE) != 0 && victim.isEmpty()) {
            return -ENOENT;
        }
        if (MountTable.covers(from, oldName, moved)
                || victim.isPresent() && MountTable.covers(to, newName, victim.get())) {
            return -EBUSY;
        }
        boolean same = victim.isPresent() && victim.get() == moved;
        if (!same && !(from.namesMayGo() && to.namesMayGo())) {
            return -EPERM;
        }
        if ((flags & WHITEOUT) != 0 && !same) {
            error = makeWhiteout();
            if (error < 0) {
                return error;
            }
        }
        return change(moved, victim);
    }

    /** Changes the names, while nobody finds them. */
    private int change(Vnode moved, Optional<Vnode> victim) {
        from.setRenaming(true);
        to.setRenaming(true);
        try {
            if ((flags & EXCHANGE) != 0) {
                return exchange(moved, victim.get());
            }
            return victim.isPresent() ? replace(moved, victim.get()) : move(moved);
        } finally {
            from.setRenaming(false);
            to.setRenaming(false);
        }
    }

    private int move(Vnode moved) {
        int error = to.attach(newName, moved);
        if (error < 0) {
            return error;
        }
        if (whiteout.isPresent()) {
            // In the place of a name that is there: it cannot fail.
            from.attach(oldName, whiteout.get());
            whiteout.get().addLink();
        } else {
            from.detach(oldName, moved);
        }
        settle(moved, from, to, newName);
        finish(moved);
        return 0;
    }

    /** Makes what {@link #WHITEOUT} leaves behind: 0, -ENOSPC, or -EINVAL if such files are not made here. */
    private int makeWhiteout() {
        Slot<Vnode> made = new Slot<>();
        int error = from.checkRoom();
        if (error == 0) {
            error = from.make(who, FileMode.S_IFCHR, 0, "", made);
        }
        if (error < 0) {
            return error == -EPERM ? -EINVAL : error;
        }
        whiteout = Optional.of(made.get());
        return 0;
    }

    /** Two names of one file stay as they are: rename(2). */
    private int replace(Vnode moved, Vnode victim) {
        if (moved == victim) {
            return 0;
        }
        if (moved instanceof Directory) {
            if (!(victim instanceof Directory)) {
                return -ENOTDIR;
            }
        } else if (victim instanceof Directory) {
            return -EISDIR;
        }
        if (victim instanceof Directory directory) {
            int error = isAbove(directory, from) ? -ENOTEMPTY : directory.close();
            if (error < 0) {
                return error;
            }
        }
        int error = move(moved);
        if (error < 0) {
            return error;
        }
        if (victim instanceof Directory directory) {
            to.forget(directory);
        } else {
            victim.dropLink();
        }
        return 0;
    }

    private int exchange(Vnode moved, Vnode other) {
        if (other instanceof Directory directory && isAbove(directory, from)) {
            return -EINVAL;
        }
        int error = to.attach(newName, moved);
        if (error < 0) {
            return error;
        }
        error = from.attach(oldName, other);
        if (error < 0) {
            return error;
        }
        settle(moved, from, to, newName);
        settle(other, to, from, oldName);
        finish(moved);
        other.changed();
        return 0;
    }

    /** Tells a moved directory where it is now, and moves the link of its "..". */
    private static void settle(Vnode moved, Directory left, Directory entered, String name) {
        if (moved instanceof Directory directory) {
            directory.settle(entered, name);
            if (left != entered) {
                left.dropLink();
                entered.addLink();
            }
        }
    }

    private void finish(Vnode moved) {
        moved.changed();
        from.modified();
        to.modified();
    }
}
