package biscotti.ext4;

import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.EUCLEAN;

import biscotti.abi.FileMode;
import biscotti.block.Block;
import biscotti.file.DirectoryReader;

/**
 * The names of a directory: "Linear (Classic) Directories". A hashed directory's index looks like free space to who reads its blocks in
 * order, which is what is done here.
 */
final class DirectoryBlocks {
    private static final int LENGTH = 4;
    private static final int NAME_LENGTH = 6;
    private static final int TYPE = 7;
    private static final int NAME = 8;
    private static final int MOST_NAME = 255;
    private static final int ALIGNMENT = 3;
    private static final int TAIL_SIZE = 12;
    private static final int TAIL_TYPE = 0xde;
    private static final int TAIL_CHECKSUM = 8;
    private static final int[] TYPES = {
        0,
        FileMode.S_IFREG,
        FileMode.S_IFDIR,
        FileMode.S_IFCHR,
        FileMode.S_IFBLK,
        FileMode.S_IFIFO,
        FileMode.S_IFSOCK,
        FileMode.S_IFLNK
    };

    private final Volume volume;
    private final int blockShift;
    private final int blockSize;
    private final boolean hasTypes;

    DirectoryBlocks(Volume volume) {
        this.volume = volume;
        this.blockShift = volume.superblock().blockShift;
        this.blockSize = 1 << blockShift;
        this.hasTypes = volume.superblock().has(Features.FILE_TYPE);
    }

    /** How many blocks there may be: no more than the file system has. */
    private long blocksOf(Inode directory) {
        return Math.min(directory.size() >>> blockShift, volume.superblock().blocks);
    }

    /** Bytes of the entry at an offset of a block; -EUCLEAN if there can be none. */
    private int lengthAt(Block block, int offset) {
        int length = block.getShort(offset + LENGTH);
        int name = block.getByte(offset + NAME_LENGTH);
        boolean right = (length & ALIGNMENT) == 0 && length >= NAME + name && length <= blockSize - offset;
        return right && length > NAME ? length : -EUCLEAN;
    }

    /** Whether a block that has a checksum has the right one; a block of the index has its own, and no names. */
    private boolean isRight(Inode directory, Block block) {
        int tail = blockSize - TAIL_SIZE;
        boolean has = volume.superblock().hasChecksums()
                && block.getInt(tail) == 0
                && block.getShort(tail + LENGTH) == TAIL_SIZE
                && block.getByte(tail + TYPE) == TAIL_TYPE;
        return !has || block.checksum(directory.seed, 0, tail) == block.getInt(tail + TAIL_CHECKSUM);
    }

    private static boolean isNamed(Block block, int entry, byte[] name) {
        if (block.getByte(entry + NAME_LENGTH) != name.length || block.getInt(entry) == 0) {
            return false;
        }
        int at = 0;
        while (at < name.length && (byte) block.getByte(entry + NAME + at) == name[at]) {
            at++;
        }
        return at == name.length;
    }

    /** The number of the inode that has a name; -ENOENT; -EUCLEAN for a damaged directory; -EIO, -ENOMEM. */
    long find(Inode directory, byte[] name) {
        long count = blocksOf(directory);
        for (long number = 0; number < count; number++) {
            Block block = volume.read(directory, number);
            if (block.error() < 0) {
                return block.error();
            }
            long found = findInBlock(directory, block, name);
            block.release();
            if (found != 0) {
                return found;
            }
        }
        return -ENOENT;
    }

    /** The number of the inode; 0 if the name is not there; -EUCLEAN. */
    private long findInBlock(Inode directory, Block block, byte[] name) {
        if (!isRight(directory, block)) {
            return -EUCLEAN;
        }
        int offset = 0;
        while (offset <= blockSize - TAIL_SIZE) {
            int length = lengthAt(block, offset);
            if (length < 0) {
                return length;
            }
            if (isNamed(block, offset, name)) {
                return block.getUnsignedInt(offset);
            }
            offset += length;
        }
        return 0;
    }

    /**
     * Tells names from a position on, as {@link biscotti.file.Directory#list}: a position is an entry's offset in the directory.
     *
     * @return the position to go on from; -EUCLEAN, -EIO, -ENOMEM
     */
    long list(Inode directory, long position, DirectoryReader receiver) {
        byte[] name = new byte[MOST_NAME];
        long count = blocksOf(directory);
        long at = Math.max(0, position);
        while (at >>> blockShift < count) {
            Block block = volume.read(directory, at >>> blockShift);
            if (block.error() < 0) {
                return block.error();
            }
            long next = isRight(directory, block) ? listBlock(block, at, name, receiver) : -EUCLEAN;
            block.release();
            if (next <= at || (next & blockSize - 1) != 0) {
                return next;
            }
            at = next;
        }
        return at;
    }

    /** Tells the names of one block: the next block's position, or that of the entry that was not taken, or -EUCLEAN. */
    private long listBlock(Block block, long position, byte[] name, DirectoryReader receiver) {
        long base = position & -blockSize;
        int wanted = (int) (position - base);
        int offset = 0;
        while (offset <= blockSize - TAIL_SIZE) {
            int length = lengthAt(block, offset);
            if (length < 0) {
                return length;
            }
            if (offset >= wanted && !tell(block, offset, base + offset + length, name, receiver)) {
                return base + offset;
            }
            offset += length;
        }
        return base + blockSize;
    }

    /** Tells the name of one entry, if it has one: false if it was not taken. */
    private boolean tell(Block block, int entry, long next, byte[] name, DirectoryReader receiver) {
        long inode = block.getUnsignedInt(entry);
        if (inode == 0) {
            return true;
        }
        int bytes = block.getByte(entry + NAME_LENGTH);
        block.get(entry + NAME, name, 0, bytes);
        return receiver.take(name, bytes, inode, typeOf(block, entry), next);
    }

    private int typeOf(Block block, int entry) {
        int type = hasTypes ? block.getByte(entry + TYPE) : 0;
        return type < TYPES.length ? TYPES[type] : 0;
    }
}
