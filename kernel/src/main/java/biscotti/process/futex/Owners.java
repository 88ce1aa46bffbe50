package biscotti.process.futex;

/** Finds the threads whose numbers stand in futexes that have owners. */
@FunctionalInterface
public interface Owners {
    /** The thread with a number; {@link FutexWaiter#NOBODY} if there is none. */
    FutexWaiter thread(int id);
}
