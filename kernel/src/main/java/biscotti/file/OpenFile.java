package biscotti.file;

import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENODEV;
import static biscotti.abi.Errno.ENOTDIR;
import static biscotti.abi.Errno.ENOTTY;
import static biscotti.abi.Errno.ESPIPE;

import biscotti.abi.OpenFlags;
import biscotti.abi.Poll;
import biscotti.file.lock.LeaseHolder;
import biscotti.file.lock.LockOwner;
import biscotti.memory.PageSource;
import biscotti.sched.SpinLock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * An open file description (open(2)): what descriptors refer to, shared by dup(2) and fork(2).
 *
 * <p>It counts the descriptors and other owners that refer to it; when the last one lets go, it is closed. A call that
 * is under way then in another thread may finish or fail with EBADF, as if the close had come after or before it.
 *
 * <p>Each operation answers as the manual page says for a file that does not have it; subclasses override what they have.
 * The public operations check the access mode, then call their {@code do} counterpart.
 */
public abstract class OpenFile extends LockOwner implements LeaseHolder {
    /** What a descriptor that is not open refers to: every operation is EBADF. */
    public static final OpenFile CLOSED = new ClosedFile();

    private final Place place;
    private final AtomicInteger references = new AtomicInteger(1);
    private volatile int flags;
    private boolean writer;
    private boolean reader;
    private boolean inMount;
    private OpenFile nextToClose;

    /** Guards the list of lasting watches. */
    private final SpinLock watchLock = new SpinLock();

    private volatile LastingWatch firstLastingWatch;

    /** Null until somebody asks for signals; made, and put among the watchers, under the same lock. */
    private volatile FileOwner owner;

    private boolean driven;

    /**
     * A description with one reference.
     *
     * @param place where it was opened; its vnode is counted as used by the caller, and let go when the last reference goes
     * @param flags {@link OpenFlags}; those that act only once are dropped
     */
    protected OpenFile(Place place, int flags) {
        this.place = place;
        this.flags = flags & ~OpenFlags.ONCE;
    }

    /** For {@link #CLOSED} alone, which is nowhere. */
    OpenFile() {
        this.place = null;
    }

    /** Where it was opened. */
    public final Place place() {
        return place;
    }

    /** The file. */
    public final Vnode vnode() {
        return place.vnode();
    }

    /** Access mode and status flags: F_GETFL. */
    public final int flags() {
        return flags;
    }

    /** F_SETFL: changes the status flags that can be changed. */
    public final void setFlags(int wanted) {
        flags = flags & ~OpenFlags.SETTABLE | wanted & OpenFlags.SETTABLE;
    }

    /** Whether all of some flags are set. */
    public final boolean has(int wanted) {
        return (flags & wanted) == wanted;
    }

    /** Whether it is open, and for more than its place: not with O_PATH. */
    public final boolean isOpen() {
        return this != CLOSED && !has(OpenFlags.O_PATH);
    }

    /** Whether it was opened for reading. */
    public boolean readable() {
        int access = flags & OpenFlags.O_ACCMODE;
        return access == OpenFlags.O_RDONLY || access == OpenFlags.O_RDWR;
    }

    /** Whether it was opened for writing. */
    public boolean writable() {
        int access = flags & OpenFlags.O_ACCMODE;
        return access == OpenFlags.O_WRONLY || access == OpenFlags.O_RDWR;
    }

    /** Whether calls on it wait. */
    public final boolean blocking() {
        return (flags & OpenFlags.O_NONBLOCK) == 0;
    }

    /** Notes that its vnode counts it as a writer. */
    public final void countedAsWriter() {
        writer = true;
        place.mount().writerComes();
    }

    /** Keeps the mount in use that it was opened through. */
    final void countInMount() {
        if (!inMount) {
            inMount = true;
            place.mount().retain();
        }
    }

    /** Notes that its vnode counts it as a reader. */
    final void countedAsReader() {
        reader = true;
    }

    /** {@inheritDoc} Whoever is chosen by F_SETOWN hears of it. */
    @Override
    public final void leaseBreaks() {
        if (owner != null) {
            owner.note(FileOwner.BAND_MESSAGE);
        }
    }

    /** {@inheritDoc} As on Linux, neither a process nor a signal is. */
    @Override
    public final void leaseEnds() {
        if (owner != null) {
            owner.setTarget(SignalTarget.NOBODY);
            owner.setSignal(0);
        }
    }

    /** One more owner. The caller has one already, or looked it up in a table under its lock. */
    public void retain() {
        references.incrementAndGet();
    }

    /** One more owner, unless the last one has let go already. */
    public boolean tryRetain() {
        while (true) {
            int count = references.get();
            if (count == 0) {
                return false;
            }
            if (references.compareAndSet(count, count + 1)) {
                return true;
            }
        }
    }

    /** One owner less; the last one closes it. */
    public void release() {
        if (references.decrementAndGet() == 0) {
            Closing closing = new Closing();
            closing.add(this);
            closing.finish();
        } else if (isOnItsWay()) {
            Closing closing = new Closing();
            ownerLost(closing);
            closing.finish();
        }
    }

    /** How many owners it has. */
    public final int owners() {
        return references.get();
    }

    /** Whether it is among the files of a message; then each loss of an owner is told. */
    protected boolean isOnItsWay() {
        return false;
    }

    /** It has lost an owner while on its way; those that are left may be messages that nobody will receive. No lock is held. */
    protected void ownerLost(Closing closing) {}

    /**
     * Files whose last owner has let go, and that are to be closed, one after the other: closing one may let go of others, which were
     * on their way in its messages, and so on for ever.
     */
    public static final class Closing {
        private OpenFile first;
        private OpenFile last;

        private Closing() {}

        /** One owner of a file less. */
        public void release(OpenFile file) {
            if (file.references.decrementAndGet() == 0) {
                add(file);
            }
        }

        private void add(OpenFile file) {
            if (first == null) {
                first = file;
            } else {
                last.nextToClose = file;
            }
            last = file;
        }

        private void finish() {
            while (first != null) {
                OpenFile file = first;
                first = file.nextToClose;
                file.nextToClose = null;
                file.close(this);
            }
        }
    }

    private void close(Closing others) {
        endWatches();
        if (driven) {
            watchers().remove(owner);
        }
        closed(others);
        place.vnode().unlock(this);
        if (writer) {
            place.vnode().writerGone();
            place.mount().writerGone();
        }
        if (reader) {
            place.vnode().readerGone();
        }
        place.vnode().release();
        if (inMount) {
            place.mount().release();
        }
    }

    /**
     * The last owner has let go. No lock is held.
     *
     * @param others takes files of which this one was an owner
     */
    protected void closed(Closing others) {
        closed();
    }

    /** The last owner has let go; for files that are no owners of others. */
    protected void closed() {}

    /** How its signals are driven. */
    public FileOwner.Drive drive() {
        return FileOwner.Drive.NONE;
    }

    /** The process group that hears of it if nobody else is chosen when O_ASYNC is set; 0 for none. */
    protected int groupInCharge() {
        return 0;
    }

    /** Who hears of it by signal; nothing if that was never asked for. */
    public final Optional<FileOwner> owner() {
        return Optional.ofNullable(owner);
    }

    /** The same; made if there is none yet. */
    public final FileOwner owner(Caller caller) {
        if (owner == null) {
            FileOwner made = new FileOwner(this, caller.fileSignals());
            watchLock.acquire();
            if (owner == null) {
                owner = made;
            }
            watchLock.release();
        }
        return owner;
    }

    /**
     * Sets or clears O_ASYNC: from now on, or no longer, its owner hears of it by signal. A terminal that has no owner gets its
     * foreground group, or the caller.
     *
     * @param descriptor by which it is known to the owner
     * @return 0; -ENOTTY for a kind of file that has nothing to tell
     */
    public final int setAsync(Caller caller, int descriptor, boolean on) {
        if (drive() == FileOwner.Drive.NONE) {
            return -ENOTTY;
        }
        FileOwner who = owner(caller);
        if (on) {
            who.setDescriptor(descriptor);
            if (drive() == FileOwner.Drive.TERMINAL && who.target() == SignalTarget.NOBODY) {
                chooseOwner(caller, who);
            }
        }
        watchLock.acquire();
        flags = on ? flags | OpenFlags.O_ASYNC : flags & ~OpenFlags.O_ASYNC;
        boolean before = driven;
        driven = on;
        if (on && !before) {
            watchers().add(who);
        } else if (!on && before) {
            watchers().remove(who);
        }
        watchLock.release();
        return 0;
    }

    private void chooseOwner(Caller caller, FileOwner who) {
        int group = groupInCharge();
        int type = group != 0 ? SignalTarget.GROUP : SignalTarget.PROCESS;
        Slot<SignalTarget> chosen = new Slot<>();
        if (caller.fileSignals().find(caller, type, group != 0 ? group : caller.processId(), chosen) == 0) {
            who.setTarget(chosen.get());
        }
    }

    /** Adds a watch that is told when this description is closed; its owner is also an owner of this, for the time of the call. */
    public final void attach(LastingWatch watch) {
        watchLock.acquire();
        watch.nextOfFile = firstLastingWatch;
        firstLastingWatch = watch;
        watchLock.release();
    }

    /** Takes a watch out, if {@link #attach} has added it and the end has not come to it yet. */
    public final void detach(LastingWatch watch) {
        watchLock.acquire();
        LastingWatch previous = null;
        LastingWatch at = firstLastingWatch;
        while (at != null && at != watch) {
            previous = at;
            at = at.nextOfFile;
        }
        if (at == watch && previous == null) {
            firstLastingWatch = watch.nextOfFile;
        } else if (at == watch) {
            previous.nextOfFile = watch.nextOfFile;
        }
        watchLock.release();
    }

    /** Tells the watches that were attached, with a spin lock held. */
    protected final void forEachLastingWatch(Consumer<LastingWatch> receiver) {
        watchLock.acquire();
        for (LastingWatch watch = firstLastingWatch; watch != null; watch = watch.nextOfFile) {
            receiver.accept(watch);
        }
        watchLock.release();
    }

    private void endWatches() {
        while (firstLastingWatch != null) {
            watchLock.acquire();
            LastingWatch watch = firstLastingWatch;
            if (watch != null) {
                firstLastingWatch = watch.nextOfFile;
            }
            watchLock.release();
            if (watch != null) {
                watch.fileClosed();
            }
        }
    }

    /**
     * One descriptor that refers to it is being closed, by this caller: close(2), execve(2), exit.
     *
     * @return 0, or an error that close(2) reports
     */
    public int flush(Caller caller) {
        return 0;
    }

    /**
     * read(2): at the file's position, if it has one.
     *
     * @return how many bytes moved, 0 at the end; or a negative errno
     */
    public final long read(Caller caller, Transfer to) {
        return readable() ? countedRead(caller, doRead(caller, to)) : -EBADF;
    }

    /** write(2): at the file's position, if it has one; how many bytes moved, or a negative errno. */
    public final long write(Caller caller, Transfer from) {
        return writable() ? countedWrite(caller, doWrite(caller, from)) : -EBADF;
    }

    /** pread(2): at a position that is not negative. */
    public final long readAt(Caller caller, Transfer to, long position) {
        return readable() ? countedRead(caller, doReadAt(caller, to, position)) : -EBADF;
    }

    /** pwrite(2): at a position that is not negative. */
    public final long writeAt(Caller caller, Transfer from, long position) {
        return writable() ? countedWrite(caller, doWriteAt(caller, from, position)) : -EBADF;
    }

    /**
     * pwritev2(2): RWF_APPEND lets the bytes go to the end.
     *
     * @param position where to write; -1 for the file's own position
     */
    public final long write(Caller caller, Transfer from, long position, boolean append) {
        return writable() ? countedWrite(caller, doWrite(caller, from, position, append)) : -EBADF;
    }

    private static long countedRead(Caller caller, long result) {
        caller.countRead(result);
        return result;
    }

    private static long countedWrite(Caller caller, long result) {
        caller.countWrite(result);
        return result;
    }

    /** The part of {@link #read} that depends on the kind of file. */
    protected long doRead(Caller caller, Transfer to) {
        return -EINVAL;
    }

    /** The part of {@link #write} that depends on the kind of file. */
    protected long doWrite(Caller caller, Transfer from) {
        return -EINVAL;
    }

    /** The part of {@link #write(Caller, Transfer, long, boolean)} that depends on the kind of file: most have no end. */
    protected long doWrite(Caller caller, Transfer from, long position, boolean append) {
        return position < 0 ? doWrite(caller, from) : doWriteAt(caller, from, position);
    }

    /** The part of {@link #readAt} that depends on the kind of file; files without positions answer -ESPIPE. */
    protected long doReadAt(Caller caller, Transfer to, long position) {
        return -ESPIPE;
    }

    /** The part of {@link #writeAt} that depends on the kind of file; files without positions answer -ESPIPE. */
    protected long doWriteAt(Caller caller, Transfer from, long position) {
        return -ESPIPE;
    }

    /**
     * lseek(2).
     *
     * @param whence one of {@link biscotti.abi.Seek}
     * @return the new position; -ESPIPE, -EINVAL, -ENXIO, -EOVERFLOW
     */
    public long seek(long offset, int whence) {
        return -ESPIPE;
    }

    /** ioctl(2): a result, or -ENOTTY for a request that this kind of file does not know. */
    public long control(Caller caller, int request, long argument) {
        return -ENOTTY;
    }

    /** getdents64(2): tells names from the position on, and moves it: 0, or a negative errno. */
    public int list(Caller caller, DirectoryReader receiver) {
        return -ENOTDIR;
    }

    /** ftruncate(2): 0; -EINVAL for a file without a length or not open for writing. */
    public int truncate(Caller caller, long length) {
        return -EINVAL;
    }

    /**
     * fallocate(2).
     *
     * @param mode as in the manual page; 0 to reserve and extend
     */
    public int allocate(Caller caller, int mode, long offset, long length) {
        return -ENODEV;
    }

    /**
     * fsync(2): makes lasting what was written.
     *
     * @param dataOnly whether attributes may wait that are not needed to find the bytes
     * @return 0 when all is where it should be; -EINVAL for a file that is nowhere kept; -EIO, -ENOSPC
     */
    public int sync(boolean dataOnly) {
        return -EINVAL;
    }

    /**
     * sync_file_range(2), for a file that is kept somewhere.
     *
     * @param length 0 for all up to the end
     * @param steps {@link biscotti.abi.SyncFlags}
     */
    public int syncRange(long offset, long length, int steps) {
        return 0;
    }

    /** What a mapping of it takes its pages from: 0, or -ENODEV. */
    public int pages(Slot<PageSource> source) {
        return -ENODEV;
    }

    /**
     * Appends the lines of /proc/PID/fdinfo that only its kind of file has, one record of them.
     *
     * @param record 0 for the first one, then what was answered for the one before
     * @return the number of the next record, 0 if there is none
     */
    public long describe(long record, FileText out) {
        return 0;
    }

    /** What is ready now: a union of {@link Poll} events. */
    public int events() {
        return ownEvents();
    }

    /** As {@link #events}, but never by asking other files. A file that never makes anybody wait is always ready. */
    public int ownEvents() {
        return Poll.READABLE | Poll.WRITABLE;
    }

    /** Who is told when {@link #events} may have changed. */
    public Watchers watchers() {
        return Watchers.NEVER;
    }
}
