package biscotti.sched;

/** Hears of the sleeps of a thread that others may end by a signal, and that may be long. Called by the thread itself. */
public interface SleepListener {
    /** Does not care. */
    SleepListener NONE = new SleepListener() {
        @Override
        public void beforeSleep() {}

        @Override
        public void afterSleep() {}
    };

    /** It is about to sleep. */
    void beforeSleep();

    /** It has slept; no lock is held. May wait. */
    void afterSleep();
}
