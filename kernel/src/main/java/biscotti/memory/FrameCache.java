package biscotti.memory;

import java.util.concurrent.atomic.AtomicBoolean;

/** A CPU's few free frames. Whoever has taken it may use it; nobody waits for it. */
final class FrameCache {
    /** How many frames go between a cache and the common list at once. */
    static final int BATCH = 32;

    private static final int CAPACITY = 2 * BATCH;

    private final AtomicBoolean taken = new AtomicBoolean();
    private final long[] frames = new long[CAPACITY];
    private int count;

    /** Takes the cache if it is not taken. */
    boolean tryTake() {
        return taken.compareAndSet(false, true);
    }

    /** Ends what a successful {@link #tryTake} began. */
    void giveBack() {
        taken.set(false);
    }

    boolean isEmpty() {
        return count == 0;
    }

    boolean isFull() {
        return count == CAPACITY;
    }

    long pop() {
        return frames[--count];
    }

    void push(long frame) {
        frames[count++] = frame;
    }

    /** How many frames it has; approximate for those who have not taken it. */
    int count() {
        return count;
    }
}
