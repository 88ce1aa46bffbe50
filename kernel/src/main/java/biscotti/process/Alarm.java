package biscotti.process;

/** Something to do when a timer has expired that may take locks, and so cannot be done by the timer's action. */
final class Alarm {
    private final Runnable action;

    /** The next one that rings; guarded by {@link Alarms}. */
    Alarm next;

    /** Whether it waits to be served; guarded by {@link Alarms}. */
    boolean ringing;

    /** An alarm that does {@code action} on the alarms' own thread. */
    Alarm(Runnable action) {
        this.action = action;
    }

    void serve() {
        action.run();
    }
}
