package biscotti.heap;

import biscotti.sched.KernelLog;
import java.util.concurrent.CopyOnWriteArrayList;

/** All caches that can give memory of the heap back. */
public final class Caches {
    private final CopyOnWriteArrayList<ShrinkableCache> all = new CopyOnWriteArrayList<>();

    /** None yet. */
    public Caches() {}

    /** Adds one. */
    public void register(ShrinkableCache cache) {
        all.add(cache);
    }

    /** Has all of them shrink: about how many bytes they have given up. */
    long shrink(KernelLog log) {
        long sum = 0;
        for (ShrinkableCache cache : all) {
            long bytes = cache.shrink();
            sum += bytes;
            log.debug("heap: " + cache.name() + " gave back " + (bytes >> 10) + " KB");
        }
        return sum;
    }
}
