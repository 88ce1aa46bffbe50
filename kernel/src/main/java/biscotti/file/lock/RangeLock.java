package biscotti.file.lock;

/** A lock on a range of bytes. */
public final class RangeLock {
    /** The last byte of a range without end. */
    public static final long END = Long.MAX_VALUE;

    final LockOwner owner;
    final int processId;
    final LockType type;
    long first;
    long last;
    RangeLock next;

    /**
     * A lock, or the wish for one.
     *
     * @param processId as F_GETLK tells it: -1 for a lock of an open file description
     * @param first its first byte, not negative
     * @param last its last byte, not below the first; {@link #END} for all there will ever be
     */
    public RangeLock(LockOwner owner, int processId, LockType type, long first, long last) {
        this.owner = owner;
        this.processId = processId;
        this.type = type;
        this.first = first;
        this.last = last;
    }

    /** The process that holds it; -1 if that is an open file description. */
    public int processId() {
        return processId;
    }

    /** What it allows others. */
    public LockType type() {
        return type;
    }

    /** Its first byte. */
    public long first() {
        return first;
    }

    /** Its last byte, or {@link #END}. */
    public long last() {
        return last;
    }

    boolean overlaps(RangeLock other) {
        return first <= other.last && other.first <= last;
    }

    /** Whether both ranges, put together, have no gap. */
    boolean touches(RangeLock other) {
        return first - 1 <= other.last && other.first - 1 <= last;
    }

    boolean conflictsWith(RangeLock other) {
        return owner != other.owner
                && overlaps(other)
                && (type == LockType.EXCLUSIVE || other.type == LockType.EXCLUSIVE);
    }
}
