package biscotti.sched;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** Which ranked locks each thread holds: for the check of their order, when assertions are on. */
final class HeldLocks {
    private static final ConcurrentHashMap<Thread, List<RankedLock>> HELD = new ConcurrentHashMap<>();

    private HeldLocks() {}

    /** Throws if the calling thread holds a lock that must come after {@code wanted}, or beside it. */
    static void beforeLock(RankedLock wanted) {
        for (RankedLock held : mine()) {
            if (held != wanted && held.rank().compareTo(wanted.rank()) >= 0) {
                throw new IllegalStateException(wanted + " asked for while holding a " + held);
            }
        }
    }

    static void locked(RankedLock lock) {
        HELD.computeIfAbsent(Thread.currentThread(), t -> new ArrayList<>()).add(lock);
    }

    static void unlocked(RankedLock lock) {
        List<RankedLock> held = mine();
        held.remove(held.lastIndexOf(lock));
        if (held.isEmpty()) {
            HELD.remove(Thread.currentThread());
        }
    }

    private static List<RankedLock> mine() {
        return HELD.getOrDefault(Thread.currentThread(), List.of());
    }
}
