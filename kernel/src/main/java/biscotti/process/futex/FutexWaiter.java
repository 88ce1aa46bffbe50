package biscotti.process.futex;

import biscotti.memory.UserMemory;
import biscotti.sched.KernelThread;

/**
 * A thread as futexes see it, and its place in the queue of one. futex_waitv(2), by which a thread waits for several, has one of
 * these for each.
 */
public final class FutexWaiter {
    /** What it waits for. */
    enum Kind {
        /** A wake-up. */
        WAKE,
        /** A wake-up that makes it wait for ownership of another futex: FUTEX_WAIT_REQUEUE_PI. */
        REQUEUE,
        /** Ownership of a futex: FUTEX_LOCK_PI. */
        OWNERSHIP
    }

    /** Stands for a thread that does not exist: nobody waits for it. */
    public static final FutexWaiter NOBODY = nobody();

    private final KernelThread thread;
    private final UserMemory memory;
    private volatile int id;

    // Guarded by the lock of the bucket it is in.
    FutexWaiter next;
    FutexWaiter previous;
    Object space;
    long address;
    int bits;
    Kind kind = Kind.WAKE;
    /** For {@link Kind#REQUEUE} and {@link Kind#OWNERSHIP}: where the futex that it wants lies in its memory. */
    long word;
    /** For {@link Kind#REQUEUE}: the name of that futex. */
    Object targetSpace;

    long target;

    /** The bucket it is in; null when it waits no longer. Changed under the locks of the buckets that it leaves and enters. */
    volatile FutexBucket bucket;

    // Guarded by the lock of PriorityLoans.
    /** The owner of the futex that it wants to own; null if it wants none. Read under the bucket's lock, too. */
    FutexWaiter owner;
    /** Those who want to own what this thread owns. */
    FutexWaiter firstDependent;

    FutexWaiter nextDependent;
    FutexWaiter previousDependent;
    /** Whether the thread has ended, and owns nothing. */
    boolean gone;

    /** A thread that waits for none. */
    public FutexWaiter(int id, KernelThread thread, UserMemory memory) {
        this.id = id;
        this.thread = thread;
        this.memory = memory;
    }

    private static FutexWaiter nobody() {
        FutexWaiter nobody = new FutexWaiter(0, null, null);
        nobody.gone = true;
        return nobody;
    }

    /** The thread's number, which says in a word that it owns it. */
    int id() {
        return id;
    }

    /** Takes over another number, as execve(2) does. */
    public void setId(int newId) {
        id = newId;
    }

    /** One more place in a queue for the same thread. */
    FutexWaiter another() {
        return new FutexWaiter(id, thread, memory);
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
