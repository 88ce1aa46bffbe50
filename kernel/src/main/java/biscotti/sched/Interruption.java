package biscotti.sched;

/** Says whether a thread's interruptible sleep must end early: for a user thread, whether a signal is pending. */
@FunctionalInterface
public interface Interruption {
    /** Never ends a sleep. */
    Interruption NEVER = () -> false;

    /** Whether to end it now. Whoever makes this true calls {@link KernelThread#wake} after. Must not block. */
    boolean pending();
}
