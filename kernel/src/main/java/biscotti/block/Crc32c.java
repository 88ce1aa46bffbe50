package biscotti.block;

import biscotti.machine.PhysicalMemory;

/**
 * CRC-32C (Castagnoli), as disk formats use it: a value goes in and comes out without being inverted, so that sums over several
 * pieces are chained. Eight bytes at a time, each with a table of its own ("slicing by 8").
 */
public final class Crc32c {
    /** What ext4 begins with: the customary start of the sum. */
    public static final int START = ~0;

    /** The polynomial, lowest power in the highest bit. */
    private static final int POLYNOMIAL = 0x82F63B78;

    private static final int SLICES = 8;
    private static final int[] TABLE = table();

    private Crc32c() {}

    private static int[] table() {
        int[] table = new int[SLICES << 8];
        for (int i = 0; i < 256; i++) {
            int sum = i;
            for (int bit = 0; bit < 8; bit++) {
                sum = sum >>> 1 ^ ((sum & 1) == 0 ? 0 : POLYNOMIAL);
            }
            table[i] = sum;
        }
        for (int i = 256; i < table.length; i++) {
            int before = table[i - 256];
            table[i] = before >>> 8 ^ table[before & 0xFF];
        }
        return table;
    }

    /** The sum with one more byte. */
    public static int update(int sum, byte value) {
        return sum >>> 8 ^ TABLE[(sum ^ value) & 0xFF];
    }

    /** The sum with four more bytes, of which the lowest comes first. */
    public static int updateInt(int sum, int value) {
        int mixed = sum ^ value;
        return TABLE[3 << 8 | mixed & 0xFF]
                ^ TABLE[2 << 8 | mixed >>> 8 & 0xFF]
                ^ TABLE[1 << 8 | mixed >>> 16 & 0xFF]
                ^ TABLE[mixed >>> 24];
    }

    private static int updateLong(int sum, long value) {
        int high = (int) (value >>> 32);
        int low = sum ^ (int) value;
        return TABLE[7 << 8 | low & 0xFF]
                ^ TABLE[6 << 8 | low >>> 8 & 0xFF]
                ^ TABLE[5 << 8 | low >>> 16 & 0xFF]
                ^ TABLE[4 << 8 | low >>> 24]
                ^ TABLE[3 << 8 | high & 0xFF]
                ^ TABLE[2 << 8 | high >>> 8 & 0xFF]
                ^ TABLE[1 << 8 | high >>> 16 & 0xFF]
                ^ TABLE[high >>> 24];
    }

    /** The sum with bytes of an array. */
    public static int update(int sum, byte[] bytes, int offset, int length) {
        int result = sum;
        for (int i = offset; i < offset + length; i++) {
            result = update(result, bytes[i]);
        }
        return result;
    }

    /** The sum with bytes of physical memory. */
    public static int update(int sum, PhysicalMemory memory, long address, int length) {
        int result = sum;
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            result = updateLong(result, memory.readLong(address + at));
        }
        for (; at < length; at++) {
            result = update(result, memory.readByte(address + at));
        }
        return result;
    }

    /** The sum with some zeros more: in the place of a sum that is among what it is the sum of. */
    public static int updateZeros(int sum, int count) {
        int result = sum;
        for (int i = 0; i < count; i++) {
            result = update(result, (byte) 0);
        }
        return result;
    }
}
