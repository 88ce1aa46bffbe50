package biscotti.process;

import biscotti.abi.Resource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many real-time signals wait for a process and its threads, and how many timers it has. RLIMIT_SIGPENDING of getrlimit(2)
 * binds those of all processes of a user together.
 *
 * <p>Guarded by the process's lock.
 */
final class SignalQuota {
    /** Whatever the limit says, no more: what waits lies on the kernel's heap. */
    static final int MOST = 4096;

    private final Process process;
    private volatile int used;

    SignalQuota(Process process) {
        this.process = process;
    }

    /** One more; false if there are as many as there may be. */
    boolean take() {
        int limit = Math.min(MOST, process.limits().count(Resource.SIGPENDING));
        AtomicLong all = process.system().queuedSignals();
        if (used >= limit || all.get() >= limit && ofUser() >= limit) {
            return false;
        }
        all.incrementAndGet();
        used = used + 1;
        return true;
    }

    private long ofUser() {
        return UserTotals.signals(process.system(), process.credentials().user().real());
    }

    /** One less. */
    void giveBack() {
        process.system().queuedSignals().decrementAndGet();
        used = used - 1;
    }

    /** How many there are; read without the lock, so only about. */
    int used() {
        return used;
    }
}
