package biscotti.block;

/**
 * Some blocks of a file that lie one after the other on a device, or are all missing: as {@link BlockMap#find} tells them, packed
 * into one number that is never negative.
 */
public final class BlockRun {
    private static final int START_BITS = 48;
    private static final long START = (1L << START_BITS) - 1;

    /** Instead of a first block: the blocks are on no device, and read as zeros. */
    public static final long HOLE = START;

    /** The most blocks of one run. */
    public static final int MOST = Short.MAX_VALUE;

    private BlockRun() {}

    /**
     * A run.
     *
     * @param start its first block on the device, below 2^48 - 1, or {@link #HOLE}
     * @param count how many blocks, 1 to {@link #MOST}
     */
    public static long of(long start, int count) {
        return (long) count << START_BITS | start;
    }

    /** Its first block on the device, or {@link #HOLE}. */
    public static long start(long run) {
        return run & START;
    }

    /** How many blocks it has. */
    public static int count(long run) {
        return (int) (run >>> START_BITS);
    }

    /** Whether its blocks are on no device. */
    public static boolean isHole(long run) {
        return start(run) == HOLE;
    }
}
