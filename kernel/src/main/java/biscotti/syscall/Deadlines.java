package biscotti.syscall;

import biscotti.process.UserThread;
import biscotti.sched.Deadline;
import biscotti.sched.Waiter;
import java.util.concurrent.TimeUnit;

/** Times at which waits end, on the monotonic clock. */
final class Deadlines {
    /** A bit of personality(2). */
    private static final long STICKY_TIMEOUTS = 0x0400_0000;

    private Deadlines() {}

    /** The deadline of a wait that lasts so long; {@link Waiter#FOREVER} if that is beyond the clock's end. */
    static long after(UserThread caller, long nanos) {
        long end = caller.process().system().now() + nanos;
        return end < 0 ? Waiter.FOREVER : end;
    }

    /** The deadline of a wait with a timeout: 0 means not at all, {@link Waiter#FOREVER} as long as it takes. */
    static long ofTimeout(UserThread caller, long nanos) {
        return nanos == 0 || nanos == Waiter.FOREVER ? nanos : after(caller, nanos);
    }

    /** The same with the timeout of poll(2) and epoll_wait(2): a negative one means as long as it takes. */
    static long ofMilliseconds(UserThread caller, int milliseconds) {
        return ofTimeout(caller, milliseconds < 0 ? Waiter.FOREVER : TimeUnit.MILLISECONDS.toNanos(milliseconds));
    }

    /** The deadline of a wait until a time of day, which moves when the clock is set. */
    static Deadline atTimeOfDay(UserThread caller, long nanos) {
        return Deadline.ofDay(caller.process().system().wallClock(), nanos);
    }

    /** How much time is left until a deadline: 0 if it has passed or was 0, as much as there can be if there is none. */
    static long left(UserThread caller, long deadline) {
        return deadline == Waiter.FOREVER
                ? Waiter.FOREVER
                : Math.max(0, deadline - caller.process().system().now());
    }

    /** Whether a call leaves the timeout that it is given as it is: STICKY_TIMEOUTS of personality(2). */
    static boolean areSticky(UserThread caller) {
        return (caller.process().personality() & STICKY_TIMEOUTS) != 0;
    }
}
