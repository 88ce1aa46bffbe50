package biscotti.ext4;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EFBIG;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.ENXIO;
import static biscotti.abi.Errno.EOPNOTSUPP;

import biscotti.abi.FallocateFlags;
import biscotti.block.BlockRun;
import biscotti.ext4.journal.Handle;
import biscotti.ext4.journal.OrderedData;
import biscotti.file.CachedFile;
import biscotti.file.Vnode;
import biscotti.machine.PhysicalMemory;

/** A regular file on the disk. */
final class Ext4File extends CachedFile implements OnDisk {
    private static final int PAGE_SHIFT = PhysicalMemory.FRAME_SHIFT;
    private static final long PAGE_MASK = PhysicalMemory.FRAME_MASK;

    /** The last page that a file can have. */
    private static final long ALL_PAGES = Long.MAX_VALUE >>> PAGE_SHIFT;

    /** A change of the map, and the inode. */
    private static final int CREDITS_TO_CHANGE = Volume.CREDITS_TO_ALLOCATE + 1;

    /** The inode, which comes among the orphans and goes from them, and a run of blocks. */
    private static final int CREDITS_TO_CUT = Volume.CREDITS_TO_REMOVE + 2 * Orphans.CREDITS + 1;

    /** How often is waited for blocks to become free: others may take them. */
    private static final int TRIES = 4;

    private final Ext4FileSystem ext4;
    private final Volume volume;
    private final Inode inode;

    /** What is written before a transaction commits that gave it blocks. */
    private final OrderedData data = new OrderedData() {
        @Override
        protected void writeBack() {
            pages().sync();
        }
    };

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
                mostBytes(ext4, inode));
        this.ext4 = ext4;
        this.volume = ext4.volume();
        this.inode = inode;
    }

    /** The greatest length: numbers of blocks have 32 bits, or as many as indirect blocks lead to. */
    private static long mostBytes(Ext4FileSystem ext4, Inode inode) {
        int shift = ext4.volume().superblock().blockShift;
        return (inode.hasExtents() ? ExtentNode.BEYOND - 1 : IndirectPath.mostBlocks(shift)) << shift;
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
        return volume.superblock().blockShift;
    }

    @Override
    public long find(long block, int most) {
        return volume.find(inode, block, most);
    }

    @Override
    protected int prepare(long position, int bytes, boolean fault) {
        long end = giveBlocks(position, position + bytes, fault);
        return end < 0 ? (int) end : (int) (end - position);
    }

    @Override
    protected long lengthen(long from, long newLength) {
        long at = from;
        long result = from;
        while (at < newLength && result >= 0) {
            result = giveBlocks(at, newLength, false);
            at = Math.max(at, result);
        }
        return at > from ? at : result;
    }

    /**
     * Gives blocks to bytes that are in memory, from the first on as many as one change can; they are data before the end from then on.
     *
     * @return the position behind them, or a negative errno
     */
    private long giveBlocks(long from, long to, boolean fault) {
        return change(handle -> {
            int error = fault ? checkFault(from) : 0;
            return error < 0 ? error : giveBlocks(handle, from, to);
        });
    }

    /** A change of where the blocks lie. */
    private interface MapChange {
        /** Makes it, with the inode locked: a result to hand on, or a negative errno. */
        long make(Handle handle);
    }

    /** Makes a change, in a handle of its own; if no blocks are left, again when some have become free. */
    private long change(MapChange change) {
        long result = changeOnce(change);
        for (int i = 0; i < TRIES && result == -ENOSPC && ext4.awaitBlocks(); i++) {
            result = changeOnce(change);
        }
        return result;
    }

    private long changeOnce(MapChange change) {
        Handle handle = volume.transactions().begin(CREDITS_TO_CHANGE);
        long result = handle.error();
        if (result == 0) {
            inode.lock.lock();
            try {
                result = change.make(handle);
            } finally {
                inode.lock.unlock();
            }
        }
        int ended = handle.end();
        return result < 0 ? result : ended < 0 ? ended : result;
    }

    private int checkFault(long position) {
        if (position >= length()) {
            return -ENXIO;
        }
        return isBeingRemoved(position >>> PAGE_SHIFT) ? -EAGAIN : 0;
    }

    private long giveBlocks(Handle handle, long from, long to) {
        int shift = blockShift();
        long block = from >>> shift;
        long run = volume.allocate(handle, inode, block, (int) ((to - 1 >>> shift) - block + 1), true);
        if (run < 0) {
            return run;
        }
        long end = Math.min(to, block + BlockRun.count(run) << shift);
        for (long page = from >>> PAGE_SHIFT; page <= end - 1 >>> PAGE_SHIFT; page++) {
            pages().dirty(page);
        }
        handle.order(data);
        return end > length() ? endAt(handle, end) : end;
    }

    /** The length from now on, in memory and on the disk: itself, or a negative errno. */
    private long endAt(Handle handle, long newLength) {
        handle.order(data);
        setLength(newLength);
        inode.setSize(newLength);
        int error = inode.store(handle);
        return error < 0 ? error : newLength;
    }

    @Override
    public int truncate(long newLength) {
        if (newLength > mostBytes(ext4, inode)) {
            return -EFBIG;
        }
        lock().lock();
        try {
            modified();
            return newLength < length() ? cut(newLength) : extend(newLength);
        } finally {
            lock().unlock();
        }
    }

    /** Makes it longer by a hole. */
    private int extend(long newLength) {
        int error = newLength > length() ? clearTail() : 0;
        if (error < 0) {
            return error;
        }
        return (int) Math.min(changeOnce(handle -> endAt(handle, newLength)), 0);
    }

    /** Takes all away behind a new end. */
    private int cut(long newLength) {
        int error = clear(newLength, Math.min(length(), newLength + PAGE_MASK & ~PAGE_MASK));
        if (error < 0) {
            return error;
        }
        long firstBehind = newLength + PAGE_MASK >>> PAGE_SHIFT;
        beginRemoval(firstBehind, ALL_PAGES);
        Handle handle = volume.transactions().begin(CREDITS_TO_CUT);
        error = handle.error();
        if (error == 0) {
            error = (int) Math.min(endAt(handle, newLength), 0);
            error = error == 0 ? volume.orphans().add(handle, inode) : error;
            error = error == 0 ? removeBehindEnd(handle) : error;
        }
        int ended = handle.end();
        mappings().cut(firstBehind);
        endRemoval();
        return error < 0 ? error : ended;
    }

    /** It was being cut when the machine stopped: that is brought to an end. For a mount; 0 or a negative errno. */
    int cutAgain() {
        Handle handle = volume.transactions().begin(CREDITS_TO_CUT);
        int error = handle.error();
        error = error == 0 ? removeBehindEnd(handle) : error;
        int ended = handle.end();
        return error < 0 ? error : ended;
    }

    /** Takes the blocks away that lie behind the end; it is among the orphans until then. */
    private int removeBehindEnd(Handle handle) {
        int error = removeBlocks(handle, blockBehind(length()), ALL_PAGES + 1 << PAGE_SHIFT - blockShift());
        return error < 0 ? error : volume.orphans().removeWhole(handle, inode);
    }

    /** Takes blocks and what is in memory of them away, with as many handles as that takes; each begins with the credits that are left. */
    private int removeBlocks(Handle handle, long from, long to) {
        int credits = handle.credits();
        long run = volume.removeLast(handle, inode, from, to);
        removePages(from, to);
        while (run > 0) {
            int error = volume.free(handle, run);
            error = error == 0 ? handle.restart(credits) : error;
            if (error < 0) {
                return error;
            }
            run = volume.removeLast(handle, inode, from, to);
            removePages(from, to);
        }
        return (int) run;
    }

    /** Blocks have gone: so do pages of them alone, and no transfer of others is under way when this returns. */
    private void removePages(long from, long to) {
        int shift = PAGE_SHIFT - blockShift();
        long first = from >>> shift;
        long behind = to >>> shift;
        if (first << shift != from) {
            pages().settle(first);
            first++;
        }
        if (behind << shift != to) {
            pages().settle(behind);
        }
        if (first < behind) {
            pages().remove(first, behind - 1);
        }
    }

    private long blockBehind(long position) {
        int shift = blockShift();
        return (position >>> shift) + ((position & (1L << shift) - 1) == 0 ? 0 : 1);
    }

    @Override
    public int allocate(int mode, long offset, long bytes) {
        if (!inode.hasExtents()) {
            return -EOPNOTSUPP;
        }
        long end = offset + bytes;
        if (end > mostBytes(ext4, inode)) {
            return -EFBIG;
        }
        boolean keepsLength = (mode & FallocateFlags.FALLOC_FL_KEEP_SIZE) != 0;
        lock().lock();
        try {
            modified();
            return switch (mode & ~FallocateFlags.FALLOC_FL_KEEP_SIZE) {
                case 0 -> reserve(offset, end, keepsLength);
                case FallocateFlags.FALLOC_FL_PUNCH_HOLE -> punch(offset, Math.min(end, length()));
                case FallocateFlags.FALLOC_FL_ZERO_RANGE -> {
                    int error = zero(offset, Math.min(end, length()));
                    yield error < 0 ? error : reserve(offset, end, keepsLength);
                }
                default -> -EOPNOTSUPP;
            };
        } finally {
            lock().unlock();
        }
    }

    /** Gives blocks that read as zeros to all of a range that has none. */
    private int reserve(long from, long to, boolean keepsLength) {
        long behind = blockBehind(to);
        long block = from >>> blockShift();
        while (block < behind) {
            long at = block;
            int most = (int) Math.min(behind - at, BlockRun.MOST);
            long run = change(handle -> volume.allocate(handle, inode, at, most, false));
            if (run < 0) {
                return (int) run;
            }
            block += BlockRun.count(run);
        }
        return keepsLength || to <= length() ? 0 : extend(to);
    }

    /** Takes the blocks of a range before the end away. */
    private int punch(long from, long to) {
        return replace(from, to, (first, behind) -> {
            Handle handle = volume.transactions().begin(CREDITS_TO_CUT);
            int error = handle.error();
            error = error == 0 ? removeBlocks(handle, first, behind) : error;
            int ended = handle.end();
            return error < 0 ? error : ended;
        });
    }

    /** Has the blocks of a range before the end read as zeros, which stay the file's. */
    private int zero(long from, long to) {
        return replace(from, to, (first, behind) -> {
            long block = first;
            while (block < behind) {
                long at = block;
                int most = (int) Math.min(behind - at, BlockRun.MOST);
                long count = change(handle -> volume.markUnwritten(handle, inode, at, most));
                if (count < 0) {
                    return (int) count;
                }
                block += count;
            }
            removePages(first, behind);
            return 0;
        });
    }

    /** What is done with blocks of which nothing stays as it was. */
    private interface Replacement {
        int make(long first, long behind);
    }

    /** Has a range before the end read as zeros: by writing them to its pages' parts, and else by doing something with its blocks. */
    private int replace(long from, long to, Replacement replacement) {
        if (from >= to) {
            return 0;
        }
        long wholeFrom = Math.min(to, from + PAGE_MASK & ~PAGE_MASK);
        long wholeTo = Math.max(wholeFrom, to & ~PAGE_MASK);
        int error = clear(from, wholeFrom);
        error = error == 0 ? clear(wholeTo, to) : error;
        if (error < 0) {
            return error;
        }
        long first = blockBehind(from);
        long behind = to == length() ? blockBehind(to) : to >>> blockShift();
        if (first >= behind) {
            return 0;
        }
        long firstPage = from >>> PAGE_SHIFT;
        long lastPage = to - 1 >>> PAGE_SHIFT;
        beginRemoval(firstPage, lastPage);
        error = replacement.make(first, behind);
        mappings().drop(firstPage, lastPage);
        endRemoval();
        return error;
    }

    /** {@inheritDoc} What leads to the bytes is lasting, too; without {@code dataOnly} also times that have changed alone. */
    @Override
    public int sync(boolean dataOnly) {
        pages().sync();
        return ext4.sync(inode, !dataOnly);
    }

    @Override
    public boolean isStored() {
        return !inode.isChanged() && pages().dirtyPages() == 0;
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

    /** {@inheritDoc} Its pages in memory go: the disk has them, or they are to be deleted. */
    @Override
    protected void discard() {
        if (!ext4.discard(inode)) {
            forgetPages();
        }
    }

    /** Nothing of it is in memory from now on: nobody uses it. */
    void forgetPages() {
        pages().close();
    }

    @Override
    public String name() {
        return "file " + number() + " of " + ext4.disk().name();
    }
}
