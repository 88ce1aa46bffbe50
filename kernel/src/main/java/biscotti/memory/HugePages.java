package biscotti.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Which private anonymous memory is mapped by blocks of 2 MB (Linux, Documentation/admin-guide/mm/transhuge.rst), and how much is.
 * A block comes at the first write to an aligned 2 MB of a region where nothing was touched yet, if there is a free one; it is not
 * made of small pages later.
 */
public final class HugePages {
    /** Bytes of a huge page. */
    public static final int SIZE = FrameAllocator.BLOCK_SIZE;

    /** Who gets them. */
    public enum Policy {
        /** All, but where madvise(2) was told MADV_NOHUGEPAGE. */
        ALWAYS,
        /** Where madvise(2) was told MADV_HUGEPAGE. */
        MADVISE,
        /** Nobody. */
        NEVER
    }

    private final AtomicLong mapped = new AtomicLong();
    private final AtomicLong allocated = new AtomicLong();
    private final AtomicLong fallbacks = new AtomicLong();
    private final AtomicLong splits = new AtomicLong();
    private volatile Policy policy = Policy.MADVISE;

    HugePages() {}

    /** Who gets them. */
    public Policy policy() {
        return policy;
    }

    /** Sets {@link #policy}; what is mapped stays as it is. */
    public void setPolicy(Policy wanted) {
        policy = wanted;
    }

    /** Whether a region may have huge pages, if the process does not refuse them. */
    public boolean mayHave(Region region) {
        return region.anonymous()
                && !region.has(Region.GROWS_DOWN)
                && !region.has(Region.NO_HUGE_PAGES)
                && (policy == Policy.ALWAYS || policy == Policy.MADVISE && region.has(Region.HUGE_PAGES));
    }

    /** How many are mapped. */
    public long mapped() {
        return mapped.get();
    }

    /** How many page faults brought one: thp_fault_alloc of /proc/vmstat. */
    public long allocated() {
        return allocated.get();
    }

    /** How many page faults found no free block, and brought a small page: thp_fault_fallback. */
    public long fallbacks() {
        return fallbacks.get();
    }

    /** How many were split into small pages: thp_split_pmd. */
    public long splits() {
        return splits.get();
    }

    void noteAllocated() {
        mapped.incrementAndGet();
        allocated.incrementAndGet();
    }

    void noteFallback() {
        fallbacks.incrementAndGet();
    }

    void noteSplit() {
        mapped.decrementAndGet();
        splits.incrementAndGet();
    }

    void noteFreed() {
        mapped.decrementAndGet();
    }
}
