package biscotti.ext4;

import biscotti.file.SpecialFile;
import biscotti.file.Vnode;

/** A device node, FIFO or socket on the disk. */
final class Ext4SpecialFile extends SpecialFile implements OnDisk {
    private final Ext4FileSystem ext4;
    private final Inode inode;

    Ext4SpecialFile(Ext4FileSystem ext4, Inode inode, Vnode.Stored stored, int device) {
        super(ext4, inode.number, stored.mode(), stored.userId(), stored.groupId(), device, ext4.devices());
        this.ext4 = ext4;
        this.inode = inode;
    }

    @Override
    public Inode diskInode() {
        return inode;
    }

    @Override
    public long blocks() {
        return inode.sectors();
    }

    @Override
    protected void discard() {
        ext4.discard(inode);
    }
}
