package biscotti.interleaving;

/** A few threads that meet; made anew for each order in which they run. */
public interface Scenario {
    /** Starts the threads: calls {@link Explorer#actor} for each. */
    void start(Explorer explorer);

    /** Called when none of them can go on: an AssertionError if that is not as it should be. */
    void check();

    /** Lets those that still sleep come to their ends, which are not looked at. */
    void release();
}
