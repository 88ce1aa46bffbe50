package biscotti.sched;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Guards a few instructions that never block: run queues, timers, wait queues, lists of watchers. Not reentrant. Kernel threads
 * are not preempted in ring 0, so it is held for a moment only. A holder must not park, and must not take another lock of the
 * same kind unless its class says in which order; a carrier may take it, in the action of a {@link Timer} too.
 */
public final class SpinLock {
    private static final VarHandle HELD;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(SpinLock.class, "held", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // through HELD
    private boolean held;

    /** A lock that nobody holds. */
    public SpinLock() {}

    /** Takes the lock. */
    public void acquire() {
        while (!HELD.compareAndSet(this, false, true)) {
            Thread.onSpinWait();
        }
    }

    /** Gives the lock back. For its holder. */
    public void release() {
        HELD.setRelease(this, false);
    }
}
