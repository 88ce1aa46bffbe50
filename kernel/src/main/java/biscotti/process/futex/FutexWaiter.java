package biscotti.process.futex;

import biscotti.memory.UserMemory;
import biscotti.sched.KernelThread;

/** A thread as futexes see it, and its place in the queue of one; it waits for one at most, so this is its only place. */
public final class FutexWaiter {
    private final KernelThread thread;
    private final UserMemory memory;

    // Guarded by the lock of the bucket it is in.
    FutexWaiter next;
    FutexWaiter previous;
    Object space;
    long address;
    int bits;

    /** The bucket it is in; null when it waits no longer. Changed under the locks of the buckets that it leaves and enters. */
    volatile Futexes.Bucket bucket;

    /** A thread that waits for none. */
    public FutexWaiter(KernelThread thread, UserMemory memory) {
        this.thread = thread;
        this.memory = memory;
    }

    KernelThread kernelThread() {
        return thread;
    }

    /** Where it looks for the words. */
    UserMemory memory() {
        return memory;
    }

    /** Whether it waits for a futex. */
    boolean isFor(Object wantedSpace, long wantedAddress) {
        return address == wantedAddress && space == wantedSpace;
    }

    /** Lets its thread go on. */
    void wake() {
        thread.waiter().wake();
    }
}
