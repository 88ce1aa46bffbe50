package biscotti.process;

/** A thread's place in the queue of a futex; each thread waits for one at most, so this is its only one. */
final class FutexWaiter {
    private final UserThread thread;

    // Guarded by the lock of the bucket it is in.
    FutexWaiter next;
    FutexWaiter previous;
    Object space;
    long address;
    int bits;

    /** The bucket it is in; null when it waits no longer. Changed under the locks of the buckets that it leaves and enters. */
    volatile Futexes.Bucket bucket;

    FutexWaiter(UserThread thread) {
        this.thread = thread;
    }

    /** Whether it waits for a futex. */
    boolean isFor(Object wantedSpace, long wantedAddress) {
        return address == wantedAddress && space == wantedSpace;
    }

    /** Lets its thread go on. */
    void wake() {
        thread.kernelThread().waiter().wake();
    }
}
