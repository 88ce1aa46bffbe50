package biscotti.memory;

import biscotti.machine.PhysicalMemory;

/**
 * The addresses that belong to user programs: 64 KB to 4 TB, and 16 TB to one page below 128 TB. What lies between is the
 * Java virtual machine's, what lies above is not canonical or the kernel's.
 */
public final class UserRange {
    /** The lowest address. */
    public static final long LOW_START = 0x1_0000L;

    /** The end of the lower part. */
    public static final long LOW_END = 4L << 40;

    /** The start of the upper part. */
    public static final long HIGH_START = 16L << 40;

    /** The end of the upper part, Linux's TASK_SIZE: the last page would let sysret return to a non-canonical address. */
    public static final long HIGH_END = (128L << 40) - PhysicalMemory.FRAME_SIZE;

    private UserRange() {}

    /** Whether an address is a user address. */
    public static boolean contains(long address) {
        return address < LOW_END ? address >= LOW_START : address >= HIGH_START && address < HIGH_END;
    }

    /** Whether all of a range is user addresses; an empty range must start at one or at the end of the range. */
    public static boolean contains(long address, long length) {
        if (length < 0 || address < LOW_START) {
            return false;
        }
        long end = address + length;
        return end >= address && (end <= LOW_END || (address >= HIGH_START && end <= HIGH_END));
    }

    /** Whether a range, which may be empty, ends at or below {@link #HIGH_END}: Linux's access_ok, wherever programs may have memory. */
    public static boolean endsBelowTop(long address, long length) {
        return address >= 0 && address <= HIGH_END && length >= 0 && length <= HIGH_END - address;
    }

    /** The start of the page that holds an address. */
    public static long pageStart(long address) {
        return address & -PhysicalMemory.FRAME_SIZE;
    }

    /** The address rounded up to a page's start; 0 if that overflows. */
    public static long pageEnd(long address) {
        return address + PhysicalMemory.FRAME_MASK & -PhysicalMemory.FRAME_SIZE;
    }
}
