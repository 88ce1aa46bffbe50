package biscotti.heap;

import biscotti.bounded.BoundedList;
import biscotti.sched.KernelLog;

/** All caches that can give memory of the heap back. */
public final class Caches {
    private static final int MOST = 16;

    private final BoundedList<ShrinkableCache> all = new BoundedList<>(MOST);

    /** None yet. */
    public Caches() {}

    /** Adds one, when the kernel starts. */
    public void register(ShrinkableCache cache) {
        if (!all.add(cache)) {
            throw new IllegalStateException("no room for the cache of " + cache.name());
        }
    }

    /** Has all of them shrink: about how many bytes they have given up. */
    long shrink(KernelLog log) {
        long sum = 0;
        for (int i = 0; i < all.size(); i++) {
            ShrinkableCache cache = all.get(i);
            long bytes = cache.shrink();
            sum += bytes;
            log.debug("heap: " + cache.name() + " gave back " + (bytes >> 10) + " KB");
        }
        return sum;
    }
}
