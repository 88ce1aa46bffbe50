package biscotti.file.tmpfs;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.ENOTEMPTY;

import biscotti.abi.FileMode;
import biscotti.abi.InodeFlags;
import biscotti.bounded.BoundedMap;
import biscotti.bounded.IdTable;
import biscotti.file.Caller;
import biscotti.file.Change;
import biscotti.file.Directory;
import biscotti.file.DirectoryReader;
import biscotti.file.Identity;
import biscotti.file.NewFile;
import biscotti.file.Slot;
import biscotti.file.SpecialFile;
import biscotti.file.Vnode;
import java.util.Optional;

/**
 * A directory in memory: a map for look-ups, which take no lock, and a table of the entries by their positions in a listing.
 * Positions are given in the order in which entries come, and start again from the first free ones when they are used up; so a
 * listing that goes on later is right whatever comes and goes.
 */
final class TmpDirectory extends Directory {
    /** Positions after "." and after "..", and before the first entry. */
    private static final int AFTER_DOT = 1;

    private static final int AFTER_DOT_DOT = 2;
    /** Positions are below this: as many as an {@code int} tells. */
    private static final int END = Integer.MAX_VALUE;

    /** What {@link #size} counts for an entry, as on Linux. */
    private static final long ENTRY_SIZE = 20;

    private static final int INHERITED = InodeFlags.NO_DUMP | InodeFlags.NO_ACCESS_TIME;

    private record Entry(String name, Optional<Vnode> vnode, int position) {
        private static final Entry NONE = new Entry("", Optional.empty(), 0);

        Vnode file() {
            return vnode.orElseThrow();
        }
    }

    private final TmpFileSystem tmpfs;
    private final BoundedMap<String, Entry> names;
    private final IdTable<Entry> order = new IdTable<>(END, Entry.NONE);
    private int lastPosition = AFTER_DOT_DOT;

    private TmpDirectory(TmpFileSystem tmpfs, int permissions, int userId, int groupId) {
        super(tmpfs, tmpfs.nextNumber(), permissions, userId, groupId);
        this.tmpfs = tmpfs;
        this.names = new BoundedMap<>(END, tmpfs.nameHash(), Entry.NONE);
    }

    /** The top of a file system; it has a link to itself and one from itself as its parent. */
    static TmpDirectory top(TmpFileSystem tmpfs, int permissions) {
        TmpDirectory top = new TmpDirectory(tmpfs, permissions, 0, 0);
        top.addLink();
        top.addLink();
        return top;
    }

    @Override
    public long size() {
        return (names.size() + 2) * ENTRY_SIZE;
    }

    @Override
    protected int find(String name, Slot<Vnode> found) {
        Entry entry = names.get(name);
        return entry == Entry.NONE ? -ENOENT : found.put(entry.file());
    }

    @Override
    protected int checkEmpty() {
        return names.isEmpty() ? 0 : -ENOTEMPTY;
    }

    @Override
    protected int make(Change change, Identity owner, int mode, int device, String target, Slot<Vnode> made) {
        NewFile own = NewFile.in(this, owner, mode);
        return switch (mode & FileMode.S_IFMT) {
            case FileMode.S_IFREG -> inherit(new TmpFile(tmpfs, own.mode(), own.userId(), own.groupId()), made);
            case FileMode.S_IFDIR -> inherit(new TmpDirectory(tmpfs, own.mode(), own.userId(), own.groupId()), made);
            case FileMode.S_IFLNK -> made.put(new TmpSymbolicLink(tmpfs, target, own.userId(), own.groupId()));
            case FileMode.S_IFCHR, FileMode.S_IFBLK, FileMode.S_IFIFO, FileMode.S_IFSOCK ->
                made.put(new SpecialFile(
                        tmpfs, tmpfs.nextNumber(), own.mode(), own.userId(), own.groupId(), device, tmpfs.devices()));
            default -> -EINVAL;
        };
    }

    /** A new file begins with some of the flags of its directory. */
    private int inherit(Vnode file, Slot<Vnode> made) {
        file.setInodeFlags(inodeFlags() & INHERITED);
        return made.put(file);
    }

    @Override
    protected int checkRoom() {
        return tmpfs.hasRoomForName() ? 0 : -ENOSPC;
    }

    @Override
    protected int attach(Change change, String name, Vnode vnode) {
        int position = order.firstFree(lastPosition + 1, END);
        if (position < 0) {
            position = order.firstFree(AFTER_DOT_DOT + 1, END);
        }
        if (position < 0) {
            return -ENOSPC;
        }
        Entry before = names.get(name);
        Entry entry = new Entry(name, Optional.of(vnode), position);
        order.put(position, entry);
        lastPosition = position;
        names.put(name, entry);
        tmpfs.nameAdded(this, name, vnode);
        if (before != Entry.NONE) {
            order.remove(before.position);
            tmpfs.nameRemoved(name, before.file());
        }
        return 0;
    }

    @Override
    protected boolean namesMayGo() {
        return true;
    }

    @Override
    protected int detach(Change change, String name, Vnode vnode) {
        Entry entry = names.get(name);
        if (entry != Entry.NONE && entry.file() == vnode) {
            names.remove(name);
            order.remove(entry.position);
            tmpfs.nameRemoved(name, vnode);
        }
        return 0;
    }

    /** Takes the name of a file that is no directory, if it is still there. */
    private void drop(Entry entry) {
        boolean dropped;
        lock().lock();
        try {
            dropped = names.get(entry.name) == entry && !(entry.file() instanceof TmpDirectory);
            if (dropped) {
                detach(Change.NONE, entry.name, entry.file());
            }
        } finally {
            lock().unlock();
        }
        if (dropped) {
            loseName(entry.file());
        }
    }

    /** The first entry behind a position, {@link Entry#NONE} if there is none. */
    private Entry after(int position) {
        Entry found = Entry.NONE;
        int next = order.next(position + 1);
        while (next >= 0 && found == Entry.NONE) {
            found = order.get(next);
            next = order.next(next + 1);
        }
        return found;
    }

    /**
     * Takes the names of all files below a directory that are no directories, and makes directories refuse new names. It walks
     * the tree by the positions of entries, so that it needs no memory however deep that is. A directory that refuses names was
     * here before; so it does no harm to begin again with one whose place has changed. The file system's rename lock is held.
     */
    static void abandonAll(TmpDirectory top) {
        TmpDirectory at = top;
        top.abandon();
        top.closeAttributes();
        int position = 0;
        while (true) {
            Entry entry = at.after(position);
            if (entry == Entry.NONE) {
                if (at == top || !(at.parent() instanceof TmpDirectory parent)) {
                    return;
                }
                position = parent.names.get(at.nameInParent()).position;
                at = parent;
            } else if (entry.file() instanceof TmpDirectory child && !child.removed()) {
                child.abandon();
                child.closeAttributes();
                at = child;
                position = 0;
            } else {
                at.drop(entry);
                position = entry.position;
            }
        }
    }

    @Override
    public long list(Caller caller, long position, DirectoryReader receiver) {
        int at = (int) Math.min(position, END - 1);
        if (at < AFTER_DOT) {
            if (!receiver.take(".", number(), FileMode.S_IFDIR, AFTER_DOT)) {
                return at;
            }
            at = AFTER_DOT;
        }
        if (at < AFTER_DOT_DOT) {
            if (!receiver.take("..", parent().number(), FileMode.S_IFDIR, AFTER_DOT_DOT)) {
                return at;
            }
            at = AFTER_DOT_DOT;
        }
        Entry entry = after(at);
        while (entry != Entry.NONE) {
            Vnode file = entry.file();
            if (!receiver.take(entry.name, file.number(), file.mode() & FileMode.S_IFMT, entry.position)) {
                return at;
            }
            at = entry.position;
            entry = after(at);
        }
        return at;
    }
}
