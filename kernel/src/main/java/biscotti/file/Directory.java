package biscotti.file;

import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.EMLINK;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOTEMPTY;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.FileMode;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A directory: a vnode that holds names.
 *
 * <p>This class makes the checks and takes the locks that creating, linking and removing need on any file system; a file
 * system stores and forgets names in {@link #attach} and {@link #detach}. A directory knows its parent and its name there, so a
 * path can be found from below (getcwd(2)). Once removed, it takes no new names.
 *
 * <p>{@link #lookup} takes no lock, and writes nothing that others read. It sees each change of one name before or after.
 * A {@link Rename} changes two: who looks in the midst of it waits for its end, so nobody finds both names, or none.
 */
public abstract class Directory extends Vnode {
    /** How often a file that was just found is forgotten by its file system before anybody uses it, at the very most. */
    private static final int MOST_FORGOTTEN = 8;

    /** Guards the names. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile Position position;
    private volatile boolean removed;
    private volatile boolean renaming;

    /**
     * Where a directory is.
     *
     * @param parent the directory above; itself at the top of the file system
     * @param name its name there; empty at the top
     */
    record Position(Directory parent, String name) {}

    /** A directory with no parent yet: it is its own. */
    protected Directory(FileSystem fileSystem, long number, int permissions, int userId, int groupId) {
        super(fileSystem, number, FileMode.S_IFDIR | permissions & FileMode.PERMISSIONS, userId, groupId);
        position = new Position(this, "");
    }

    /** Whether a caller may search and list it whatever its mode says. */
    protected boolean isOpenTo(Caller caller) {
        return false;
    }

    /** Where it is: both at once, for a rename changes both. */
    final Position position() {
        return position;
    }

    /** The directory above; itself at the top of the file system. */
    public final Directory parent() {
        return position.parent;
    }

    /** Its name in {@link #parent}; empty at the top. */
    public final String nameInParent() {
        return position.name;
    }

    /** Says where this directory is from now on; the caller holds the rename lock, or nobody knows the directory yet. */
    protected final void settle(Directory newParent, String newName) {
        position = new Position(newParent, newName);
    }

    /** Whether rmdir(2) took it, or umount(2) all around it. */
    public final boolean removed() {
        return removed;
    }

    /** {@inheritDoc} Not once it was removed. */
    @Override
    final boolean cover(Mount newest) {
        lock.lock();
        try {
            return !removed && super.cover(newest);
        } finally {
            lock.unlock();
        }
    }

    /** The lock that guards the names. */
    protected final ReentrantLock lock() {
        return lock;
    }

    /**
     * Finds a name, not "." and "..". The caller holds no lock but this directory's.
     *
     * @return as {@link #find}
     */
    public final int lookup(String name, Slot<Vnode> found) {
        int result = find(name, found);
        return renaming ? findLocked(name, found) : result;
    }

    /** Waits until a rename has ended, and finds a name. */
    private int findLocked(String name, Slot<Vnode> found) {
        lock.lock();
        try {
            return find(name, found);
        } finally {
            lock.unlock();
        }
    }

    /** A rename that holds the lock begins or ends to change names: see {@link #lookup}. */
    final void setRenaming(boolean begins) {
        renaming = begins;
    }

    /**
     * Finds a name, not "." and "..". Takes no lock that is ever held long, but for reading a disk.
     *
     * @return 0; -ENOENT; -EIO, -EUCLEAN, -ENOMEM, -ENFILE if it cannot be read
     */
    protected abstract int find(String name, Slot<Vnode> found);

    /**
     * Tells names in a stable order, from a position on, until the receiver is full.
     *
     * @param position 0 for the first, then what the receiver was told to go on with; "." and ".." come first
     * @return the position after the last name that the receiver took; -EIO, -EUCLEAN if it cannot be read
     */
    public abstract long list(Caller caller, long position, DirectoryReader receiver);

    @Override
    public int open(Caller caller, Place place, int flags, Slot<OpenFile> opened) {
        return opened.put(new OpenDirectory(this, place, flags));
    }

    /** Whether it holds no name: 0, -ENOTEMPTY, -EIO, -EUCLEAN. Called with the lock held. */
    protected int checkEmpty() {
        return -ENOTEMPTY;
    }

    /**
     * Makes a vnode of this file system that has no name yet.
     *
     * @param mode type and permissions
     * @param device the device number, for a device node
     * @param target what a symbolic link points to; empty for others
     * @return 0; -EPERM if the file system makes no such files; -ENOSPC
     */
    protected int make(Change change, Identity owner, int mode, int device, String target, Slot<Vnode> made) {
        return -EPERM;
    }

    /** Whether the file system has room for one name more: 0 or -ENOSPC. */
    protected int checkRoom() {
        return 0;
    }

    /**
     * Stores a name; if it is there, it names the new vnode from now on, with no moment in between when it is missing. Called
     * with the lock held. After an error all is as before.
     *
     * @return 0; -ENOSPC for a new name; -EIO, -EUCLEAN
     */
    protected int attach(Change change, String name, Vnode vnode) {
        return -EPERM;
    }

    /** Forgets a name that is there: 0, -EIO, -EUCLEAN. Called with the lock held, and only if {@link #namesMayGo}. */
    protected int detach(Change change, String name, Vnode vnode) {
        throw new UnsupportedOperationException("a read-only directory");
    }

    /** Stores that it was moved from one directory to another, where it knows itself already: 0, -EIO, -EUCLEAN. */
    protected int storeParent(Change change, Directory from, Directory to) {
        return 0;
    }

    /** Whether names can be removed and moved here at all, if access allows it; else that is EPERM. */
    protected boolean namesMayGo() {
        return false;
    }

    /**
     * Finds a name, as {@link #lookup}, and counts the caller as a user of the file, who is to release it. A file system may
     * have forgotten the file meanwhile: then it is found anew. Called with the lock held.
     */
    final int use(String name, Slot<Vnode> found) {
        int error = lookup(name, found);
        for (int i = 0; i < MOST_FORGOTTEN && error == 0; i++) {
            if (found.get().retain()) {
                return 0;
            }
            error = lookup(name, found);
        }
        return error < 0 ? error : -ENOENT;
    }

    /**
     * Makes a file of any type under a new name: open(2) with O_CREAT, mkdir(2), mknod(2), symlink(2).
     *
     * @param mode type and permissions, the umask already applied
     * @return 0; -EEXIST with the present file in {@code made}; -EACCES; -ENOENT if this directory was removed; -ENOSPC; -EMLINK; -EIO, -EUCLEAN if
     *     names cannot be read or stored; -EPERM for a device without CAP_MKNOD, but for the one with number 0, which stands for a
     *     name that is not there
     */
    public final int create(Identity who, String name, int mode, int device, String target, Slot<Vnode> made) {
        lock.lock();
        int error;
        try {
            error = checkCreate(who, name, mode, device, made);
            if (error < 0) {
                return error;
            }
            Change change = fileSystem().beginChange();
            error = change.error();
            error = error < 0 ? error : make(change, who, mode, device, target, made);
            if (error < 0) {
                change.end();
                return error;
            }
            made.get().retain();
            error = ended(change, add(change, name, made.get()));
        } finally {
            lock.unlock();
        }
        made.get().release();
        return error;
    }

    private int checkCreate(Identity who, String name, int mode, int device, Slot<Vnode> made) {
        int error = checkAdd(who, name, made);
        if (error < 0) {
            return error;
        }
        if (FileMode.isDirectory(mode) && !mayHoldOneMore()) {
            return -EMLINK;
        }
        boolean allowed = !FileMode.isDevice(mode) || device == 0 || who.has(Identity.CAP_MKNOD);
        return allowed ? 0 : -EPERM;
    }

    /**
     * open(2) with O_TMPFILE: makes a file that has no name.
     *
     * @param made the file, of which the caller is a user
     * @return 0; -EPERM if the file system makes no such files; -ENOSPC, -EIO, -EUCLEAN
     */
    final int makeUnnamed(Identity who, int mode, Slot<Vnode> made) {
        Change change = fileSystem().beginChange();
        int error = change.error();
        error = error < 0 ? error : make(change, who, mode, 0, "", made);
        if (error < 0) {
            change.end();
            return error;
        }
        made.get().retain();
        return ended(change, change.store(made.get()));
    }

    /** Ends a change: its error, or that of what was done in it. */
    static int ended(Change change, int error) {
        int result = change.end();
        return error < 0 ? error : result;
    }

    /**
     * link(2): gives a file one more name.
     *
     * @return 0; -EEXIST, -EACCES, -ENOENT if the file or this directory has no name any more, -EMLINK, -ENOSPC, -EIO, -EUCLEAN
     */
    public final int link(Identity who, String name, Vnode vnode) {
        boolean there = vnode.retain();
        lock.lock();
        try {
            int error = checkAdd(who, name, new Slot<>());
            if (error < 0) {
                return error;
            }
            if (!there || !vnode.mayBeLinked()) {
                return -ENOENT;
            }
            if (vnode.links() >= fileSystem().mostLinks()) {
                return -EMLINK;
            }
            Change change = fileSystem().beginChange();
            error = change.error();
            return ended(change, error < 0 ? error : add(change, name, vnode));
        } finally {
            lock.unlock();
            if (there) {
                vnode.release();
            }
        }
    }

    /** Whether a name can be made: it is not there, and the caller may. */
    private int checkAdd(Identity who, String name, Slot<Vnode> present) {
        int error = lookup(name, present);
        if (error != -ENOENT) {
            return error == 0 ? -EEXIST : error;
        }
        error = removed ? -ENOENT : Access.check(who, this, Access.WRITE | Access.EXECUTE);
        return error < 0 ? error : checkRoom();
    }

    /** Adds a name. Who finds it finds a file that counts it, and a directory that knows where it is. */
    private int add(Change change, String name, Vnode vnode) {
        vnode.addLink();
        if (vnode instanceof Directory child) {
            child.settle(this, name);
            child.addLink();
        }
        int error = attach(change, name, vnode);
        if (error < 0) {
            vnode.dropLink();
            if (vnode instanceof Directory child) {
                child.dropLink();
            }
            change.store(vnode);
            return error;
        }
        if (vnode instanceof Directory) {
            countChild();
        }
        modified();
        error = change.store(vnode);
        return error < 0 ? error : change.store(this);
    }

    /** unlink(2): takes a name that is no directory's, as {@link Removal#unlink}. */
    public final int unlink(Identity who, String name) {
        return new Removal(who, this, name).unlink();
    }

    /** rmdir(2): takes the name of an empty directory, as {@link Removal#removeDirectory}. */
    public final int removeDirectory(Identity who, String name) {
        return new Removal(who, this, name).removeDirectory();
    }

    /**
     * Makes an empty directory refuse new names for ever: 0, -EBUSY or -ENOTEMPTY, -EIO, -EUCLEAN. The caller holds the
     * parent's lock, and has not begun a change: this waits for those in the directory to end.
     */
    final int close() {
        lock.lock();
        try {
            if (isMountPoint()) {
                return -EBUSY;
            }
            int error = checkEmpty();
            removed = error == 0;
            return error;
        } finally {
            lock.unlock();
        }
    }

    /** It takes names again: what {@link #close} was for has failed. */
    final void reopen() {
        removed = false;
    }

    /** Makes the directory refuse new names for ever, whatever it holds: nothing leads to its file system any more. */
    protected final void abandon() {
        lock.lock();
        removed = true;
        lock.unlock();
    }

    /** Counts a name that a file has got without {@link #link}: in a directory that makes up what it holds. */
    protected static void giveName(Vnode file) {
        file.addLink();
    }

    /** A file that is no directory has lost its name here. */
    protected static void loseName(Vnode file) {
        if (file.retain()) {
            file.dropLink();
            file.release();
        }
    }

    /** Whether one more directory may be in it. */
    final boolean mayHoldOneMore() {
        return links() < fileSystem().mostDirectoryLinks();
    }

    /** One more directory is in it. A link count of 1 says that they are too many to be counted. */
    final void countChild() {
        if (links() != 1) {
            addLink();
        }
    }

    /** One directory less is in it. */
    final void uncountChild() {
        if (links() > 2) {
            dropLink();
        }
    }

    /** Adjusts the link counts for a closed child that has lost its name. */
    final void forget(Directory child) {
        child.dropLinks();
        uncountChild();
    }
}
