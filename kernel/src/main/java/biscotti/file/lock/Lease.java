package biscotti.file.lock;

import biscotti.sched.Waiter;

/** A lease on a file (fcntl(2), "Leases"). Guarded by the lock of its {@link Leases}. */
final class Lease {
    final LeaseHolder holder;
    LockType type;
    /** Somebody wants to write: it has to go. */
    boolean ends;
    /** Somebody wants to read: it has to become a shared one. */
    boolean weakens;
    /** When what has to be happens without its holder's doing. */
    long deadline = Waiter.FOREVER;

    Lease next;

    Lease(LeaseHolder holder, LockType type) {
        this.holder = holder;
        this.type = type;
    }

    /** Whether it is in the way of one who opens the file. */
    boolean conflicts(boolean writes) {
        return writes || type == LockType.EXCLUSIVE;
    }

    /** Its holder has changed it. */
    void change(LockType newType) {
        type = newType;
        weakens = false;
        deadline = ends ? deadline : Waiter.FOREVER;
    }
}
