package biscotti.block;

import biscotti.driver.disk.BlockRequest;

/**
 * How many pages to read at once: more and more as long as a file is read in order, one if it is not. What two threads do to it at
 * once may make a window too short or too long, and nothing worse.
 */
final class ReadAhead {
    private static final int FIRST = 4;
    private static final int MOST = BlockRequest.MOST_SEGMENTS;

    private volatile long expected;
    private volatile int window = FIRST;

    /** How many pages to read from one that is missing on. */
    int window(long page) {
        int wanted = page == expected ? Math.min(MOST, window * 2) : page == 0 ? FIRST : 1;
        window = Math.max(FIRST, wanted);
        expected = page + wanted;
        return wanted;
    }
}
