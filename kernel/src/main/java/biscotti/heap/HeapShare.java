package biscotti.heap;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A share of the kernel's heap for what outlives the programs that made it, such as names of files: that is no process's charge, and
 * killing gives nothing of it back. So there is a limit, which leaves enough for processes; who wants more is refused (ENOSPC).
 *
 * <p>Sizes are about those of the objects. Of several who ask at once each may find the last room: the limit may be passed by what
 * as many CPUs add at a time. May be used by all threads.
 */
public final class HeapShare {
    /** A share without a limit. */
    public static final HeapShare UNLIMITED = new HeapShare(Long.MAX_VALUE);

    private final AtomicLong usedByAll;
    private final long limitOfAll;
    private final AtomicLong used;
    private final long limit;

    /** A share of so many bytes. */
    public HeapShare(long limit) {
        this.used = new AtomicLong();
        this.limit = limit;
        this.usedByAll = used;
        this.limitOfAll = limit;
    }

    private HeapShare(HeapShare whole, long limit) {
        this.used = new AtomicLong();
        this.limit = limit;
        this.usedByAll = whole.usedByAll;
        this.limitOfAll = whole.limitOfAll;
    }

    /** A part of it for one of several, so that one alone does not take all: four fifths. */
    public HeapShare part() {
        return new HeapShare(this, limit / 5 * 4);
    }

    /** Whether anything may be added. */
    public boolean hasRoom() {
        return used.get() < limit && usedByAll.get() < limitOfAll;
    }

    /** Adds bytes; the caller has asked whether there is room, or adds what cannot be refused. */
    public void take(long bytes) {
        used.addAndGet(bytes);
        if (usedByAll != used) {
            usedByAll.addAndGet(bytes);
        }
    }

    /** Gives back what was taken. */
    public void give(long bytes) {
        take(-bytes);
    }

    /** The most that it may have, in bytes. */
    public long limit() {
        return limit;
    }

    /** What it has. */
    public long used() {
        return used.get();
    }

    /** What it may still have. */
    public long free() {
        return Math.max(0, Math.min(limit - used.get(), limitOfAll - usedByAll.get()));
    }
}
