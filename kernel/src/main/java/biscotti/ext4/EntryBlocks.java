package biscotti.ext4;

import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.EUCLEAN;

import biscotti.abi.FileMode;
import biscotti.block.Block;

/**
 * Blocks with the names of a directory: "Linear (Classic) Directories". Entries follow one another without a gap; one that is free has no
 * inode. With checksums, each block ends with one. A node of an index looks like a block that is free.
 */
final class EntryBlocks {
    /** The longest name, in bytes. */
    static final int MOST_NAME = 255;

    /** Bytes of an entry with the shortest name. */
    static final int LEAST = 12;

    /** Where an entry has its length. */
    static final int LENGTH = 4;

    /** The length of its name. */
    static final int NAME_LENGTH = 6;

    /** The file's type. */
    static final int TYPE = 7;

    /** Its name. */
    static final int NAME = 8;

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

    private final int blockSize;
    private final boolean hasTypes;
    private final boolean hasSums;

    EntryBlocks(Superblock superblock) {
        blockSize = 1 << superblock.blockShift;
        hasTypes = superblock.has(Features.FILE_TYPE);
        hasSums = superblock.hasChecksums();
    }

    /** Bytes of a block. */
    int blockSize() {
        return blockSize;
    }

    /** Where entries end in a block that is made here. */
    int end() {
        return hasSums ? blockSize - TAIL_SIZE : blockSize;
    }

    private static int lengthFor(int nameLength) {
        return NAME + nameLength + ALIGNMENT & ~ALIGNMENT;
    }

    /** Whether the checksum of a block is right; a node of an index, which has its own, and no names, passes, too. */
    boolean isRight(int seed, Block block) {
        return !hasTail(block)
                || block.checksum(seed, 0, blockSize - TAIL_SIZE)
                        == block.getInt(blockSize - TAIL_SIZE + TAIL_CHECKSUM);
    }

    private boolean hasTail(Block block) {
        int tail = blockSize - TAIL_SIZE;
        return hasSums
                && block.getInt(tail) == 0
                && block.getShort(tail + LENGTH) == TAIL_SIZE
                && block.getByte(tail + TYPE) == TAIL_TYPE;
    }

    /** Where the entries of a block end that was read. */
    int endOf(Block block) {
        return hasTail(block) ? blockSize - TAIL_SIZE : blockSize;
    }

    /** Bytes of the entry at an offset; -EUCLEAN if there can be none. */
    int lengthAt(Block block, int offset) {
        if (offset > blockSize - LEAST) {
            return -EUCLEAN;
        }
        int length = block.getShort(offset + LENGTH);
        int name = block.getByte(offset + NAME_LENGTH);
        boolean right = (length & ALIGNMENT) == 0 && length >= NAME + name && length <= blockSize - offset;
        return right && length > NAME ? length : -EUCLEAN;
    }

    /** The inode of an entry; 0 if it is free. */
    long number(Block block, int offset) {
        return block.getUnsignedInt(offset);
    }

    /** What the byte for a file's type says, as in {@code S_IFMT}; 0 if it says nothing. */
    int type(byte stored) {
        int type = hasTypes ? Byte.toUnsignedInt(stored) : 0;
        return type < TYPES.length ? TYPES[type] : 0;
    }

    /** Where the entries of a block end, if there can be such entries, and the checksum is right; else -EUCLEAN. */
    int checkedEnd(int seed, Block block) {
        int end = endOf(block);
        int offset = isRight(seed, block) ? 0 : -EUCLEAN;
        while (offset >= 0 && offset < end) {
            int length = lengthAt(block, offset);
            offset = length < 0 ? length : offset + length;
        }
        return offset < 0 ? offset : end;
    }

    /** Copies a name, which has {@link #MOST_NAME} bytes at most: its length. */
    int name(Block block, int offset, byte[] to) {
        int length = block.getByte(offset + NAME_LENGTH) & MOST_NAME;
        block.get(offset + NAME, to, 0, length);
        return length;
    }

    /** Whether an entry has a name. */
    boolean isNamed(Block block, int offset, byte[] name) {
        if (block.getByte(offset + NAME_LENGTH) != name.length || number(block, offset) == 0) {
            return false;
        }
        int at = 0;
        while (at < name.length && (byte) block.getByte(offset + NAME + at) == name[at]) {
            at++;
        }
        return at == name.length;
    }

    /** Whether the name of an entry is "." or "..". */
    boolean isDot(Block block, int offset) {
        int length = block.getByte(offset + NAME_LENGTH);
        return (length == 1 || length == 2)
                && block.getByte(offset + NAME) == '.'
                && block.getByte(offset + NAME + length - 1) == '.';
    }

    /** Where the entry of a name is; -ENOENT, -EUCLEAN. */
    int find(int seed, Block block, byte[] name) {
        if (!isRight(seed, block)) {
            return -EUCLEAN;
        }
        int end = endOf(block);
        int offset = 0;
        while (offset < end) {
            int length = lengthAt(block, offset);
            if (length < 0) {
                return length;
            }
            if (isNamed(block, offset, name)) {
                return offset;
            }
            offset += length;
        }
        return -ENOENT;
    }

    /** Where there is room for a name of a length: the entry to be shortened or used; -ENOSPC, -EUCLEAN. */
    int findRoom(int seed, Block block, int nameLength) {
        if (!isRight(seed, block)) {
            return -EUCLEAN;
        }
        int end = endOf(block);
        int offset = 0;
        while (offset < end) {
            int length = lengthAt(block, offset);
            if (length < 0) {
                return length;
            }
            if (length - used(block, offset) >= lengthFor(nameLength)) {
                return offset;
            }
            offset += length;
        }
        return -ENOSPC;
    }

    /** How much of an entry its name needs. */
    private int used(Block block, int offset) {
        return number(block, offset) == 0 ? 0 : lengthFor(block.getByte(offset + NAME_LENGTH));
    }

    /** Puts a name where {@link #findRoom} found room. */
    void insert(int seed, Block block, int room, byte[] name, long number, int mode) {
        int used = used(block, room);
        int length = block.getShort(room + LENGTH) - used;
        if (used > 0) {
            block.putShort(room + LENGTH, used);
        }
        write(block, room + used, length, name, number, mode);
        seal(seed, block);
    }

    private void write(Block block, int offset, int length, byte[] name, long number, int mode) {
        block.putShort(offset + LENGTH, length);
        block.putByte(offset + NAME_LENGTH, name.length);
        block.put(offset + NAME, name, 0, name.length);
        name(block, offset, number, mode);
    }

    private void name(Block block, int offset, long number, int mode) {
        block.putInt(offset, (int) number);
        block.putByte(offset + TYPE, hasTypes ? typeOf(mode) : 0);
    }

    private static int typeOf(int mode) {
        int type = TYPES.length - 1;
        while (type > 0 && TYPES[type] != (mode & FileMode.S_IFMT)) {
            type--;
        }
        return type;
    }

    /** Has an entry name another file. */
    void replace(Block block, int offset, long number, int mode) {
        name(block, offset, number, mode);
    }

    /** Frees an entry: that before it gets its room. */
    void remove(int seed, Block block, int offset) {
        int before = -1;
        int at = 0;
        while (at < offset) {
            before = at;
            at += Math.max(LEAST, block.getShort(at + LENGTH));
        }
        int length = block.getShort(offset + LENGTH);
        if (before >= 0) {
            block.putShort(before + LENGTH, block.getShort(before + LENGTH) + length);
        }
        block.putInt(offset, 0);
        seal(seed, block);
    }

    /** Makes a new block, which has room only. */
    void clear(int seed, Block block) {
        block.zero(0, blockSize);
        finish(seed, block, 0, 0);
    }

    /** Copies an entry from a block's bytes behind those that are in another: where the next one goes. */
    int append(Block to, int at, byte[] from, int offset) {
        int length = lengthFor(Byte.toUnsignedInt(from[offset + NAME_LENGTH]));
        to.put(at, from, offset, length);
        to.putShort(at + LENGTH, length);
        return at + length;
    }

    /**
     * The entries of a block are in it: the last one gets all room that is left.
     *
     * @param last where the last one begins
     * @param behind where it ends; the same if there is none
     */
    void finish(int seed, Block block, int last, int behind) {
        int end = end();
        block.zero(behind, blockSize - behind);
        block.putShort(last + LENGTH, end - last);
        if (hasSums) {
            block.putShort(end + LENGTH, TAIL_SIZE);
            block.putByte(end + TYPE, TAIL_TYPE);
        }
        seal(seed, block);
    }

    /** Its entries have changed: the checksum is right again. */
    void seal(int seed, Block block) {
        if (hasTail(block)) {
            int tail = blockSize - TAIL_SIZE;
            block.putInt(tail + TAIL_CHECKSUM, block.checksum(seed, 0, tail));
        }
    }

    /** Makes the first block of a directory: "." and "..". */
    void begin(int seed, Block block, long self, long parent) {
        block.zero(0, blockSize);
        write(block, 0, LEAST, new byte[] {'.'}, self, FileMode.S_IFDIR);
        write(block, LEAST, LEAST, new byte[] {'.', '.'}, parent, FileMode.S_IFDIR);
        finish(seed, block, LEAST, 2 * LEAST);
    }

    /** In the first block of a directory: where ".." is; -EUCLEAN if it is not. */
    int parentOffset(Block block) {
        int length = lengthAt(block, 0);
        boolean right = length > 0 && lengthAt(block, length) > 0 && isNamed(block, length, new byte[] {'.', '.'});
        return right ? length : -EUCLEAN;
    }
}
