package biscotti.ext4;

import biscotti.abi.Latin1;
import java.util.Arrays;

/**
 * A copy of a place for extended attributes, behind the fields of an inode or in a block: entries from the front, values from the end. "Extended
 * Attributes". It is changed by making another one of it, so that what the disk has is changed only when all fits.
 */
final class AttributeArea {
    /** {@code h_magic}. */
    static final int MAGIC = 0xea020000;

    /** {@code h_refcount} of a block: how many files have it. */
    static final int REFERENCES = 0x4;

    /** {@code h_checksum} of a block. */
    static final int CHECKSUM = 0x10;

    private static final int BLOCKS = 0x8;
    private static final int HASH = 0xc;
    private static final int BLOCK_HEADER = 0x20;

    private static final int ENTRY = 0x10;
    private static final int ENTRY_INDEX = 0x1;
    private static final int ENTRY_VALUE = 0x2;
    private static final int ENTRY_INODE = 0x4;
    private static final int ENTRY_SIZE = 0x8;
    private static final int ENTRY_HASH = 0xc;
    private static final int END = Integer.BYTES;
    private static final int NONE = -1;

    private static final int NAME_SHIFT = 5;
    private static final int VALUE_SHIFT = 16;

    private final byte[] bytes;
    private final boolean isBlock;

    /** Where entries begin. */
    private final int first;

    /** From where the places of values are counted. */
    private final int origin;

    /** Behind the last entry, and before the first value, while it is filled. */
    private int entriesEnd;

    private int valuesStart;

    private AttributeArea(byte[] bytes, boolean isBlock) {
        this.bytes = bytes;
        this.isBlock = isBlock;
        this.first = isBlock ? BLOCK_HEADER : END;
        this.origin = isBlock ? 0 : first;
        this.entriesEnd = first;
        this.valuesStart = bytes.length;
    }

    /** What a block has, or an empty one in zeros. */
    static AttributeArea ofBlock(byte[] bytes) {
        return new AttributeArea(bytes, true);
    }

    /** What is behind the fields of an inode; there need not be anything. */
    static AttributeArea ofInode(byte[] bytes) {
        AttributeArea area = new AttributeArea(bytes, false);
        if (bytes.length < END || area.getInt(0) != MAGIC) {
            Arrays.fill(bytes, (byte) 0);
        }
        return area;
    }

    /** The bytes as they are to be on the disk, but for the checksum of a block. */
    byte[] bytes() {
        return bytes;
    }

    private int getShort(int at) {
        return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
    }

    private int getInt(int at) {
        return getShort(at) | getShort(at + 2) << 16;
    }

    private void putShort(int at, int value) {
        bytes[at] = (byte) value;
        bytes[at + 1] = (byte) (value >>> 8);
    }

    private void putInt(int at, int value) {
        putShort(at, value);
        putShort(at + 2, value >>> 16);
    }

    private static int padded(int size) {
        return size + 3 & ~3;
    }

    private int nameLength(int entry) {
        return bytes[entry] & 0xff;
    }

    private int index(int entry) {
        return bytes[entry + ENTRY_INDEX] & 0xff;
    }

    private int valueSize(int entry) {
        return getInt(entry + ENTRY_SIZE);
    }

    private int value(int entry) {
        return valueSize(entry) == 0 ? bytes.length : origin + getShort(entry + ENTRY_VALUE);
    }

    private int behind(int entry) {
        return entry + ENTRY + padded(nameLength(entry));
    }

    /** Whether there is an entry, or else the end of them. */
    private boolean isEntry(int at) {
        return at + ENTRY + END <= bytes.length && getInt(at) != 0;
    }

    /** Whether there is nothing in it. */
    boolean isEmpty() {
        return !isEntry(first);
    }

    /** Whether all that it says of places and lengths can be; to be asked before all else. A value in an inode of its own cannot. */
    boolean isRight() {
        int least = bytes.length;
        int at = first;
        while (at + END <= bytes.length && getInt(at) != 0) {
            boolean fits = at + ENTRY + END <= bytes.length && behind(at) + END <= bytes.length;
            if (!fits || getInt(at + ENTRY_INODE) != 0) {
                return false;
            }
            int size = valueSize(at);
            int value = value(at);
            if (size < 0 || size > bytes.length || value + padded(size) > bytes.length || (value & 3) != 0) {
                return false;
            }
            least = Math.min(least, value);
            at = behind(at);
        }
        return bytes.length < first + END || least >= at + END;
    }

    /** The entry of a name; negative if there is none. */
    int find(AttributeName name) {
        int at = first;
        while (isEntry(at)) {
            if (compare(name, at) == 0) {
                return at;
            }
            at = behind(at);
        }
        return NONE;
    }

    /** The order of entries in a block: by number, length, bytes. */
    private int compare(AttributeName name, int entry) {
        int length = nameLength(entry);
        if (name.index != index(entry)) {
            return name.index - index(entry);
        }
        int from = entry + ENTRY;
        return name.rest.length == length
                ? Arrays.compareUnsigned(name.rest, 0, length, bytes, from, from + length)
                : name.rest.length - length;
    }

    /** The length of an entry's value. */
    int length(int entry) {
        return valueSize(entry);
    }

    /** Copies the value of an entry, for which there is room. */
    void copyValue(int entry, byte[] to) {
        System.arraycopy(bytes, value(entry), to, 0, valueSize(entry));
    }

    /**
     * Adds the names to a list, each with a NUL behind it.
     *
     * @param at how long the list is
     * @param users whether those of users are shown
     * @param trusted whether those are that only the superuser may see
     * @return how long it is then, also where there is not room for all
     */
    int list(byte[] to, int at, boolean users, boolean trusted) {
        int end = at;
        for (int entry = first; isEntry(entry); entry = behind(entry)) {
            int index = index(entry);
            String prefix = AttributeName.prefix(index);
            boolean hidden = index == AttributeName.USER && !users || index == AttributeName.TRUSTED && !trusted;
            if (prefix.isEmpty() || hidden) {
                continue;
            }
            int start = end;
            end += prefix.length() + nameLength(entry) + 1;
            if (end <= to.length) {
                Latin1.copy(prefix, 0, to, start, prefix.length());
                System.arraycopy(bytes, entry + ENTRY, to, start + prefix.length(), nameLength(entry));
                to[end - 1] = 0;
            }
        }
        return end;
    }

    /**
     * Makes another area of this one, which has everything but a name.
     *
     * @param made as long as this one, zeros
     * @return whether it has: not if this one is damaged
     */
    boolean without(AttributeName name, AttributeArea made) {
        boolean fits = true;
        for (int entry = first; isEntry(entry) && fits; entry = behind(entry)) {
            fits = compare(name, entry) == 0 || made.append(this, entry);
        }
        made.finish();
        return fits;
    }

    /** Makes another area of this one, in which a name has a value, as {@link #without}: false also if there is no room. */
    boolean with(AttributeName name, byte[] value, AttributeArea made) {
        boolean fits = true;
        boolean added = false;
        for (int entry = first; isEntry(entry) && fits; entry = behind(entry)) {
            int order = compare(name, entry);
            if (order < 0 && !added) {
                added = true;
                fits = made.append(name, value);
            }
            fits = fits && (order == 0 || made.append(this, entry));
        }
        fits = fits && (added || made.append(name, value));
        made.finish();
        return fits;
    }

    private boolean append(AttributeArea from, int entry) {
        int length = from.nameLength(entry);
        int size = from.valueSize(entry);
        if (!append(from.index(entry), from.bytes, entry + ENTRY, length, from.bytes, from.value(entry), size)) {
            return false;
        }
        int added = entriesEnd - ENTRY - padded(length);
        putInt(added + ENTRY_HASH, from.getInt(entry + ENTRY_HASH));
        return true;
    }

    private boolean append(AttributeName name, byte[] value) {
        int length = name.rest.length;
        if (!append(name.index, name.rest, 0, length, value, 0, value.length)) {
            return false;
        }
        int added = entriesEnd - ENTRY - padded(length);
        putInt(added + ENTRY_HASH, isBlock ? hash(added) : 0);
        return true;
    }

    private boolean append(int index, byte[] name, int nameAt, int length, byte[] value, int valueAt, int size) {
        int entry = entriesEnd;
        int behind = entry + ENTRY + padded(length);
        if (behind + END > valuesStart - padded(size)) {
            return false;
        }
        valuesStart -= padded(size);
        entriesEnd = behind;
        bytes[entry] = (byte) length;
        bytes[entry + ENTRY_INDEX] = (byte) index;
        putShort(entry + ENTRY_VALUE, size == 0 ? 0 : valuesStart - origin);
        putInt(entry + ENTRY_SIZE, size);
        System.arraycopy(name, nameAt, bytes, entry + ENTRY, length);
        System.arraycopy(value, valueAt, bytes, valuesStart, size);
        return true;
    }

    /** {@code e_hash}: of the name, and of the value with the zeros behind it. */
    private int hash(int entry) {
        int hash = 0;
        for (int i = 0; i < nameLength(entry); i++) {
            hash = Integer.rotateLeft(hash, NAME_SHIFT) ^ bytes[entry + ENTRY + i] & 0xff;
        }
        int start = value(entry);
        for (int at = start; at < start + valueSize(entry); at += Integer.BYTES) {
            hash = Integer.rotateLeft(hash, VALUE_SHIFT) ^ getInt(at);
        }
        return hash;
    }

    /** The header: that of an inode with nothing is zeros, that of a block has a hash of all, or 0 if an entry has none. */
    private void finish() {
        if (isBlock) {
            putInt(REFERENCES, 1);
            putInt(BLOCKS, 1);
            putInt(HASH, hashOfAll());
        }
        if (isBlock || !isEmpty()) {
            putInt(0, MAGIC);
        }
    }

    private int hashOfAll() {
        int hash = 0;
        for (int entry = first; isEntry(entry); entry = behind(entry)) {
            int own = getInt(entry + ENTRY_HASH);
            if (own == 0) {
                return 0;
            }
            hash = Integer.rotateLeft(hash, VALUE_SHIFT) ^ own;
        }
        return hash;
    }
}
