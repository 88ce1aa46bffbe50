package biscotti.process;

import biscotti.abi.Resource;

/**
 * How many real-time signals wait for a process and its threads, and how many timers it has: RLIMIT_SIGPENDING of getrlimit(2).
 * Linux counts those of all processes of a user together; here each process has its own count.
 *
 * <p>Guarded by the process's lock.
 */
final class SignalQuota {
    /** Whatever the limit says, no more: what waits lies on the kernel's heap. */
    static final int MOST = 4096;

    private final ResourceLimits limits;
    private int used;

    SignalQuota(ResourceLimits limits) {
        this.limits = limits;
    }

    /** One more; false if there are as many as there may be. */
    boolean take() {
        if (used >= Math.min(MOST, limits.count(Resource.SIGPENDING))) {
            return false;
        }
        used++;
        return true;
    }

    /** One less. */
    void giveBack() {
        used--;
    }

    /** How many there are; read without the lock, so only about. */
    int used() {
        return used;
    }
}
