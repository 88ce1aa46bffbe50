package biscotti.process.identity;

/**
 * Supplementary groups, in ascending order, as setgroups(2) keeps them on Linux. Whoever makes a list fills it, and changes it no
 * more after {@link #sort}. It lies in pieces, as the largest one would be a large object.
 */
public final class GroupList {
    /** The most groups: NGROUPS_MAX. */
    public static final int LIMIT = 65536;

    /** Nobody's groups. */
    static final GroupList EMPTY = new GroupList(0);

    /** Groups in a piece. */
    public static final int PIECE = 4096;

    private final int size;
    private final int[][] pieces;

    /** A list of so many groups, at most {@link #LIMIT}, none of them set. */
    public GroupList(int size) {
        this.size = size;
        this.pieces = new int[Math.min((size + PIECE - 1) / PIECE, LIMIT / PIECE)][];
    }

    /** How many groups there are. */
    public int size() {
        return size;
    }

    /** A group. */
    public int get(int index) {
        return pieces[index / PIECE][index % PIECE];
    }

    /** How many pieces it has. */
    public int pieces() {
        return pieces.length;
    }

    /** Makes the piece with a number, before its groups are set. */
    public void makePiece(int piece) {
        pieces[piece] = new int[PIECE];
    }

    /** Sets a group, whose piece has been made. */
    public void set(int index, int group) {
        pieces[index / PIECE][index % PIECE] = group;
    }

    /** Sorts them: a heap sort, which needs no room. */
    public void sort() {
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i, size);
        }
        for (int end = size - 1; end > 0; end--) {
            swap(0, end);
            sink(0, end);
        }
    }

    /** Moves a group down in the heap that ends before {@code end}, until no child of it is greater. */
    private void sink(int from, int end) {
        int at = from;
        int child = greaterChild(at, end);
        while (child < end && isLess(get(at), get(child))) {
            swap(at, child);
            at = child;
            child = greaterChild(at, end);
        }
    }

    private int greaterChild(int at, int end) {
        int left = 2 * at + 1;
        return left + 1 < end && isLess(get(left), get(left + 1)) ? left + 1 : left;
    }

    private void swap(int one, int other) {
        int kept = get(one);
        set(one, get(other));
        set(other, kept);
    }

    private static boolean isLess(int one, int other) {
        return Integer.compareUnsigned(one, other) < 0;
    }

    /** Whether a group is in the list. */
    public boolean contains(int group) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = low + high >>> 1;
            if (isLess(get(middle), group)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < size && get(low) == group;
    }
}
