package biscotti.sched;

/** A waiter's place on one {@link WaitQueue}. */
public final class WaitEntry {
    final Waiter waiter;
    final boolean exclusive;

    // Guarded by the queue's lock.
    WaitQueue queue;
    WaitEntry next;
    WaitEntry previous;

    /**
     * A place for a waiter.
     *
     * @param exclusive whether one {@link WaitQueue#wakeOne} is enough for it and all exclusive ones behind it; an observer,
     *     such as poll, is not exclusive
     */
    public WaitEntry(Waiter waiter, boolean exclusive) {
        this.waiter = waiter;
        this.exclusive = exclusive;
    }
}
