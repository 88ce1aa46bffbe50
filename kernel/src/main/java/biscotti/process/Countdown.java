package biscotti.process;

/** What lets a POSIX timer expire: a clock, and a deadline on it. */
interface Countdown {
    /** Begins a setting: whether it was given as a time of the clock. Not armed. */
    void begin(boolean absolute);

    /** What the clock shows. */
    long now();

    /** Has the timer told at a time of the clock; if that has passed, as soon as the clock moves. */
    void arm(long deadline);

    /** Has it not told. */
    void cancel();

    /** As {@link #cancel}, for good. */
    void close();

    /** Whether the clock will never move again: its process or thread has ended. */
    boolean stands();
}
