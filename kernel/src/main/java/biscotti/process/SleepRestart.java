package biscotti.process;

/** The sleep that restart_syscall(2) goes on with. For the thread itself. */
public final class SleepRestart {
    private int clock;
    private long deadline;
    private long remaining;

    SleepRestart() {}

    /** The clock by which it sleeps. */
    public int clock() {
        return clock;
    }

    /** The absolute time that it sleeps until. */
    public long deadline() {
        return deadline;
    }

    /** Where to tell what is left of the sleep; 0 for nowhere. */
    public long remaining() {
        return remaining;
    }

    /** Says what to go on with. */
    public void set(int newClock, long newDeadline, long newRemaining) {
        clock = newClock;
        deadline = newDeadline;
        remaining = newRemaining;
    }
}
