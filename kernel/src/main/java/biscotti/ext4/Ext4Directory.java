package biscotti.ext4;

import biscotti.abi.Latin1;
import biscotti.file.Caller;
import biscotti.file.Directory;
import biscotti.file.DirectoryReader;
import biscotti.file.Slot;
import biscotti.file.Vnode;
import java.util.concurrent.atomic.AtomicInteger;

/** A directory on the disk. While one of its directories is in memory, it is, too, as that knows its parent. */
final class Ext4Directory extends Directory implements OnDisk {
    private final Ext4FileSystem ext4;
    private final Inode inode;
    private final AtomicInteger children = new AtomicInteger();

    Ext4Directory(Ext4FileSystem ext4, Inode inode, Vnode.Stored stored) {
        super(ext4, inode.number, stored.mode(), stored.userId(), stored.groupId());
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
    protected int find(String name, Slot<Vnode> found) {
        long number = ext4.names().find(inode, Latin1.bytes(name));
        return number < 0 ? (int) number : ext4.vnode(number, this, name, found);
    }

    @Override
    public long list(Caller caller, long position, DirectoryReader receiver) {
        return ext4.names().list(inode, position, receiver);
    }
}
