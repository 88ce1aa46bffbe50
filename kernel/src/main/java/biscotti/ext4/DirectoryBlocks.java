package biscotti.ext4;

import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.EUCLEAN;

import biscotti.abi.FileMode;
import biscotti.block.Crc32c;
import biscotti.file.DirectoryReader;
import biscotti.machine.PhysicalMemory;

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
    private final PhysicalMemory memory;
    private final int blockShift;
    private final int blockSize;
    private final boolean hasTypes;

    DirectoryBlocks(Volume volume) {
        this.volume = volume;
        this.memory = volume.blocks().memory();
        this.blockShift = volume.superblock().blockShift;
        this.blockSize = 1 << blockShift;
        this.hasTypes = volume.superblock().has(Features.FILE_TYPE);
    }

    /** How many blocks there may be: no more than the file system has. */
    private long blocksOf(Inode directory) {
        return Math.min(directory.size >>> blockShift, volume.superblock().blocks);
    }

    /** Bytes of the entry at an offset of a block; -EUCLEAN if there can be none. */
    private int lengthAt(long block, int offset) {
        int length = Short.toUnsignedInt(memory.readShort(block + offset + LENGTH));
        int name = Byte.toUnsignedInt(memory.readByte(block + offset + NAME_LENGTH));
        boolean right = (length & ALIGNMENT) == 0 && length >= NAME + name && length <= blockSize - offset;
        return right && length > NAME ? length : -EUCLEAN;
    }

    /** Whether a block that has a checksum has the right one; a block of the index has its own, and no names. */
    private boolean isRight(Inode directory, long block) {
        int tail = blockSize - TAIL_SIZE;
        boolean has = volume.superblock().hasChecksums()
                && memory.readInt(block + tail) == 0
                && memory.readShort(block + tail + LENGTH) == TAIL_SIZE
                && Byte.toUnsignedInt(memory.readByte(block + tail + TYPE)) == TAIL_TYPE;
        return !has
                || Crc32c.update(directory.seed, memory, block, tail) == memory.readInt(block + tail + TAIL_CHECKSUM);
    }

    private boolean isNamed(long entry, byte[] name) {
        if (Byte.toUnsignedInt(memory.readByte(entry + NAME_LENGTH)) != name.length || memory.readInt(entry) == 0) {
            return false;
        }
        int at = 0;
        while (at < name.length && memory.readByte(entry + NAME + at) == name[at]) {
            at++;
        }
        return at == name.length;
    }

    /** The number of the inode that has a name; -ENOENT; -EUCLEAN for a damaged directory; -EIO, -ENOMEM. */
    long find(Inode directory, byte[] name) {
        long count = blocksOf(directory);
        for (long number = 0; number < count; number++) {
            long block = volume.pin(directory, number);
            if (block < 0) {
                return block;
            }
            long found = findInBlock(directory, block, name);
            volume.blocks().unpin(block);
            if (found != 0) {
                return found;
            }
        }
        return -ENOENT;
    }

    /** The number of the inode; 0 if the name is not there; -EUCLEAN. */
    private long findInBlock(Inode directory, long block, byte[] name) {
        if (!isRight(directory, block)) {
            return -EUCLEAN;
        }
        int offset = 0;
        while (offset <= blockSize - TAIL_SIZE) {
            int length = lengthAt(block, offset);
            if (length < 0) {
                return length;
            }
            if (isNamed(block + offset, name)) {
                return Integer.toUnsignedLong(memory.readInt(block + offset));
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
            long block = volume.pin(directory, at >>> blockShift);
            if (block < 0) {
                return block;
            }
            long next = isRight(directory, block) ? listBlock(block, at, name, receiver) : -EUCLEAN;
            volume.blocks().unpin(block);
            if (next <= at || (next & blockSize - 1) != 0) {
                return next;
            }
            at = next;
        }
        return at;
    }

    /** Tells the names of one block: the next block's position, or that of the entry that was not taken, or -EUCLEAN. */
    private long listBlock(long block, long position, byte[] name, DirectoryReader receiver) {
        long base = position & -blockSize;
        int wanted = (int) (position - base);
        int offset = 0;
        while (offset <= blockSize - TAIL_SIZE) {
            int length = lengthAt(block, offset);
            if (length < 0) {
                return length;
            }
            if (offset >= wanted && !tell(block + offset, base + offset + length, name, receiver)) {
                return base + offset;
            }
            offset += length;
        }
        return base + blockSize;
    }

    /** Tells the name of one entry, if it has one: false if it was not taken. */
    private boolean tell(long entry, long next, byte[] name, DirectoryReader receiver) {
        long inode = Integer.toUnsignedLong(memory.readInt(entry));
        if (inode == 0) {
            return true;
        }
        int bytes = memory.readByte(entry + NAME_LENGTH) & MOST_NAME;
        memory.copyOut(entry + NAME, name, 0, bytes);
        return receiver.take(name, bytes, inode, typeOf(entry), next);
    }

    private int typeOf(long entry) {
        int type = hasTypes ? Byte.toUnsignedInt(memory.readByte(entry + TYPE)) : 0;
        return type < TYPES.length ? TYPES[type] : 0;
    }
}
