package biscotti.process;

import biscotti.sched.KernelThread;
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

    /** Waits for {@link #release}; no signal ends this. For the parent. */
    void await(KernelThread parent) {
        Waiter waiter = parent.waiter();
        WaitEntry entry = waiter.entry();
        while (!done) {
            waiter.reset();
            queue.join(entry);
            if (!done) {
                waiter.sleepUninterrupted(Waiter.FOREVER);
            }
            queue.leave(entry);
        }
    }
}
