package biscotti.memory;

import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOMEM;

import biscotti.machine.PhysicalMemory;

/** How much memory an address space takes, as proc(5) and mincore(2) tell. */
public final class SpaceUsage {
    private static final Residence NOTHING = new Residence(0, 0, 0, 0, 0);

    private final AddressSpace space;

    SpaceUsage(AddressSpace space) {
        this.space = space;
    }

    /** How many regions there are; without the lock, so only about. */
    public int regions() {
        return space.regions.count();
    }

    /** How many bytes are mapped: VmSize of proc(5). */
    public long mappedBytes() {
        space.lock.lock();
        try {
            return space.regions.mappedBytes();
        } finally {
            space.lock.unlock();
        }
    }

    /** How many bytes are executable: VmExe of proc(5). */
    public long codeBytes() {
        space.lock.lock();
        try {
            return space.regions.codeBytes();
        } finally {
            space.lock.unlock();
        }
    }

    /** How many bytes are private and writable, and in the stack: VmData and VmStk of proc(5). */
    public long dataBytes() {
        space.lock.lock();
        try {
            return space.regions.dataBytes() + space.regions.stackBytes();
        } finally {
            space.lock.unlock();
        }
    }

    /** How many bytes are locked in memory: VmLck of proc(5). */
    public long lockedBytes() {
        space.lock.lock();
        try {
            return space.regions.lockedBytes();
        } finally {
            space.lock.unlock();
        }
    }

    /** How many bytes are in memory: VmRSS of proc(5). */
    public long residentBytes() {
        return space.pages.resident() << PhysicalMemory.FRAME_SHIFT;
    }

    /** How many bytes were in memory at most: VmHWM of proc(5). */
    public long mostResidentBytes() {
        return space.pages.mostResident() << PhysicalMemory.FRAME_SHIFT;
    }

    /** How many bytes the page tables take: VmPTE of proc(5). */
    public long tableBytes() {
        return space.table.tables() << PhysicalMemory.FRAME_SHIFT;
    }

    /** Which pages are in memory, of all that are the program's: what lies between its two ranges is not. */
    public Residence residence() {
        Residence low = residence(UserRange.LOW_START, UserRange.LOW_END);
        Residence high = residence(UserRange.HIGH_START, UserRange.HIGH_END);
        return new Residence(
                low.pages() + high.pages(),
                low.sharedPages() + high.sharedPages(),
                low.proportionalBytes() + high.proportionalBytes(),
                low.hugePages() + high.hugePages(),
                low.lazyPages() + high.lazyPages());
    }

    /** Which pages of a range are in memory; nothing of a range that is not the program's. */
    public Residence residence(long start, long end) {
        if (!UserRange.contains(start, end - start)) {
            return NOTHING;
        }
        space.lock.lock();
        try {
            return space.isFreed() ? NOTHING : space.pages.residence(start, end);
        } finally {
            space.lock.unlock();
        }
    }

    /** Whether the page of an address is in memory, for mincore(2): 1 or 0; -ENOMEM if nothing is mapped there. */
    public int residence(long address) {
        space.lock.lock();
        try {
            if (space.regions.isFree(address, address + 1)) {
                return -ENOMEM;
            }
            Region region = space.regions.get(space.regions.firstEndingAfter(address));
            boolean cached = !region.anonymous() && region.source().isCached(region.sourcePage(address));
            return cached || space.pages.isResident(address) ? 1 : 0;
        } finally {
            space.lock.unlock();
        }
    }

    /** What a word of /proc/PID/pagemap tells of the page of an address (proc(5)); 0 if there is none. */
    public long pageMap(long address) {
        space.lock.lock();
        try {
            boolean mapped = !space.isFreed()
                    && UserRange.contains(address, 1)
                    && !space.regions.isFree(address, address + 1)
                    && space.pages.isResident(address);
            if (!mapped) {
                return 0;
            }
            Region region = space.regions.get(space.regions.firstEndingAfter(address));
            return space.pages.pageMap(address, region);
        } finally {
            space.lock.unlock();
        }
    }

    /** How many bytes the stack's mapping has: VmStk of proc(5). */
    public long stackBytes() {
        space.lock.lock();
        try {
            return space.regions.stackBytes();
        } finally {
            space.lock.unlock();
        }
    }

    /**
     * The node of an address's page, for move_pages(2), as Linux tells it: 0; -ENOENT if the page of a file is not here; -EFAULT if
     * nothing is mapped, or nothing but zeros.
     */
    public int node(long address) {
        space.lock.lock();
        try {
            if (!UserRange.contains(address, 1) || space.regions.isFree(address, address + 1)) {
                return -EFAULT;
            }
            if (!space.pages.isResident(address)) {
                Region region = space.regions.get(space.regions.firstEndingAfter(address));
                return region.anonymous() ? -EFAULT : -ENOENT;
            }
            long page = UserRange.pageStart(address);
            return space.pages.residence(page, page + PhysicalMemory.FRAME_SIZE).pages() == 0 ? -EFAULT : 0;
        } finally {
            space.lock.unlock();
        }
    }
}
