package biscotti.memory;

import static biscotti.abi.Errno.ENOMEM;
import static biscotti.memory.FaultResult.NOT_ALLOWED;
import static biscotti.memory.FaultResult.NOT_MAPPED;
import static biscotti.memory.FaultResult.NO_MEMORY;
import static biscotti.memory.FaultResult.NO_PAGE;
import static biscotti.memory.FaultResult.RESOLVED;
import static biscotti.memory.PageTable.FRAME;
import static biscotti.memory.PageTable.LAZY;
import static biscotti.memory.PageTable.POPULATED;
import static biscotti.memory.PageTable.PRESENT;
import static biscotti.memory.PageTable.WRITABLE;

import biscotti.abi.Mman;
import biscotti.machine.PhysicalMemory;
import biscotti.machine.Trap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Answers page faults of one address space, from ring 3 and from {@link UserMemory}.
 *
 * <p>The common case, the first touch of private memory, takes the lock once, allocates nothing on the heap, and costs
 * little more than clearing the page. A page that comes from a source is fetched with the lock open; afterwards the fault
 * counts only if its region and its entry are still what they were, and else is tried again.
 */
final class FaultHandler {
    /** Linux keeps this distance below a growing stack free of other mappings (stack_guard_gap). */
    static final long GUARD_GAP = 256L * PhysicalMemory.FRAME_SIZE;

    /** A read of a page that comes from a source maps what else of these is in memory: Linux's fault_around_bytes. */
    private static final int AROUND_PAGES = 16;

    private static final long AROUND_BYTES = (long) AROUND_PAGES * PhysicalMemory.FRAME_SIZE;

    private static final int RETRY = -1;
    private static final int READABLE = Mman.PROT_READ | Mman.PROT_WRITE | Mman.PROT_EXEC;

    private final AddressSpaces all;
    private final ReentrantLock lock;
    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final PageTable table;
    private final Pages pages;
    private final RegionMap regions;
    private final Shootdown shootdown;
    private final long zeroFrame;
    private final RegionEditor editor;
    private final HugePages hugePages;
    private final long[] around = new long[AROUND_PAGES];
    private long stackLimit = Long.MAX_VALUE;
    private long faults;
    private volatile boolean refusesHugePages;

    FaultHandler(AddressSpace space, AddressSpaces all, RegionEditor editor) {
        this.editor = editor;
        this.all = all;
        lock = space.lock;
        memory = all.memory();
        frames = all.frames();
        table = space.table;
        pages = space.pages;
        regions = space.regions;
        shootdown = space.shootdown;
        zeroFrame = all.zeroFrame();
        hugePages = all.hugePages();
    }

    /** How many faults there were. */
    long faults() {
        return faults;
    }

    /** See {@link AddressSpace#refusesHugePages}. */
    boolean refusesHugePages() {
        return refusesHugePages;
    }

    /** See {@link AddressSpace#setRefusesHugePages}. */
    void setRefusesHugePages(boolean refuses) {
        refusesHugePages = refuses;
    }

    /** Sets how large a stack may grow, in bytes. */
    void setStackLimit(long bytes) {
        stackLimit = bytes;
    }

    /**
     * Makes a page accessible, if its region allows the access. The lock is held by the caller, and may be open for a while
     * meanwhile.
     *
     * @param access the {@code FAULT_} bits of {@link Trap}
     * @return a {@link FaultResult}
     */
    int resolve(long address, int access) {
        faults++;
        int result;
        do {
            result = attempt(address, access);
        } while (result == RETRY || result == NO_MEMORY && all.reclaim(1, false) > 0);
        return result;
    }

    private int attempt(long address, int access) {
        int index = regions.firstEndingAfter(address);
        if (index == regions.count()) {
            return NOT_MAPPED;
        }
        Region region = regions.get(index);
        if (region.start() > address) {
            if (!growDown(region, index, address)) {
                return NOT_MAPPED;
            }
            region = regions.get(index);
        }
        if (!allows(region.protection(), access)) {
            return NOT_ALLOWED;
        }
        boolean write = (access & Trap.FAULT_WRITE) != 0;
        long place = table.entry(address);
        if (place == PageTable.NONE) {
            if (write && hugePage(region, address & -HugePages.SIZE)) {
                return RESOLVED;
            }
            place = table.entryOrCreate(address);
            if (place < 0) {
                return NO_MEMORY;
            }
        }
        long entry = table.read(place);
        if ((entry & POPULATED) == 0) {
            return region.anonymous() ? zeroPage(region, place, write) : fromSource(region, address, place, write);
        }
        if ((entry & PRESENT) == 0) {
            table.set(place, Pages.entryFor(region, entry & FRAME, false));
            return write ? RETRY : RESOLVED;
        }
        if (write && (entry & WRITABLE) == 0) {
            return region.shared()
                    ? fromSource(region, address, place, true)
                    : copyOnWrite(region, address, place, entry);
        }
        if (write && (entry & LAZY) != 0) {
            table.change(place, LAZY, 0);
        }
        return RESOLVED;
    }

    /** x86 cannot forbid reading what may be written or executed. */
    private static boolean allows(int protection, int access) {
        if ((access & Trap.FAULT_FETCH) != 0) {
            return (protection & Mman.PROT_EXEC) != 0;
        }
        if ((access & Trap.FAULT_WRITE) != 0) {
            return (protection & Mman.PROT_WRITE) != 0;
        }
        return (protection & READABLE) != 0;
    }

    /** First write to an aligned block of private memory that has not even a table: a block of frames of zeros, if there is one. */
    private boolean hugePage(Region region, long start) {
        if (start < region.start()
                || region.end() - start < HugePages.SIZE
                || refusesHugePages
                || !hugePages.mayHave(region)) {
            return false;
        }
        long block = frames.allocateBlock();
        if (block < 0) {
            hugePages.noteFallback();
            return false;
        }
        memory.zero(block, HugePages.SIZE);
        if (pages.installBlock(region, start, block) < 0) {
            frames.releaseBlock(block);
            return false;
        }
        return true;
    }

    /** First touch of private memory: a write gets a frame of zeros, a read maps the one that all share. */
    private int zeroPage(Region region, long place, boolean write) {
        if (!write) {
            pages.install(region, place, zeroFrame, false);
            return RESOLVED;
        }
        long frame = frames.allocateZeroed();
        if (frame < 0) {
            return NO_MEMORY;
        }
        pages.install(region, place, frame, true);
        return RESOLVED;
    }

    /** A private page that is read-only until it is known to be nobody else's. */
    private int copyOnWrite(Region region, long address, long place, long entry) {
        long old = entry & FRAME;
        if (pages.exclusive(old)) {
            table.change(place, LAZY, WRITABLE);
            return RESOLVED;
        }
        long frame = old == zeroFrame ? frames.allocateZeroed() : copyOf(old);
        if (frame < 0) {
            return NO_MEMORY;
        }
        pages.discard(UserRange.pageStart(address), table.replace(place, 0));
        pages.install(region, place, frame, true);
        shootdown.finish();
        return RESOLVED;
    }

    private long copyOf(long frame) {
        long copy = frames.allocate();
        if (copy >= 0) {
            memory.copy(frame, copy, PhysicalMemory.FRAME_SIZE);
        }
        return copy;
    }

    /** Asks the region's source for the page, without the lock. */
    private int fromSource(Region region, long address, long place, boolean write) {
        boolean sharedWrite = write && region.shared();
        long entry = table.read(place);
        Mappings mappings = region.source().mappings();
        long version = mappings.version();
        lock.unlock();
        long frame;
        try {
            frame = region.source().frameFor(region.sourcePage(address), sharedWrite);
            if (frame >= 0 && write && !sharedWrite) {
                long copy = copyOf(frame);
                frames.release(frame);
                frame = copy;
            }
        } finally {
            lock.lock();
        }
        if (frame < 0) {
            return frame == -ENOMEM ? NO_MEMORY : NO_PAGE;
        }
        int index = regions.firstEndingAfter(address);
        if (index == regions.count()
                || regions.get(index) != region
                || table.entry(address) != place
                || mappings.version() != version
                || (table.read(place) & (FRAME | POPULATED)) != (entry & (FRAME | POPULATED))) {
            frames.release(frame);
            return RETRY;
        }
        if ((entry & POPULATED) != 0) {
            pages.discard(UserRange.pageStart(address), table.replace(place, 0));
        }
        pages.install(region, place, frame, write);
        shootdown.finish();
        if (!write) {
            mapAround(region, address, place);
        }
        return RESOLVED;
    }

    /** Maps, for reading, the pages around one that are in memory, so that a program that goes on there does not fault for each. */
    private void mapAround(Region region, long address, long place) {
        long window = address & -AROUND_BYTES;
        long start = Math.max(window, region.start());
        int count = (int) (Math.min(window + AROUND_BYTES, region.end()) - start >>> PhysicalMemory.FRAME_SHIFT);
        region.source().retainPresent(region.sourcePage(start), around, count);
        // The window lies within one page table.
        long slot = place - (address - start >>> PhysicalMemory.FRAME_SHIFT) * Long.BYTES;
        for (int i = 0; i < count; i++, slot += Long.BYTES) {
            if (around[i] == 0) {
                continue;
            }
            if ((table.read(slot) & POPULATED) == 0) {
                pages.install(region, slot, around[i], false);
            } else {
                frames.release(around[i]);
            }
        }
    }

    /** How far a stack keeps away from what lies below it: not at all from what nobody can access, or is a stack itself. */
    private static long gapAbove(Region below) {
        return below.protection() == Mman.PROT_NONE || below.has(Region.GROWS_DOWN) ? 0 : GUARD_GAP;
    }

    /** Extends a stack down to a fault below it, if the limit and the mapping below leave room. */
    private boolean growDown(Region region, int index, long address) {
        long start = UserRange.pageStart(address);
        long size = region.end() - start;
        // With an unlimited stack there is still the Java virtual machine in the way.
        if (!region.has(Region.GROWS_DOWN) || size > stackLimit || !UserRange.contains(start, size)) {
            return false;
        }
        if (index > 0 && regions.get(index - 1).end() + gapAbove(regions.get(index - 1)) > start) {
            return false;
        }
        if (region.has(Region.COMMITTED) && !editor.admits(size - region.length())) {
            return false;
        }
        regions.growDown(index, start);
        return true;
    }
}
