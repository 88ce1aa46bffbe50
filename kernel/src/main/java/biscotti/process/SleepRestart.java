package biscotti.process;

/**
 * The wait that restart_syscall(2) goes on with after a stop, until the time that it had from the start. For the thread itself; its
 * registers still have the arguments of the call.
 */
public final class SleepRestart {
    /** What waits. */
    public enum Kind {
        /** Nothing: the call fails. */
        NONE,
        /** nanosleep(2), clock_nanosleep(2). */
        SLEEP,
        /** poll(2). */
        POLL,
        /** FUTEX_WAIT of futex(2). */
        FUTEX
    }

    private Kind kind = Kind.NONE;
    private int clock;
    private long deadline;
    private long remaining;

    SleepRestart() {}

    /** What waits. */
    public Kind kind() {
        return kind;
    }

    /** The clock by which it sleeps. */
    public int clock() {
        return clock;
    }

    /** The absolute time that it waits until. */
    public long deadline() {
        return deadline;
    }

    /** Where to tell what is left of the sleep; 0 for nowhere. */
    public long remaining() {
        return remaining;
    }

    /** Nothing is to go on: a handler has run. */
    void forget() {
        kind = Kind.NONE;
    }

    /** Says with which sleep to go on. */
    public void set(int newClock, long newDeadline, long newRemaining) {
        kind = Kind.SLEEP;
        clock = newClock;
        deadline = newDeadline;
        remaining = newRemaining;
    }

    /** Says with which other wait to go on, whose time is the monotonic clock's. */
    public void set(Kind waits, long newDeadline) {
        kind = waits;
        deadline = newDeadline;
    }
}
