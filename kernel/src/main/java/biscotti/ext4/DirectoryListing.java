package biscotti.ext4;

import static biscotti.abi.Errno.EUCLEAN;

import biscotti.abi.FileMode;
import biscotti.block.Block;
import biscotti.file.DirectoryReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One look at the names of a directory. Where names have an order by hashes, a position is a hash: names that come or go, and blocks that are
 * divided meanwhile, change nothing for those that stay. So it is for directories with one block, too, which may get an index
 * between two looks; as on Linux. Without an index, and with more blocks, entries never move, and a position is an entry's offset.
 *
 * <p>The inode is locked while a block is copied, and not while the receiver has a name, as it may touch user memory.
 */
final class DirectoryListing {
    private static final int AFTER_DOT = 1;

    /** Positions of names: this, and the hash. Names with the same hash have those that follow it. */
    private static final int AFTER_DOT_DOT = 2;

    private final Volume volume;
    private final Inode directory;
    private final long parent;
    private final DirectoryReader receiver;
    private final EntryBlocks entries;
    private final DirectoryIndex index;
    private final byte[] name = new byte[EntryBlocks.MOST_NAME];
    private final ByteBuffer copy;
    private boolean full;
    private int nextHash;

    /**
     * Lists a directory.
     *
     * @param parent the number of the directory above
     */
    DirectoryListing(
            Volume volume,
            EntryBlocks entries,
            DirectoryIndex index,
            Inode directory,
            long parent,
            DirectoryReader receiver) {
        this.volume = volume;
        this.directory = directory;
        this.parent = parent;
        this.receiver = receiver;
        this.entries = entries;
        this.index = index;
        this.copy = ByteBuffer.allocate(volume.superblock().blockSize()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Tells names from a position on: the position to go on from; -EUCLEAN, -EIO, -ENOMEM. */
    long from(long position) {
        long at = Math.max(0, position);
        if (at < AFTER_DOT) {
            if (!receiver.take(".", directory.number, FileMode.S_IFDIR, AFTER_DOT)) {
                return at;
            }
            at = AFTER_DOT;
        }
        if (at < AFTER_DOT_DOT) {
            if (!receiver.take("..", parent, FileMode.S_IFDIR, AFTER_DOT_DOT)) {
                return at;
            }
            at = AFTER_DOT_DOT;
        }
        return isOrdered() ? byHash(at) : byOffset(at);
    }

    private boolean isOrdered() {
        Superblock superblock = volume.superblock();
        return index.isUsedBy(directory)
                || superblock.hasCompatible(Features.DIRECTORY_INDEX) && directory.size() == superblock.blockSize();
    }

    /** Block after block, each in the order of its hashes; the index is looked at anew for each, as it may have changed. */
    private long byHash(long position) {
        HashedEntries sorted = new HashedEntries(entries);
        long at = position;
        long last = 0;
        int hash = (int) (position - AFTER_DOT_DOT >>> Integer.SIZE) << 1;
        boolean more = true;
        while (more && !full) {
            int error = readSorted(hash, sorted);
            if (error < 0) {
                return error;
            }
            for (int i = 0; i < sorted.count() && !full; i++) {
                last = Math.max(sorted.hash(i) + AFTER_DOT_DOT, last + 1);
                if (last >= at) {
                    full = !tell(sorted.offset(i), last + 1);
                    at = full ? last : last + 1;
                }
            }
            more = error > 0;
            hash = nextHash;
        }
        return at;
    }

    /** Reads the block with a hash: 1; 0 if it is the last one; -EUCLEAN, -EIO, -ENOMEM. */
    private int readSorted(int hash, HashedEntries sorted) {
        directory.lock.lock();
        try {
            if (!index.isUsedBy(directory)) {
                return read(0, sorted, volume.superblock().hashVersion);
            }
            IndexPath path = new IndexPath(volume);
            int error = path.open(directory);
            error = error < 0 ? error : path.descend(directory, hash);
            error = error < 0 ? error : read(path.leaf(), sorted, path.version());
            error = error < 0 ? error : path.next(directory);
            nextHash = path.beginsWith();
            path.close();
            return error;
        } finally {
            directory.lock.unlock();
        }
    }

    private int read(long number, HashedEntries sorted, int version) {
        Block block = volume.read(directory, number);
        int error = block.error();
        if (error == 0 && !entries.isRight(directory.seed, block)) {
            error = -EUCLEAN;
        }
        if (error == 0) {
            block.get(0, copy.array(), 0, entries.blockSize());
            error = sorted.read(block, index.hash(), version);
        }
        block.release();
        return error;
    }

    /** Tells the name of an entry of the block that was copied: whether there was room. */
    private boolean tell(int offset, long next) {
        int length = copy.get(offset + EntryBlocks.NAME_LENGTH) & EntryBlocks.MOST_NAME;
        copy.get(offset + EntryBlocks.NAME, name, 0, length);
        long number = Integer.toUnsignedLong(copy.getInt(offset));
        return receiver.take(name, length, number, entries.type(copy.get(offset + EntryBlocks.TYPE)), next);
    }

    /** In the order in which they lie. */
    private long byOffset(long position) {
        int shift = volume.superblock().blockShift;
        long count = Math.min(directory.size() >>> shift, volume.superblock().blocks);
        long at = position;
        while (at >>> shift < count && !full) {
            int end = readInOrder(at >>> shift);
            if (end < 0) {
                return end;
            }
            at = tellInOrder(at, end);
        }
        return at;
    }

    /** Reads a block: where its entries end, all of which can be; -EUCLEAN, -EIO, -ENOMEM. */
    private int readInOrder(long number) {
        directory.lock.lock();
        try {
            Block block = volume.read(directory, number);
            int end = block.error() < 0 ? block.error() : entries.checkedEnd(directory.seed, block);
            if (end >= 0) {
                block.get(0, copy.array(), 0, entries.blockSize());
            }
            block.release();
            return end;
        } finally {
            directory.lock.unlock();
        }
    }

    private long tellInOrder(long from, int end) {
        long base = from & -entries.blockSize();
        int offset = 0;
        while (offset < end) {
            int length = Short.toUnsignedInt(copy.getShort(offset + EntryBlocks.LENGTH));
            boolean wanted = base + offset >= from && copy.getInt(offset) != 0 && !isDot(base + offset);
            if (wanted && !tell(offset, base + offset + length)) {
                full = true;
                return base + offset;
            }
            offset += length;
        }
        return base + entries.blockSize();
    }

    /** The first two entries of a directory are "." and "..", which were told already. */
    private boolean isDot(long position) {
        int offset = (int) position & entries.blockSize() - 1;
        int length = copy.get(offset + EntryBlocks.NAME_LENGTH);
        return position <= entries.blockSize()
                && (length == 1 || length == 2)
                && copy.get(offset + EntryBlocks.NAME) == '.'
                && copy.get(offset + EntryBlocks.NAME + length - 1) == '.';
    }
}
