package biscotti.ext4;

import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.Block;
import biscotti.machine.PhysicalMemory;

/** The entries of one block in the order of their hashes, as {@link NameHash#order} tells them. */
final class HashedEntries {
    /** As many as a block can have. */
    private static final int MOST = PhysicalMemory.FRAME_SIZE / EntryBlocks.LEAST;

    private final EntryBlocks entries;
    private final long[] hashes = new long[MOST];
    private final int[] offsets = new int[MOST];
    private final byte[] name = new byte[EntryBlocks.MOST_NAME];
    private int count;

    /** Room for the entries of one block. */
    HashedEntries(EntryBlocks entries) {
        this.entries = entries;
    }

    /** Reads a block, without "." and "..": 0 or -EUCLEAN. */
    int read(Block block, NameHash hash, int version) {
        count = 0;
        int end = entries.endOf(block);
        int offset = 0;
        while (offset < end) {
            int length = entries.lengthAt(block, offset);
            if (length < 0 || count == hashes.length) {
                return -EUCLEAN;
            }
            if (entries.number(block, offset) != 0 && !entries.isDot(block, offset)) {
                int bytes = entries.name(block, offset, name);
                hashes[count] = NameHash.order(hash.of(version, name, bytes));
                offsets[count] = offset;
                count++;
            }
            offset += length;
        }
        sort();
        return 0;
    }

    /** By Shell's method; those of one hash stay in any order. */
    private void sort() {
        for (int gap = count / 2; gap > 0; gap /= 2) {
            for (int i = gap; i < count; i++) {
                long hash = hashes[i];
                int offset = offsets[i];
                int at = i;
                while (at >= gap && isAfter(at - gap, hash, offset)) {
                    hashes[at] = hashes[at - gap];
                    offsets[at] = offsets[at - gap];
                    at -= gap;
                }
                hashes[at] = hash;
                offsets[at] = offset;
            }
        }
    }

    private boolean isAfter(int index, long hash, int offset) {
        return hashes[index] > hash || hashes[index] == hash && offsets[index] > offset;
    }

    int count() {
        return count;
    }

    long hash(int index) {
        return hashes[index];
    }

    int offset(int index) {
        return offsets[index];
    }

    /** What the index has of a hash. */
    int upper(int index) {
        return (int) (hashes[index] >>> Integer.SIZE) << 1;
    }

    /**
     * Where to divide the block in two of about the same size: at least one entry is before, and one from there on. There are two
     * or more.
     */
    int middle(Block block) {
        int half = entries.blockSize() / 2;
        int size = 0;
        int at = count;
        while (at > 1) {
            int length = entries.lengthAt(block, offsets[at - 1]);
            if (size + length / 2 > half) {
                break;
            }
            size += length;
            at--;
        }
        return at == count || at == 1 ? count / 2 : at;
    }
}
