package biscotti.abi;

/** Modes of fallocate(2) ({@code linux/falloc.h}). */
public final class FallocateFlags {
    /** The length stays. */
    public static final int FALLOC_FL_KEEP_SIZE = 1;

    /** Make a hole. */
    public static final int FALLOC_FL_PUNCH_HOLE = 2;

    /** Take the range out; what follows moves down. */
    public static final int FALLOC_FL_COLLAPSE_RANGE = 8;

    /** Make the range read as zeros. */
    public static final int FALLOC_FL_ZERO_RANGE = 0x10;

    /** Put a hole in; what follows moves up. */
    public static final int FALLOC_FL_INSERT_RANGE = 0x20;

    /** Give the file storage of its own for what it shares with others. */
    public static final int FALLOC_FL_UNSHARE_RANGE = 0x40;

    private FallocateFlags() {}
}
