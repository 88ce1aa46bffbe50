package biscotti.ext4;

import biscotti.block.Block;

/** The bits of a block, the lowest bit of the first byte first: what is in use of a group. */
final class Bitmap {
    private static final int WORD = Long.SIZE;

    private Bitmap() {}

    private static long word(Block bitmap, int index) {
        return bitmap.getLong(index * Long.BYTES);
    }

    static boolean has(Block bitmap, int bit) {
        return (bitmap.getByte(bit >> 3) & 1 << (bit & 7)) != 0;
    }

    /** Sets bits, or clears them. */
    static void set(Block bitmap, int first, int count, boolean value) {
        int at = first;
        int end = first + count;
        while (at < end) {
            int inWord = at & WORD - 1;
            int part = Math.min(end - at, WORD - inWord);
            long mask = (part == WORD ? -1L : (1L << part) - 1) << inWord;
            int offset = at / WORD * Long.BYTES;
            long before = bitmap.getLong(offset);
            bitmap.putLong(offset, value ? before | mask : before & ~mask);
            at += part;
        }
    }

    /** Whether bits have all the same value. */
    static boolean are(Block bitmap, int first, int count, boolean value) {
        return (value ? nextClear(bitmap, first, first + count) : nextSet(bitmap, first, first + count))
                == first + count;
    }

    /** The first bit from one on that is clear, or the end. */
    static int nextClear(Block bitmap, int from, int end) {
        return next(bitmap, from, end, -1);
    }

    /** The first bit from one on that is set, or the end. */
    static int nextSet(Block bitmap, int from, int end) {
        return next(bitmap, from, end, 0);
    }

    private static int next(Block bitmap, int from, int end, long turn) {
        int at = from;
        while (at < end) {
            long rest = (word(bitmap, at / WORD) ^ turn) >>> (at & WORD - 1);
            if (rest != 0) {
                return Math.min(end, at + Long.numberOfTrailingZeros(rest));
            }
            at = (at | WORD - 1) + 1;
        }
        return end;
    }
}
