package biscotti.file;

import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOTEMPTY;

import biscotti.abi.FileMode;
import biscotti.bounded.TextHash;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** A file system whose directories have their names on what stands for a disk, behind a lock, and those found in a {@link NameCache}. */
final class CachedNames extends FileSystem {
    private final AtomicLong numbers = new AtomicLong();
    private final NameCache cache;
    private final DiskDirectory top;

    /** How often names were looked for on the disk. */
    int reads;

    /** A file system with one empty directory. */
    CachedNames(int cachedNames) {
        super("cached", 1, () -> 0);
        cache = new NameCache(cachedNames, new TextHash(1));
        top = new DiskDirectory(FileMode.S_IFDIR | 0755);
        top.addLink();
        top.addLink();
    }

    @Override
    public Directory root() {
        return top;
    }

    @Override
    public Statistics statistics() {
        throw new UnsupportedOperationException();
    }

    private final class DiskDirectory extends CachedDirectory {
        private final ReentrantLock disk = new ReentrantLock();
        private final Map<String, Vnode> names = new TreeMap<>();

        DiskDirectory(int mode) {
            super(CachedNames.this, cache, numbers.incrementAndGet(), mode, 0, 0);
        }

        @Override
        protected int read(String name, Slot<Vnode> found) {
            reads++;
            disk.lock();
            try {
                Vnode vnode = names.get(name);
                return vnode == null ? -ENOENT : found.put(vnode);
            } finally {
                disk.unlock();
            }
        }

        @Override
        protected int store(Change change, String name, Vnode vnode) {
            disk.lock();
            names.put(name, vnode);
            disk.unlock();
            return 0;
        }

        @Override
        protected int erase(Change change, String name) {
            disk.lock();
            names.remove(name);
            disk.unlock();
            return 0;
        }

        @Override
        protected int make(Change change, Identity owner, int mode, int device, String target, Slot<Vnode> made) {
            Vnode vnode =
                    FileMode.isDirectory(mode) ? new DiskDirectory(mode) : new File(numbers.incrementAndGet(), mode);
            vnode.changeOwner(Identity.KERNEL, owner.userId(), -1);
            return made.put(vnode);
        }

        @Override
        protected int checkEmpty() {
            return names.isEmpty() ? 0 : -ENOTEMPTY;
        }

        @Override
        protected boolean namesMayGo() {
            return true;
        }

        @Override
        public long list(Caller caller, long position, DirectoryReader receiver) {
            names.forEach((name, vnode) -> receiver.take(name, vnode.number(), vnode.mode() & FileMode.S_IFMT, 0));
            return position;
        }
    }

    private final class File extends Vnode {
        File(long number, int mode) {
            super(CachedNames.this, number, mode, 0, 0);
        }

        @Override
        public int open(Caller caller, Place place, int flags, Slot<OpenFile> opened) {
            throw new UnsupportedOperationException();
        }
    }
}
