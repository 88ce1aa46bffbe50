package biscotti.process;

import biscotti.sched.WaitEntry;
import biscotti.sched.WaitQueue;
import biscotti.sched.Waiter;

/** A thread that waits in vfork(2) until its child has a program of its own or has ended. */
final class VforkParent {
    /** Nobody waits. */
    static final VforkParent NONE = new VforkParent();

    private final WaitQueue queue = new WaitQueue();
    private volatile boolean done;

    /** Lets the parent go on. */
    void release() {
        done = true;
        queue.wakeAll();
    }

    /**
     * Waits for {@link #release}; only a signal that kills the parent ends this earlier. It may last as long as the child likes,
     * which may itself call vfork(2): so nothing of the heap stays reserved meanwhile. For the parent.
     */
    void await(UserThread parent) {
        Waiter waiter = parent.kernelThread().waiter();
        WaitEntry entry = waiter.entry();
        while (!done && !parent.mustDie()) {
            waiter.reset();
            queue.join(entry);
            if (!done) {
                waiter.sleepListened(Waiter.FOREVER, parent::mustDie);
            }
            queue.leave(entry);
        }
    }
}
