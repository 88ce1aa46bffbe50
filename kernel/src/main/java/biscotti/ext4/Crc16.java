package biscotti.ext4;

import biscotti.block.Block;

/** The checksum of 16 bits that older file systems have in the descriptors of groups: CRC-16 with the polynomial 0x8005, reflected. */
final class Crc16 {
    /** Of nothing. */
    static final int START = 0xffff;

    private static final int POLYNOMIAL = 0xa001;

    private Crc16() {}

    /** Adds a byte. */
    static int update(int sum, int value) {
        int next = sum ^ value & 0xff;
        for (int i = 0; i < Byte.SIZE; i++) {
            next = (next & 1) == 0 ? next >>> 1 : next >>> 1 ^ POLYNOMIAL;
        }
        return next;
    }

    /** Adds bytes of a block. */
    static int update(int sum, Block block, int offset, int length) {
        int next = sum;
        for (int i = 0; i < length; i++) {
            next = update(next, block.getByte(offset + i));
        }
        return next;
    }

    /** Adds a number, its lowest byte first. */
    static int updateInt(int sum, int value) {
        int next = sum;
        for (int i = 0; i < Integer.BYTES; i++) {
            next = update(next, value >>> i * Byte.SIZE);
        }
        return next;
    }
}
