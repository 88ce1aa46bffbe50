package biscotti.machine.simulated;

import biscotti.machine.ClassCounter;

/** Classes of which only the number exists: tests say when one is loaded or initialised. */
public final class SimulatedClasses extends ClassCounter {
    private volatile long loaded;
    private volatile long initialized;

    /** Sets the counters. */
    public void set(long nowLoaded, long nowInitialized) {
        loaded = nowLoaded;
        initialized = nowInitialized;
    }

    @Override
    public long loaded() {
        return loaded;
    }

    @Override
    public long initialized() {
        return initialized;
    }
}
