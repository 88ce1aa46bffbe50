package biscotti.sched;

/** Hears each time a carrier is about to run a thread: called by the carrier, so it must be short and must not block. */
public interface RunListener {
    /** Does not care. */
    RunListener NONE = cpu -> {};

    /** The thread runs on a CPU from now on, until it parks, yields or ends. */
    void runsOn(int cpu);
}
