package biscotti.sched;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Runs something once at a time of the monotonic clock; may be armed again and again.
 *
 * <p>The action runs on a carrier: it must be short and must not block; it may arm the timer again, wake threads, and take
 * spin locks. {@link #arm} and {@link #cancel} may be called by any thread; a timer has at most one deadline, the last one
 * armed. An action may still be running, or about to run, when {@code cancel} returns false.
 */
public final class Timer extends PairingHeap.Node<Timer> {
    private static final VarHandle QUEUE;

    static {
        try {
            QUEUE = MethodHandles.lookup().findVarHandle(Timer.class, "queue", TimerQueue.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Scheduler scheduler;
    private final Runnable action;

    /** When it is due; changed by its queue only. */
    long deadline;

    /** The queue that it waits in; null when it is not armed. Set under that queue's lock. */
    private volatile TimerQueue queue;

    /** A timer that is not armed yet. */
    public Timer(Scheduler scheduler, Runnable action) {
        this.scheduler = scheduler;
        this.action = action;
    }

    /**
     * Sets the deadline; one set before is forgotten. The owner of the timer sees to it that two threads don't arm it at the
     * same time.
     *
     * @param nanos a time of the monotonic clock; in the past means at once
     */
    public void arm(long nanos) {
        cancel();
        Carrier carrier = scheduler.carrierHereOrFirst();
        carrier.timers().add(this, nanos);
        carrier.timerArmed(nanos);
    }

    /** Takes the deadline back; says whether there was one, so that the action will not run for it. */
    public boolean cancel() {
        TimerQueue at = queue;
        return at != null && at.remove(this);
    }

    /** Whether it waits for a deadline. */
    public boolean isArmed() {
        return queue != null;
    }

    /** The queue it is in, for the queue itself. */
    TimerQueue queue() {
        return queue;
    }

    void setQueue(TimerQueue newQueue) {
        QUEUE.setRelease(this, newQueue);
    }

    void expire() {
        action.run();
    }
}
