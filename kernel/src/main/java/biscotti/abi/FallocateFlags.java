package biscotti.abi;

/** Modes of fallocate(2) ({@code linux/falloc.h}). */
public final class FallocateFlags {
    /** The length stays. */
    public static final int FALLOC_FL_KEEP_SIZE = 1;

    /** Make a hole. */
    public static final int FALLOC_FL_PUNCH_HOLE = 2;

    /** Make the range read as zeros. */
    public static final int FALLOC_FL_ZERO_RANGE = 0x10;

    private FallocateFlags() {}
}
