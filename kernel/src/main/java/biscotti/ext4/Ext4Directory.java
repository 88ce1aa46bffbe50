package biscotti.ext4;

import static biscotti.abi.Errno.ENOENT;

import biscotti.abi.FileMode;
import biscotti.abi.Latin1;
import biscotti.ext4.journal.Handle;
import biscotti.file.CachedDirectory;
import biscotti.file.Caller;
import biscotti.file.Change;
import biscotti.file.Directory;
import biscotti.file.DirectoryReader;
import biscotti.file.Identity;
import biscotti.file.NewFile;
import biscotti.file.Slot;
import biscotti.file.Vnode;
import java.util.concurrent.atomic.AtomicInteger;

/** A directory on the disk. While one of its directories is in memory, it is, too, as that knows its parent. */
final class Ext4Directory extends CachedDirectory implements OnDisk {
    private final Ext4FileSystem ext4;
    private final Inode inode;
    private final AtomicInteger children = new AtomicInteger();

    Ext4Directory(Ext4FileSystem ext4, Inode inode, Vnode.Stored stored) {
        super(ext4, ext4.nameCache(), inode.number, stored.mode(), stored.userId(), stored.groupId());
        this.ext4 = ext4;
        this.inode = inode;
    }

    @Override
    public Inode diskInode() {
        return inode;
    }

    @Override
    public long size() {
        return inode.size();
    }

    @Override
    public long blocks() {
        return inode.sectors();
    }

    /** It is in memory from now on, and was found here under a name; or at the top. */
    void enter(Ext4Directory parent, String name) {
        if (parent != this) {
            settle(parent, name);
            parent.children.incrementAndGet();
        }
    }

    /** It is not in memory any more. */
    void leave() {
        if (parent() instanceof Ext4Directory parent && parent != this) {
            parent.children.decrementAndGet();
        }
    }

    /** Whether directories in it are in memory, or something is mounted on it. */
    boolean isNeeded() {
        return children.get() > 0 || isMountPoint() || parent() == this;
    }

    @Override
    protected int read(String name, Slot<Vnode> found) {
        ext4.makeRoom();
        long number;
        inode.lock.lock();
        try {
            number = removed() ? -ENOENT : ext4.names().find(inode, Latin1.bytes(name));
        } finally {
            inode.lock.unlock();
        }
        return number < 0 ? (int) number : ext4.vnode(number, this, name, found);
    }

    @Override
    public long list(Caller caller, long position, DirectoryReader receiver) {
        return ext4.names().list(inode, parent().number(), position, receiver);
    }

    @Override
    protected boolean namesMayGo() {
        return true;
    }

    @Override
    protected int checkEmpty() {
        inode.lock.lock();
        try {
            return ext4.names().checkEmpty(inode);
        } finally {
            inode.lock.unlock();
        }
    }

    @Override
    protected int make(Change change, Identity owner, int mode, int device, String target, Slot<Vnode> made) {
        NewFile attributes = newFile(owner, mode);
        return ext4.newFiles().make(Ext4Change.handle(change), this, attributes, device, target, made);
    }

    /** With {@code grpid} it has the directory's group, and a directory no set-group-id bit from that. */
    private NewFile newFile(Identity owner, int mode) {
        boolean plain = FileMode.isDirectory(mode) || (mode() & FileMode.S_ISGID) == 0;
        return plain && ext4.hasOption(Ext4Options.GROUP_OF_DIRECTORY)
                ? new NewFile(mode, owner.userId(), groupId())
                : NewFile.in(this, owner, mode);
    }

    @Override
    protected int store(Change change, String name, Vnode vnode) {
        inode.lock.lock();
        try {
            Handle handle = Ext4Change.handle(change);
            return ext4.names().put(handle, inode, Latin1.bytes(name), vnode.number(), vnode.mode());
        } finally {
            inode.lock.unlock();
        }
    }

    @Override
    protected int erase(Change change, String name) {
        inode.lock.lock();
        try {
            return ext4.names().remove(Ext4Change.handle(change), inode, Latin1.bytes(name));
        } finally {
            inode.lock.unlock();
        }
    }

    @Override
    protected int storeParent(Change change, Directory from, Directory to) {
        if (from instanceof Ext4Directory left && to instanceof Ext4Directory entered) {
            left.children.decrementAndGet();
            entered.children.incrementAndGet();
        }
        inode.lock.lock();
        try {
            return ext4.names().setParent(Ext4Change.handle(change), inode, to.number());
        } finally {
            inode.lock.unlock();
        }
    }

    @Override
    protected void discard() {
        ext4.discard(inode);
    }
}
