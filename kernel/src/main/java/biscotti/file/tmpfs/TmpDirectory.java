package biscotti.file.tmpfs;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOENT;

import biscotti.abi.FileMode;
import biscotti.file.Caller;
import biscotti.file.Directory;
import biscotti.file.DirectoryReader;
import biscotti.file.Identity;
import biscotti.file.Slot;
import biscotti.file.SpecialFile;
import biscotti.file.Vnode;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A directory in memory: a hash map for look-ups, which take no lock, and an array of the entries in the order in which they
 * came, for listing. Each entry has a cookie, larger than those of all earlier ones, so a position in a listing stays right
 * whatever comes and goes. A removed entry leaves a hole in the array, which is closed when half of it is holes.
 */
final class TmpDirectory extends Directory {
    private static final int INITIAL_SIZE = 8;
    /** Positions after "." and after "..", and before the first entry. */
    private static final long AFTER_DOT = 1;

    private static final long AFTER_DOT_DOT = 2;

    private record Entry(String name, Vnode vnode, long cookie) {}

    private final TmpFileSystem tmpfs;
    private final ConcurrentHashMap<String, Entry> names = new ConcurrentHashMap<>(INITIAL_SIZE);

    /** Guards the order. */
    private final ReentrantLock orderLock = new ReentrantLock();

    /** The entries in ascending order of their cookies; null where one was removed. */
    private Entry[] order = new Entry[INITIAL_SIZE];

    /** The cookies of the entries, of the removed ones too. */
    private long[] cookies = new long[INITIAL_SIZE];

    private int end;
    private int holes;
    private long lastCookie = AFTER_DOT_DOT;

    private TmpDirectory(TmpFileSystem tmpfs, int permissions, int userId, int groupId) {
        super(tmpfs, tmpfs.nextNumber(), permissions, userId, groupId);
        this.tmpfs = tmpfs;
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
        return (long) (names.size() + 2) * 20;
    }

    @Override
    public int lookup(String name, Slot<Vnode> found) {
        Entry entry = names.get(name);
        return entry == null ? -ENOENT : found.put(entry.vnode);
    }

    @Override
    protected boolean isEmpty() {
        return names.isEmpty();
    }

    @Override
    protected int make(Identity owner, int mode, int device, String target, Slot<Vnode> made) {
        boolean inherit = (mode() & FileMode.S_ISGID) != 0;
        int group = inherit ? groupId() : owner.groupId();
        int user = owner.userId();
        return switch (mode & FileMode.S_IFMT) {
            case FileMode.S_IFREG -> made.put(new TmpFile(tmpfs, mode, user, group));
            case FileMode.S_IFDIR ->
                made.put(new TmpDirectory(tmpfs, inherit ? mode | FileMode.S_ISGID : mode, user, group));
            case FileMode.S_IFLNK -> made.put(new TmpSymbolicLink(tmpfs, target, user, group));
            case FileMode.S_IFCHR, FileMode.S_IFBLK, FileMode.S_IFIFO, FileMode.S_IFSOCK ->
                made.put(new SpecialFile(tmpfs, tmpfs.nextNumber(), mode, user, group, device, tmpfs.devices()));
            default -> -EINVAL;
        };
    }

    @Override
    protected int attach(String name, Vnode vnode) {
        orderLock.lock();
        try {
            Entry entry = new Entry(name, vnode, ++lastCookie);
            Entry before = names.put(name, entry);
            if (before != null) {
                removeFromOrder(before);
            }
            if (end == order.length) {
                makeRoom();
            }
            order[end] = entry;
            cookies[end++] = entry.cookie;
            return 0;
        } finally {
            orderLock.unlock();
        }
    }

    @Override
    protected void detach(String name, Vnode vnode) {
        orderLock.lock();
        try {
            Entry entry = names.get(name);
            if (entry != null && entry.vnode == vnode) {
                names.remove(name);
                removeFromOrder(entry);
            }
        } finally {
            orderLock.unlock();
        }
    }

    private void removeFromOrder(Entry entry) {
        order[indexAfter(entry.cookie - 1)] = null;
        holes++;
        if (holes > INITIAL_SIZE && holes > end / 2) {
            closeHoles(order.length);
        }
    }

    private void makeRoom() {
        boolean manyHoles = holes > end / 4;
        closeHoles(manyHoles ? order.length : order.length * 2);
    }

    private void closeHoles(int newLength) {
        Entry[] dense = new Entry[newLength];
        long[] denseCookies = new long[newLength];
        int count = 0;
        for (int i = 0; i < end; i++) {
            if (order[i] != null) {
                denseCookies[count] = cookies[i];
                dense[count++] = order[i];
            }
        }
        order = dense;
        cookies = denseCookies;
        end = count;
        holes = 0;
    }

    /** Takes the names of all that are no directories; adds those to a list. */
    void unlinkFiles(Deque<TmpDirectory> directories) {
        for (Entry entry : names.values()) {
            if (entry.vnode instanceof TmpDirectory child) {
                directories.push(child);
            } else {
                unlink(Identity.KERNEL, entry.name);
            }
        }
    }

    /** The index of the first entry with a cookie beyond a position. */
    private int indexAfter(long position) {
        int found = Arrays.binarySearch(cookies, 0, end, position);
        return found >= 0 ? found + 1 : -found - 1;
    }

    @Override
    public long list(Caller caller, long position, DirectoryReader receiver) {
        long at = position;
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
        orderLock.lock();
        try {
            for (int i = indexAfter(at); i < end; i++) {
                Entry entry = order[i];
                if (entry != null) {
                    int type = entry.vnode.mode() & FileMode.S_IFMT;
                    if (!receiver.take(entry.name, entry.vnode.number(), type, entry.cookie)) {
                        return at;
                    }
                    at = entry.cookie;
                }
            }
            return at;
        } finally {
            orderLock.unlock();
        }
    }
}
