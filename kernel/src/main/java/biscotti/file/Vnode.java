package biscotti.file;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENODEV;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ETXTBSY;

import biscotti.abi.DeviceNumber;
import biscotti.abi.FileMode;
import biscotti.abi.InodeFlags;
import biscotti.abi.Xattr;
import biscotti.file.attribute.Attributes;
import biscotti.file.lock.FileLocks;
import biscotti.file.lock.LeaseHolder;
import biscotti.file.lock.LockOwner;
import biscotti.memory.PageSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file of any type, whatever names it has: its attributes and what can be done with it.
 *
 * <p>Attributes are plain volatile fields: each is read without a lock, and changed by whoever may. A vnode counts its
 * <i>users</i>, which are open files, mappings and running programs; when it has neither users nor names left, it is
 * dead and gives its storage back, once. Directories and symbolic links need no users.
 */
public abstract class Vnode {
    private static final long DAY = TimeUnit.DAYS.toNanos(1);
    private static final int DEAD = Integer.MIN_VALUE;
    private static final int SET_IDS = FileMode.S_ISUID | FileMode.S_ISGID;

    private static final VarHandle LOCKS;
    private static final VarHandle ATTRIBUTES;

    static {
        try {
            LOCKS = MethodHandles.lookup().findVarHandle(Vnode.class, "locks", FileLocks.class);
            ATTRIBUTES = MethodHandles.lookup().findVarHandle(Vnode.class, "attributes", Attributes.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final FileSystem fileSystem;
    private final long number;
    private final AtomicInteger users = new AtomicInteger();
    /** How many open files may write; negative: how many running programs forbid it. */
    private final AtomicInteger writers = new AtomicInteger();

    private final AtomicInteger readers = new AtomicInteger();

    private volatile int mode;
    private volatile int userId;
    private volatile int groupId;
    private final AtomicInteger links = new AtomicInteger();
    private volatile long accessTime;
    private volatile long modifyTime;
    private volatile long changeTime;
    private volatile long birthTime;
    private volatile boolean linkable;
    private volatile boolean hasHandle;
    private volatile short inodeFlags;
    private volatile byte writeHint;
    private volatile boolean lookedFor;
    private volatile Mount newestMount;

    @SuppressWarnings("UnusedVariable") // through LOCKS
    private volatile FileLocks locks;

    @SuppressWarnings("UnusedVariable") // through ATTRIBUTES
    private volatile Attributes attributes;

    /**
     * A vnode without a name yet, its times now.
     *
     * @param number its inode number
     * @param mode its type and permissions
     */
    protected Vnode(FileSystem fileSystem, long number, int mode, int userId, int groupId) {
        this.fileSystem = fileSystem;
        this.number = number;
        this.mode = mode;
        this.userId = userId;
        this.groupId = groupId;
        birthTime = fileSystem.now();
        accessTime = birthTime;
        modifyTime = birthTime;
        changeTime = birthTime;
    }

    /** Whether something is mounted here, under one of its names. */
    public final boolean isMountPoint() {
        return newestMount != null;
    }

    /** The mount here that was made last, which leads to the older ones; null if there is none. */
    final Mount newestMount() {
        return newestMount;
    }

    /** Set by the mount table. */
    final void setNewestMount(Mount newest) {
        newestMount = newest;
    }

    /** Covers it by one more mount, which leads to the older ones: false if that may no longer be. The mount table is locked. */
    boolean cover(Mount newest) {
        setNewestMount(newest);
        return true;
    }

    /** The file system that it belongs to. */
    public final FileSystem fileSystem() {
        return fileSystem;
    }

    /** Its inode number, unique in the file system while it lives. */
    public final long number() {
        return number;
    }

    /** Type and permissions, see {@link FileMode}. */
    public int mode() {
        return mode;
    }

    /** Whether its bytes are on a disk, so that O_DIRECT of open(2) means something. */
    public boolean isOnDisk() {
        return false;
    }

    /** The user that owns it. */
    public int userId() {
        return userId;
    }

    /** The group that owns it. */
    public int groupId() {
        return groupId;
    }

    /** How many names it has; for a directory also the "." in itself and the ".." in each child. */
    public int links() {
        return links.get();
    }

    /** Length in bytes, as stat(2) tells it. */
    public long size() {
        return 0;
    }

    /** Storage taken, in units of 512 bytes. */
    public long blocks() {
        return 0;
    }

    /** The device that a device node stands for; 0 for others. See {@link DeviceNumber}. */
    public int deviceNumber() {
        return 0;
    }

    /** When it was last read, in nanoseconds since 1970. */
    public long accessTime() {
        return accessTime;
    }

    /** When its content last changed. */
    public long modifyTime() {
        return modifyTime;
    }

    /** When anything about it last changed. */
    public long changeTime() {
        return changeTime;
    }

    /** When it was made. */
    public long birthTime() {
        return birthTime;
    }

    /** How long what is written to it will stay, as programs say: F_SET_RW_HINT of fcntl(2). */
    public int writeHint() {
        return writeHint;
    }

    /** Sets {@link #writeHint}. */
    public void setWriteHint(int hint) {
        writeHint = (byte) hint;
    }

    /** Its {@link InodeFlags}. */
    public final int inodeFlags() {
        return inodeFlags;
    }

    /** Sets its {@link InodeFlags}; who may, and which there are, says {@link FileFlags#change}. */
    public final void setInodeFlags(int flags) {
        inodeFlags = (short) flags;
    }

    /**
     * Notes that it was read.
     *
     * @param relative as "relatime" does (mount(8)): if that is the first time after a change, or in a day
     */
    public final void accessed(boolean relative) {
        if ((inodeFlags & InodeFlags.NO_ACCESS_TIME) != 0) {
            return;
        }
        long now = fileSystem.now();
        long last = accessTime;
        if (!relative || last <= modifyTime || last <= changeTime || now - last >= DAY) {
            accessTime = now;
            fileSystem.touched(this);
        }
    }

    /** Notes that its content changed. */
    public final void modified() {
        long now = fileSystem.now();
        modifyTime = now;
        changeTime = now;
        fileSystem.touched(this);
    }

    /** Notes that its attributes changed. */
    public final void changed() {
        changeTime = fileSystem.now();
        fileSystem.touched(this);
    }

    /**
     * chmod(2): the owner sets permissions. The set-group-id bit is dropped for somebody outside the group.
     *
     * @return 0 or -EPERM
     */
    public int changeMode(Identity who, int permissions) {
        if (!Access.owns(who, this) || FileFlags.isProtected(this)) {
            return -EPERM;
        }
        int bits = permissions & FileMode.PERMISSIONS;
        if (!who.inGroup(groupId()) && !who.has(Identity.CAP_FSETID)) {
            bits &= ~FileMode.S_ISGID;
        }
        mode = mode & FileMode.S_IFMT | bits;
        changed();
        return 0;
    }

    /**
     * chown(2). The owner may give the file to a group of his; all else takes CAP_CHOWN. Set-id bits of a program are lost.
     *
     * @param user the new owner, -1 to keep
     * @param group the new group, -1 to keep
     * @return 0 or -EPERM
     */
    public int changeOwner(Identity who, int user, int group) {
        if (!who.has(Identity.CAP_CHOWN)) {
            boolean owner = who.userId() == userId();
            boolean userAllowed = user == -1 || owner && user == userId();
            boolean groupAllowed = group == -1 || owner && (group == groupId() || who.inGroup(group));
            if (!userAllowed || !groupAllowed) {
                return -EPERM;
            }
        }
        if (FileFlags.isProtected(this)) {
            return -EPERM;
        }
        if (user != -1) {
            userId = user;
        }
        if (group != -1) {
            groupId = group;
        }
        if (!FileMode.isDirectory(mode)) {
            dropSetIds();
            dropCapabilities();
        }
        changed();
        return 0;
    }

    /**
     * Before somebody changes the content: a program loses its capabilities, and its set-id bits unless he has CAP_FSETID
     * (capabilities(7)).
     */
    public final void dropPrivileges(Identity who) {
        if ((mode & SET_IDS) != 0 && !who.has(Identity.CAP_FSETID)) {
            dropSetIds();
        }
        dropCapabilities();
    }

    private void dropCapabilities() {
        if (attributes != null || fileSystem.storesAttributes()) {
            Optional<Attributes> kept = attributes();
            if (kept.isPresent()) {
                kept.get().remove(Xattr.SECURITY_CAPABILITY);
            }
        }
    }

    /** Drops set-user-id, and set-group-id where the group may execute. */
    private void dropSetIds() {
        int bits = mode;
        int drop = FileMode.S_ISUID | ((bits & FileMode.S_IXGRP) != 0 ? FileMode.S_ISGID : 0);
        if ((bits & drop) != 0) {
            mode = bits & ~drop;
        }
    }

    /** utimensat(2): sets the times of access and modification; permission was checked by the caller. */
    public void changeTimes(long access, long modify) {
        accessTime = access;
        modifyTime = modify;
        changed();
    }

    /**
     * What a disk keeps of a file.
     *
     * @param mode type and permissions
     * @param links how many names it has
     */
    public record Stored(
            int mode,
            int userId,
            int groupId,
            int links,
            long accessTime,
            long modifyTime,
            long changeTime,
            long birthTime) {}

    /** Sets all that its file system has stored; nobody else knows the vnode yet. */
    public final void load(Stored stored) {
        mode = stored.mode;
        userId = stored.userId;
        groupId = stored.groupId;
        links.set(stored.links);
        accessTime = stored.accessTime;
        modifyTime = stored.modifyTime;
        changeTime = stored.changeTime;
        birthTime = stored.birthTime;
    }

    /**
     * Its file system forgets it, although it has names: it can be read from the disk again.
     *
     * @return false if it is in use
     */
    public final boolean forgetUnlessUsed() {
        if (!users.compareAndSet(0, DEAD)) {
            return false;
        }
        end();
        return true;
    }

    /** Notes that somebody looked for it. Writes only if that is news: others read the same memory. */
    public final void noteLookUp() {
        if (!lookedFor) {
            lookedFor = true;
        }
    }

    /** Whether somebody looked for it since this was asked last: its file system forgets others first. */
    public final boolean takeLookUp() {
        boolean noted = lookedFor;
        lookedFor = false;
        return noted;
    }

    /** Sets all that a loader of archives knows. */
    public final void restore(int newMode, int user, int group, long modify) {
        mode = newMode;
        userId = user;
        groupId = group;
        accessTime = modify;
        modifyTime = modify;
    }

    /**
     * Opens it; permission was checked by the caller.
     *
     * @param place where it was found
     * @param flags {@link biscotti.abi.OpenFlags}, with O_TRUNC already done
     * @return 0, or an errno as in open(2)
     */
    public abstract int open(Caller caller, Place place, int flags, Slot<OpenFile> opened);

    /**
     * Reads at a position, for the kernel itself (execve(2)) or an open file.
     *
     * @return how many bytes; 0 at the end; -EINVAL if such a file has no bytes to read at a position
     */
    public long readAt(Transfer to, long position) {
        return -EINVAL;
    }

    /**
     * Sets the length.
     *
     * @return 0; -EINVAL for what has no length; -ENOSPC
     */
    public int truncate(long length) {
        return -EINVAL;
    }

    /**
     * What a mapping of this file takes its pages from.
     *
     * @return 0, or -ENODEV for a file that cannot be mapped (mmap(2))
     */
    public int pages(Slot<PageSource> source) {
        return -ENODEV;
    }

    /** The seals of fcntl(2), a union of {@link biscotti.abi.SealFlags}; -EINVAL for a file that has none. */
    public int seals() {
        return -EINVAL;
    }

    /**
     * Adds seals.
     *
     * @return 0; -EPERM if it takes no more; -EBUSY while it is mapped as a seal forbids; -EINVAL for a file that has none
     */
    public int addSeals(int more) {
        return -EINVAL;
    }

    /** It may get its first name although it has none: open(2) with O_TMPFILE. */
    final void allowFirstLink() {
        linkable = true;
    }

    /** Whether it may get another name: it has one, or {@link #allowFirstLink} was called. */
    final boolean mayBeLinked() {
        return links() > 0 || linkable;
    }

    /** Counts one more name. */
    protected final void addLink() {
        links.incrementAndGet();
        linkable = false;
        changed();
    }

    /** Counts one name less. The caller is a user: when he is the last one, and no names are left, it gives its storage back. */
    final void dropLink() {
        links.decrementAndGet();
        changed();
    }

    /** As {@link #dropLink} for all its names. */
    final void dropLinks() {
        links.set(0);
        changed();
    }

    /** Counts one more user; false if the file is dead already, as its last name went away meanwhile. */
    public final boolean retain() {
        while (true) {
            int count = users.get();
            if (count == DEAD) {
                return false;
            }
            if (users.compareAndSet(count, count + 1)) {
                return true;
            }
        }
    }

    /** Whether it has neither users nor names any more, or its file system has forgotten it: who finds it looks again. */
    final boolean isDead() {
        return users.get() == DEAD;
    }

    /** Counts one user less; the last one of a file without names has its storage given back. Nothing, if the file is dead. */
    public final void release() {
        int count = users.get();
        while (count != DEAD && !users.compareAndSet(count, count - 1)) {
            count = users.get();
        }
        if (count == 1 && links.get() == 0 && users.compareAndSet(0, DEAD)) {
            end();
        }
    }

    /** Its extended attributes; nothing if its file system keeps none. */
    public final Optional<Attributes> attributes() {
        if (attributes == null) {
            Optional<Attributes> made = fileSystem.newAttributes(this);
            if (made.isEmpty()) {
                return Optional.empty();
            }
            ATTRIBUTES.compareAndSet(this, null, made.get());
        }
        return Optional.of(attributes);
    }

    /** Its extended attributes are gone for ever: nothing leads to it any more, or to its file system. */
    protected final void closeAttributes() {
        if (attributes != null) {
            attributes.close();
        }
    }

    /** A handle leads to it: its file system's {@link FileHandles} know it while it lives. */
    final void setHasHandle() {
        hasHandle = true;
    }

    /** Whether a handle was ever made of it. */
    final boolean hasHandle() {
        return hasHandle;
    }

    private void end() {
        closeAttributes();
        if (hasHandle) {
            fileSystem.handles().ifPresent(handles -> handles.forget(this));
        }
        discard();
    }

    /** Gives the storage back: nobody can reach the file any more. */
    protected void discard() {}

    /** A writer comes: -ETXTBSY if the file runs as a program. */
    public final int allowWriter() {
        while (true) {
            int count = writers.get();
            if (count < 0) {
                return -ETXTBSY;
            }
            if (writers.compareAndSet(count, count + 1)) {
                return 0;
            }
        }
    }

    /** A writer that was allowed goes. */
    public final void writerGone() {
        writers.decrementAndGet();
    }

    /** execve(2) forbids writers while the program runs: -ETXTBSY if there are some now. */
    public final int forbidWriters() {
        while (true) {
            int count = writers.get();
            if (count > 0) {
                return -ETXTBSY;
            }
            if (writers.compareAndSet(count, count - 1)) {
                return 0;
            }
        }
    }

    /** Ends what {@link #forbidWriters} began. */
    public final void allowWriters() {
        writers.incrementAndGet();
    }

    /** It is opened for reading only. */
    final void readerComes() {
        readers.incrementAndGet();
    }

    /** That is over. */
    final void readerGone() {
        readers.decrementAndGet();
    }

    /** Whether it is open for writing. */
    public final boolean hasWriters() {
        return writers.get() > 0;
    }

    /** Whether it is open by one description only. */
    public final boolean isOpenOnlyAs(OpenFile file) {
        int writing = file.writable() ? 1 : 0;
        return Math.max(0, writers.get()) == writing && readers.get() == 1 - writing;
    }

    /**
     * Somebody opens it or is about to cut it: waits until no lease is in the way.
     *
     * @param writes whether he changes it
     * @param waits whether he waits
     * @return 0, -EAGAIN, -ERESTARTSYS
     */
    public final int breakLeases(boolean writes, boolean waits) {
        return locks == null ? 0 : locks.leases().breakFor(writes, waits);
    }

    /** The locks that programs have on it. */
    public final FileLocks locks() {
        if (locks == null) {
            LOCKS.compareAndSet(this, null, new FileLocks());
        }
        return locks;
    }

    /** The same, if there ever were any. */
    public final Optional<FileLocks> presentLocks() {
        return Optional.ofNullable(locks);
    }

    /** Takes all locks of an owner, who closes it; nearly always there are none. */
    final void unlock(LockOwner owner) {
        if (locks != null) {
            locks.unlock(owner);
            if (owner instanceof LeaseHolder holder) {
                locks.leases().release(holder);
            }
        }
    }

    /**
     * Whether somebody may run it as a program.
     *
     * @return 0, or -EACCES if it is no regular file or not executable for him
     */
    public final int checkExecutable(Identity who) {
        return FileMode.isRegular(mode()) ? Access.check(who, this, Access.EXECUTE) : -EACCES;
    }
}
