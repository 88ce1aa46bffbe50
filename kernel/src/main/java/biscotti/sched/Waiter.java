package biscotti.sched;

import biscotti.abi.Errno;

/**
 * One thread's sleep until something wakes it, a deadline comes, or it is interrupted. It may wait on several queues at once,
 * with one {@link WaitEntry} for each.
 *
 * <p>No wake-up is lost if the thread follows this order: {@link #reset}, join the queues, look whether what it waits for is
 * already there, {@link #sleep}, leave the queues, look again.
 */
public final class Waiter {
    /** What {@link #sleep} returns when the deadline came. */
    public static final int TIMED_OUT = -Errno.ETIMEDOUT;

    /** What {@link #sleep} returns when the thread's {@link Interruption} is pending. */
    public static final int INTERRUPTED = -Errno.EINTR;

    /** As a deadline: none. */
    public static final long FOREVER = Long.MAX_VALUE;

    private final KernelThread thread;
    private final Timer timer;
    private final WaitEntry entry;
    private volatile boolean woken;

    /** A waiter for the sleeps of a thread; most use the one that each thread has, {@link KernelThread#waiter}. */
    public Waiter(KernelThread thread) {
        this.thread = thread;
        this.timer = new Timer(thread.scheduler(), thread::wake);
        this.entry = new WaitEntry(this, true);
    }

    /** The thread that sleeps. */
    public KernelThread thread() {
        return thread;
    }

    /** The entry for a sleep on one queue. */
    public WaitEntry entry() {
        return entry;
    }

    /** Forgets earlier wake-ups. */
    public void reset() {
        woken = false;
    }

    /** Whether it was woken since the last {@link #reset}. */
    public boolean isWoken() {
        return woken;
    }

    /** Ends the sleep, now or when it begins. */
    public void wake() {
        woken = true;
        thread.wake();
    }

    /**
     * Sleeps until woken; returns at once if that was since the last reset. For its thread.
     *
     * @param deadline a time of the monotonic clock, or {@link #FOREVER}
     * @return 0 if woken, {@link #TIMED_OUT} or {@link #INTERRUPTED}
     */
    public int sleep(long deadline) {
        return sleepListened(deadline, thread.interruption());
    }

    /** As {@link #sleep(long)}, until a time that may be one of day. */
    public int sleep(Deadline deadline) {
        return deadline.sleep(this);
    }

    /** As {@link #sleep(long)}, but it is another interruption that ends it. */
    public int sleepListened(long deadline, Interruption interruption) {
        if (woken) {
            return 0;
        }
        SleepListener listener = thread.sleepListener();
        listener.beforeSleep();
        int result = sleep(deadline, interruption);
        listener.afterSleep();
        return result;
    }

    /** As {@link #sleep}, but no signal ends it: for waits that are short and certain to end, such as a disk's. */
    public int sleepUninterrupted(long deadline) {
        return sleep(deadline, Interruption.NEVER);
    }

    /** As {@link #sleep}, but it is another interruption that ends it, and no {@link SleepListener} hears of it. */
    public int sleep(long deadline, Interruption interruption) {
        if (woken) {
            return 0;
        }
        boolean timed = deadline != FOREVER;
        if (timed) {
            timer.arm(deadline);
        }
        int result = sleepUntilDue(deadline, timed, interruption);
        if (timed) {
            timer.cancel();
        }
        return result;
    }

    private int sleepUntilDue(long deadline, boolean timed, Interruption interruption) {
        while (!woken) {
            if (interruption.pending()) {
                return INTERRUPTED;
            }
            if (timed && thread.scheduler().now() >= deadline) {
                return TIMED_OUT;
            }
            thread.park();
        }
        return 0;
    }
}
