package biscotti.ext4;

import static biscotti.abi.Errno.EUCLEAN;

import biscotti.abi.Latin1;
import biscotti.abi.Limits;
import biscotti.file.Caller;
import biscotti.file.Slot;
import biscotti.file.SymbolicLink;

/** A symbolic link on the disk: "Symbolic Links". A short target is in the inode, a longer one has a block. */
final class Ext4SymbolicLink extends SymbolicLink {
    private final Ext4FileSystem ext4;
    private final Inode inode;

    Ext4SymbolicLink(Ext4FileSystem ext4, Inode inode) {
        super(ext4, inode.number, inode.userId, inode.groupId);
        this.ext4 = ext4;
        this.inode = inode;
    }

    @Override
    public long size() {
        return inode.size;
    }

    @Override
    public long blocks() {
        return inode.sectors;
    }

    @Override
    public int target(Caller caller, Slot<String> path) {
        Volume volume = ext4.volume();
        boolean isShort = inode.isShortLink(volume.superblock());
        int most = isShort ? Inode.MAP_SIZE : Math.min(Limits.PATH_MAX, 1 << volume.superblock().blockShift);
        if (inode.size <= 0 || inode.size >= most) {
            return -EUCLEAN;
        }
        int length = (int) Math.min(inode.size, Limits.PATH_MAX);
        Blocks blocks = volume.blocks();
        long at = isShort ? blocks.pin(inode.place) : volume.pin(inode, 0);
        if (at < 0) {
            return (int) at;
        }
        byte[] text = new byte[length];
        blocks.memory().copyOut(isShort ? at + Inode.MAP : at, text, 0, length);
        blocks.unpin(at);
        return path.put(Latin1.text(text, 0, length));
    }
}
