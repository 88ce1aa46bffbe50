package biscotti.sched;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Guards a few instructions that never block: run queues, timers, wait queues. Not reentrant. A holder must not park, and
 * must not take another lock of the same kind unless its class says in which order.
 */
class SpinLock {
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

    final void acquire() {
        while (!HELD.compareAndSet(this, false, true)) {
            Thread.onSpinWait();
        }
    }

    final void release() {
        HELD.setRelease(this, false);
    }
}
