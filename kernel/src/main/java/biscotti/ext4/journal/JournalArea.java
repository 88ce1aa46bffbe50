package biscotti.ext4.journal;

/** Where the blocks of the journal lie on the device: runs of blocks, in the order of the journal's file. */
public final class JournalArea {
    /** The most runs. */
    public static final int MOST_RUNS = 4096;

    private final long[] starts;
    private final int[] firsts;
    private int runs;
    private int length;

    /** No blocks yet, in at most so many runs. */
    public JournalArea(int runs) {
        int most = Math.clamp(runs, 1, MOST_RUNS);
        starts = new long[most];
        firsts = new int[most];
    }

    /** Adds a run; false if there are too many runs or blocks. */
    public boolean add(long start, int count) {
        if (count <= 0 || count > Integer.MAX_VALUE - length) {
            return false;
        }
        if (runs > 0 && starts[runs - 1] + (length - firsts[runs - 1]) == start) {
            length += count;
            return true;
        }
        if (runs == starts.length) {
            return false;
        }
        starts[runs] = start;
        firsts[runs] = length;
        runs++;
        length += count;
        return true;
    }

    /** How many blocks it has. */
    public int length() {
        return length;
    }

    /** The block of the device that is a block of the journal. */
    public long block(int index) {
        int low = 0;
        int high = runs - 1;
        while (low < high) {
            int middle = low + high + 1 >>> 1;
            if (firsts[middle] <= index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return starts[low] + (index - firsts[low]);
    }
}
