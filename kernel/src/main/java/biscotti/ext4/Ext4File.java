package biscotti.ext4;

import static biscotti.abi.Errno.ENXIO;
import static biscotti.abi.Errno.EROFS;

import biscotti.block.BlockRun;
import biscotti.file.CachedFile;
import biscotti.file.Vnode;

/** A regular file on the disk. */
final class Ext4File extends CachedFile implements OnDisk {
    private final Ext4FileSystem ext4;
    private final Inode inode;

    Ext4File(Ext4FileSystem ext4, Inode inode, Vnode.Stored stored) {
        super(
                ext4,
                inode.number,
                stored.mode(),
                stored.userId(),
                stored.groupId(),
                ext4.cache(),
                ext4.disk(),
                inode.size(),
                MAXIMUM_LENGTH);
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
    public int blockShift() {
        return ext4.volume().superblock().blockShift;
    }

    @Override
    public long find(long block, int most) {
        return ext4.volume().find(inode, block, most);
    }

    @Override
    protected int prepare(long page, long position, int bytes, boolean fault) {
        return -EROFS;
    }

    @Override
    protected int lengthen(long newLength) {
        return -EROFS;
    }

    @Override
    public int truncate(long length) {
        return -EROFS;
    }

    @Override
    public int allocate(int mode, long offset, long length) {
        return -EROFS;
    }

    @Override
    public long nextData(long position) {
        return next(position, false);
    }

    @Override
    public long nextHole(long position) {
        return next(position, true);
    }

    private long next(long position, boolean hole) {
        long end = length();
        if (position < 0 || position >= end) {
            return -ENXIO;
        }
        int shift = blockShift();
        long at = position;
        while (at < end) {
            long run = find(at >>> shift, BlockRun.MOST);
            if (run < 0) {
                return run;
            }
            if (BlockRun.isHole(run) == hole) {
                return at;
            }
            at = (at >>> shift) + BlockRun.count(run) << shift;
        }
        return hole ? end : -ENXIO;
    }

    /** {@inheritDoc} Its pages in memory go; the disk has them. */
    @Override
    protected void discard() {
        pages().close();
        ext4.discard(this, inode);
    }

    @Override
    public String name() {
        return "file " + number() + " of " + ext4.disk().name();
    }
}
