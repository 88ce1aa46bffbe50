package biscotti.memory;

/**
 * Takes back what programs can do without (madvise(2), MADV_FREE). An entry that is lazy and not dirty maps a page that nobody has
 * written to since it became lazy: neither the CPU, which would have made it dirty, nor the kernel for a program, as
 * {@link AddressSpace#hold} makes a page ordinary before. Once the entry is gone, no CPU writes to the page any more, although it
 * may read it until the shootdown: to write, it must set the dirty bit, and for that it looks at the entry again.
 */
final class LazyPages {
    private LazyPages() {}

    /**
     * Takes all lazy pages of an address space but those that are locked.
     *
     * @param waits whether it waits for the lock; else it takes nothing from a space that is busy
     * @return how many
     */
    static long reclaim(AddressSpace space, boolean waits) {
        if (!space.pages.mayHaveLazy()) {
            return 0;
        }
        if (waits) {
            space.lock.lock();
        } else if (!space.lock.tryLock()) {
            return 0;
        }
        try {
            return space.isFreed() ? 0 : reclaimAll(space);
        } finally {
            space.lock.unlock();
        }
    }

    private static long reclaimAll(AddressSpace space) {
        RegionMap regions = space.regions;
        long gone = 0;
        boolean locked = false;
        for (int i = 0; i < regions.count(); i++) {
            Region region = regions.get(i);
            locked |= region.has(Region.LOCKED);
            if (region.anonymous() && !region.has(Region.LOCKED)) {
                gone += space.pages.reclaim(region.start(), region.end());
            }
        }
        space.shootdown.finish();
        // Who sees that there are none finds their frames free.
        space.pages.setMayHaveLazy(locked);
        return gone;
    }
}
