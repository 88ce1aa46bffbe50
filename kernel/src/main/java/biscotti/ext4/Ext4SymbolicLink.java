package biscotti.ext4;

import static biscotti.abi.Errno.EUCLEAN;

import biscotti.abi.Latin1;
import biscotti.abi.Limits;
import biscotti.block.Block;
import biscotti.file.Caller;
import biscotti.file.Slot;
import biscotti.file.SymbolicLink;
import biscotti.file.Vnode;

/** A symbolic link on the disk: "Symbolic Links". A short target is in the inode, a longer one has a block. */
final class Ext4SymbolicLink extends SymbolicLink implements OnDisk {
    private final Ext4FileSystem ext4;
    private final Inode inode;

    Ext4SymbolicLink(Ext4FileSystem ext4, Inode inode, Vnode.Stored stored) {
        super(ext4, inode.number, stored.userId(), stored.groupId());
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

    @Override
    public int target(Caller caller, Slot<String> path) {
        Volume volume = ext4.volume();
        long size = inode.size();
        boolean isShort = inode.isShortLink();
        int most = isShort
                ? InodeRecord.MAP_SIZE
                : Math.min(Limits.PATH_MAX, volume.superblock().blockSize());
        if (size <= 0 || size >= most) {
            return -EUCLEAN;
        }
        Block block = isShort ? inode.read() : volume.read(inode, 0);
        if (block.error() < 0) {
            return block.error();
        }
        int length = (int) Math.min(size, Limits.PATH_MAX);
        byte[] text = new byte[length];
        block.get(isShort ? inode.offset + InodeRecord.MAP : 0, text, 0, length);
        block.release();
        return path.put(Latin1.text(text, 0, length));
    }

    @Override
    protected void discard() {
        ext4.discard(inode);
    }
}
