package biscotti.memory;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOMEM;

import biscotti.abi.Mman;
import biscotti.bounded.Rounds;
import biscotti.machine.PhysicalMemory;
import biscotti.machine.Trap;

/**
 * Changes of an address space's regions, with the pages in them. A region that is cut in two has one more user of its
 * source; so the number of calls of {@link PageSource#mapped} less those of {@link PageSource#unmapped} is always the number
 * of regions with that source.
 *
 * <p>The address space's lock is held.
 */
final class RegionEditor {
    /** How many regions fork copies in a round. */
    private static final int FORK_ROUND = 64;

    private static final long LOW_2GB_START = 0x4000_0000L;
    private static final long LOW_2GB_END = 0x8000_0000L;

    private static final int MREMAP_FLAGS = Mman.MREMAP_FIXED | Mman.MREMAP_MAYMOVE | Mman.MREMAP_DONTUNMAP;

    private final AddressSpace space;
    private final RegionMap regions;
    private final Pages pages;

    RegionEditor(AddressSpace space) {
        this.space = space;
        this.regions = space.regions;
        this.pages = space.pages;
    }

    /** Whether so many bytes more may be promised. */
    boolean admits(long bytes) {
        return space.commitment().admits(bytes, regions.mappedBytes());
    }

    /** Puts a region where it says, replacing what is there; returns its start, or -ENOMEM if there are too many. */
    long map(Region region) {
        long error = unmap(region.start(), region.end());
        if (error < 0) {
            return error;
        }
        if (!regions.hasRoomFor(1)) {
            return -ENOMEM;
        }
        return insert(region);
    }

    /**
     * Finds a place for a new mapping: at the wish, if it is free, else below the highest place where it fits. A whole number of huge
     * pages begins where one can.
     */
    long findPlace(long wish, long size, boolean inLow2Gb) {
        long at = UserRange.pageStart(wish);
        if (at != 0 && UserRange.contains(at, size) && regions.isFree(at, at + size)) {
            return at;
        }
        if (inLow2Gb) {
            return highestGap(LOW_2GB_START, LOW_2GB_END, size);
        }
        if ((size & HugePages.SIZE - 1) == 0 && size < UserRange.HIGH_END) {
            long more = HugePages.SIZE - PhysicalMemory.FRAME_SIZE;
            long roomy = highestGap(UserRange.HIGH_START, space.layout().mapTop(), size + more);
            if (roomy >= 0) {
                return roomy + more & -HugePages.SIZE;
            }
        }
        long place = highestGap(UserRange.HIGH_START, space.layout().mapTop(), size);
        if (place < 0) {
            place = highestGap(UserRange.LOW_START, UserRange.LOW_END, size);
        }
        return place;
    }

    /** The start of the highest gap of {@code size} bytes between two addresses, or -ENOMEM. */
    private long highestGap(long bottom, long top, long size) {
        int index = regions.firstEndingAfter(top);
        long gapEnd = index < regions.count() ? Math.min(top, gapEndBelow(regions.get(index))) : top;
        while (gapEnd - size >= bottom) {
            long gapStart = index == 0
                    ? bottom
                    : Math.max(bottom, regions.get(index - 1).end());
            if (gapEnd - gapStart >= size) {
                return gapEnd - size;
            }
            if (index == 0) {
                return -ENOMEM;
            }
            index--;
            gapEnd = Math.min(gapEnd, gapEndBelow(regions.get(index)));
        }
        return -ENOMEM;
    }

    private static long gapEndBelow(Region region) {
        return region.has(Region.GROWS_DOWN) ? region.start() - FaultHandler.GUARD_GAP : region.start();
    }

    /** Makes {@code address} a border between regions, if it lies inside of one; returns 0 or -ENOMEM. */
    private long cutAt(long address) {
        int index = regions.firstEndingAfter(address);
        if (index == regions.count() || regions.get(index).start() >= address) {
            return 0;
        }
        if (!regions.hasRoomFor(1)) {
            return -ENOMEM;
        }
        Region whole = regions.get(index);
        whole.attach(space);
        regions.set(index, whole.part(address, whole.end()));
        regions.insertAt(index, whole.part(whole.start(), address));
        return 0;
    }

    /** Cuts at both ends of a range, so that each region lies inside of it or outside; returns 0 or -ENOMEM. */
    private long cutOut(long start, long end) {
        long error = cutAt(start);
        return error < 0 ? error : cutAt(end);
    }

    /** Removes all regions, and parts of regions, of a range; returns 0 or -ENOMEM. */
    long unmap(long start, long end) {
        if (regions.isFree(start, end)) {
            return 0;
        }
        long error = cutOut(start, end);
        if (error < 0) {
            return error;
        }
        int first = regions.firstEndingAfter(start);
        int last = first;
        while (last < regions.count() && regions.get(last).start() < end) {
            last++;
        }
        removeBetween(first, last);
        return 0;
    }

    /** Removes whole regions, from one number up to another. */
    private void removeBetween(int first, int last) {
        for (int i = first; i < last; i++) {
            Region region = regions.get(i);
            pages.drop(region.start(), region.end());
            region.detach(space);
        }
        regions.remove(first, last);
    }

    /** Removes everything. */
    void unmapAll() {
        removeBetween(0, regions.count());
    }

    /**
     * Changes the protection of a range.
     *
     * @return 0; -ENOMEM if part of the range is not mapped (what lies before is changed then) or there are too many regions;
     *     -EACCES for a shared mapping of a file that is not open for writing; -EAGAIN if the heap is short
     */
    long protect(long start, long end, int protection, Rounds rounds) {
        int wanted = protection & (Mman.PROT_READ | Mman.PROT_WRITE | Mman.PROT_EXEC);
        long from = start;
        if ((protection & Mman.PROT_GROWSDOWN) != 0) {
            int index = regions.firstEndingAfter(start);
            if (index == regions.count() || !regions.get(index).has(Region.GROWS_DOWN)) {
                return -EINVAL;
            }
            from = Math.min(start, regions.get(index).start());
        }
        long at = from;
        int index = regions.firstEndingAfter(from);
        while (at < end) {
            if (!rounds.nextRound()) {
                return -EAGAIN;
            }
            if (index == regions.count() || regions.get(index).start() > at) {
                return -ENOMEM;
            }
            if (regions.get(index).forbids(wanted)) {
                return -EACCES;
            }
            long error = cutOut(at, Math.min(end, regions.get(index).end()));
            if (error < 0) {
                return error;
            }
            index = regions.firstEndingAfter(at);
            Region region = regions.get(index);
            Region changed = region.protect(wanted);
            if (changed.wantsCommitment()) {
                if (!admits(changed.length())) {
                    return -ENOMEM;
                }
                changed = changed.withFlags(changed.flags() | Region.COMMITTED);
            }
            at = region.end();
            index = change(index, changed) + 1;
        }
        regions.join(Math.min(index, regions.count() - 1));
        return 0;
    }

    /** Puts a region with another protection in the place of one; returns its number, which joining may have changed. */
    private int change(int index, Region changed) {
        if (regions.get(index).protection() != changed.protection()) {
            regions.set(index, changed);
            pages.protect(changed, changed.start(), changed.end());
        }
        return index > 0 && regions.get(index - 1).continuedBy(changed) ? joinDown(index) : index;
    }

    private int joinDown(int index) {
        Region joined = regions.get(index - 1).joinedWith(regions.get(index));
        regions.get(index).detach(space);
        regions.set(index - 1, joined);
        regions.remove(index, index + 1);
        return index - 1;
    }

    /** mremap(2) with lengths in whole pages; the new address, -EINVAL, -EFAULT or -ENOMEM. */
    long remap(long start, long oldSize, long newSize, int flags, long newStart) {
        boolean fixed = (flags & Mman.MREMAP_FIXED) != 0;
        boolean mayMove = (flags & Mman.MREMAP_MAYMOVE) != 0;
        boolean keeps = (flags & Mman.MREMAP_DONTUNMAP) != 0;
        if ((flags & ~MREMAP_FLAGS) != 0
                || fixed && !mayMove
                || keeps && (!mayMove || oldSize != newSize)
                || newSize <= 0
                || oldSize < 0
                || (start & PhysicalMemory.FRAME_MASK) != 0) {
            return -EINVAL;
        }
        if (!UserRange.contains(start) || !isMapped(start, start + PhysicalMemory.FRAME_SIZE)) {
            return -EFAULT;
        }
        if (fixed || keeps) {
            return remapTo(start, oldSize, newSize, flags, newStart);
        }
        if (newSize <= oldSize) {
            long error = UserRange.contains(start, oldSize) ? unmap(start + newSize, start + oldSize) : -EINVAL;
            return error < 0 ? error : start;
        }
        long error = checkResize(start, oldSize, newSize);
        if (error < 0) {
            return error;
        }
        int index = regions.firstEndingAfter(start);
        if (regions.get(index).end() == start + oldSize && growInPlace(index, start + newSize)) {
            return start;
        }
        if (!mayMove) {
            return -ENOMEM;
        }
        long place = findPlace(0, newSize, false);
        return place < 0 ? place : move(start, oldSize, newSize, place, false);
    }

    /** Whether the part of a mapping at an address may have another size: 0, -EINVAL, -EFAULT, -ENOMEM. */
    private long checkResize(long start, long oldSize, long newSize) {
        Region region = regions.get(regions.firstEndingAfter(start));
        if (oldSize == 0 && !region.shared()) {
            return -EINVAL;
        }
        if (oldSize > region.end() - start) {
            return -EFAULT;
        }
        long growth = newSize - oldSize;
        return growth > 0 && space.exceedsLimits(growth, region.protection(), region.flags()) ? -ENOMEM : 0;
    }

    private boolean growInPlace(int index, long end) {
        Region region = regions.get(index);
        boolean free = index + 1 == regions.count() || regions.get(index + 1).start() >= end;
        free &= !region.has(Region.COMMITTED) || admits(end - region.end());
        if (!free || !UserRange.contains(region.start(), end - region.start())) {
            return false;
        }
        regions.set(index, region.movedTo(region.start(), end));
        return true;
    }

    /** MREMAP_FIXED and MREMAP_DONTUNMAP: the place is given, or another one is found. */
    private long remapTo(long start, long size, long newSize, int flags, long newStart) {
        boolean keeps = (flags & Mman.MREMAP_DONTUNMAP) != 0;
        boolean fixed = (flags & Mman.MREMAP_FIXED) != 0;
        boolean overlaps = newStart < start + size && start < newStart + newSize;
        boolean given = fixed || newStart != 0;
        if (size > newSize && !UserRange.contains(start, size)) {
            return -EINVAL;
        }
        if (given
                && ((newStart & PhysicalMemory.FRAME_MASK) != 0
                        || !UserRange.contains(newStart, newSize)
                        || overlaps)) {
            return -EINVAL;
        }
        long oldSize = size;
        long error = fixed ? unmap(newStart, newStart + newSize) : 0;
        if (error == 0 && oldSize > newSize) {
            error = unmap(start + newSize, start + oldSize);
            oldSize = newSize;
        }
        if (error == 0) {
            error = isMapped(start, start + PhysicalMemory.FRAME_SIZE) ? checkResize(start, oldSize, newSize) : -EFAULT;
        }
        Region region = error < 0 ? null : regions.get(regions.firstEndingAfter(start));
        if (error == 0 && keeps && space.exceedsLimits(newSize, region.protection(), region.flags())) {
            error = -ENOMEM;
        }
        if (error < 0) {
            return error;
        }
        long place = fixed ? newStart : findPlace(newStart, newSize, false);
        return place < 0 ? place : move(start, oldSize, newSize, place, keeps);
    }

    /**
     * Moves a mapping, with as many of its pages as the new one has, to a free place. An old size of 0 leaves it, and maps its
     * pages a second time.
     *
     * @param keeps whether the old mapping stays, without its pages
     */
    private long move(long start, long oldSize, long newSize, long newStart, boolean keeps) {
        if (!regions.hasRoomFor(3)) {
            return -ENOMEM;
        }
        if (oldSize > 0) {
            cutOut(start, start + oldSize);
        }
        Region old = regions.get(regions.firstEndingAfter(start));
        Region moved = old.alsoAt(newStart, newStart + newSize, start);
        boolean second = keeps || oldSize == 0;
        if (moved.has(Region.COMMITTED) && !admits(second ? newSize : newSize - oldSize)) {
            return -ENOMEM;
        }
        if (pages.move(start, newStart, Math.min(oldSize, newSize)) < 0) {
            pages.move(newStart, start, Math.min(oldSize, newSize));
            return -ENOMEM;
        }
        long place = insert(moved);
        if (!second) {
            unmap(start, start + oldSize);
        }
        return place;
    }

    /** Adds a region where none is; there is room for it. Returns its start. */
    private long insert(Region region) {
        region.attach(space);
        regions.insert(region);
        regions.join(regions.firstEndingAfter(region.start()));
        return region.start();
    }

    /** Whether all of a range is mapped. */
    boolean isMapped(long start, long end) {
        long at = start;
        for (int i = regions.firstEndingAfter(start); at < end; i++) {
            if (i == regions.count() || regions.get(i).start() > at) {
                return false;
            }
            at = regions.get(i).end();
        }
        return true;
    }

    /** Takes pages of a source, from one number to another, out of all regions that map it shared, or private. */
    void drop(Mappings mappings, long first, long last, boolean shared) {
        for (int i = 0; i < regions.count(); i++) {
            Region region = regions.get(i);
            if (region.shared() == shared && region.source().mappings() == mappings) {
                pages.drop(addressOf(region, first), endOf(region, last));
            }
        }
    }

    /** Takes the right to write from pages of a source, from one number to another, in all regions that map it shared. */
    void protectShared(Mappings mappings, long first, long last) {
        for (int i = 0; i < regions.count(); i++) {
            Region region = regions.get(i);
            if (region.shared() && region.source().mappings() == mappings) {
                pages.protectFromWrites(addressOf(region, first), endOf(region, last));
            }
        }
    }

    /** Where a page of its source lies in a region; its start for one before it. */
    private static long addressOf(Region region, long page) {
        return region.addressOf(Math.max(page, region.firstSourcePage()));
    }

    /** Where the last of some pages of its source ends in a region; its end for one behind it. */
    private static long endOf(Region region, long page) {
        return page >= region.sourcePage(region.end())
                ? region.end()
                : Math.min(region.end(), region.addressOf(page + 1));
    }

    /** What is to become of regions. */
    private interface Change {
        /** Whether it makes a region another one. */
        boolean bearsOn(Region region);

        /** The other one. */
        Region of(Region region);
    }

    private record FlagChange(int clear, int set) implements Change {
        @Override
        public boolean bearsOn(Region region) {
            return result(region) != region.flags();
        }

        @Override
        public Region of(Region region) {
            return region.withFlags(result(region));
        }

        private int result(Region region) {
            return region.flags() & ~clear | set;
        }
    }

    private record PolicyChange(NodePolicy policy) implements Change {
        @Override
        public boolean bearsOn(Region region) {
            return !region.policy().sameAs(policy);
        }

        @Override
        public Region of(Region region) {
            return region.withPolicy(policy);
        }
    }

    /**
     * Clears and sets flags of all that is mapped in a range.
     *
     * @return 0; -ENOMEM if some of it is not mapped, or there are too many regions; -EAGAIN if the heap is short
     */
    long changeFlags(long start, long end, int clear, int set, Rounds rounds) {
        boolean whole = isMapped(start, end);
        long error = change(start, end, new FlagChange(clear, set), rounds);
        return error < 0 || whole ? error : -ENOMEM;
    }

    /**
     * Gives all that is mapped in a range another policy.
     *
     * @return 0; -ENOMEM if there are too many regions; -EAGAIN if the heap is short
     */
    long setPolicy(long start, long end, NodePolicy policy, Rounds rounds) {
        return change(start, end, new PolicyChange(policy), rounds);
    }

    private long change(long start, long end, Change change, Rounds rounds) {
        int index = regions.firstEndingAfter(start);
        while (index < regions.count() && regions.get(index).start() < end) {
            if (!rounds.nextRound()) {
                return -EAGAIN;
            }
            Region region = regions.get(index);
            long from = Math.max(start, region.start());
            if (change.bearsOn(region)) {
                long error = cutOut(from, Math.min(end, region.end()));
                if (error < 0) {
                    return error;
                }
                index = regions.firstEndingAfter(from);
                regions.set(index, change.of(regions.get(index)));
                index = regions.join(index);
            }
            index++;
        }
        return 0;
    }

    /** How many bytes of a range are locked. */
    long lockedBytes(long start, long end) {
        long sum = 0;
        for (int i = regions.firstEndingAfter(start);
                i < regions.count() && regions.get(i).start() < end;
                i++) {
            Region region = regions.get(i);
            long bytes = Math.min(end, region.end()) - Math.max(start, region.start());
            sum += region.has(Region.LOCKED) ? bytes : 0;
        }
        return sum;
    }

    /**
     * Faults in all pages of a range.
     *
     * @param access the {@code FAULT_} bits of {@link Trap}; {@link AddressSpace#AS_MAPPED} to write where that makes a private copy
     * @return 0; -ENOMEM for what is not mapped or if there is no memory, -EINVAL for what may not be accessed, -EFAULT for what has
     *     no page
     */
    long populate(long start, long end, int access) {
        long at = start;
        while (at < end) {
            int index = regions.firstEndingAfter(at);
            if (index == regions.count() || regions.get(index).start() > at) {
                return -ENOMEM;
            }
            Region region = regions.get(index);
            boolean copies = (region.protection() & Mman.PROT_WRITE) != 0 && !region.shared();
            int wanted = access == AddressSpace.AS_MAPPED ? copies ? Trap.FAULT_WRITE : 0 : access;
            switch (space.faultLocked(at, wanted)) {
                case FaultResult.RESOLVED -> at += PhysicalMemory.FRAME_SIZE;
                case FaultResult.NOT_MAPPED, FaultResult.NO_MEMORY -> {
                    return -ENOMEM;
                }
                case FaultResult.NOT_ALLOWED -> {
                    return -EINVAL;
                }
                default -> {
                    return -EFAULT;
                }
            }
        }
        return 0;
    }

    /**
     * Copies some regions, and their pages, to a child's address space.
     *
     * @param from only regions that end behind this address
     * @return where to go on; 0 if that was all; or -ENOMEM with the child half done
     */
    long copyRound(AddressSpace child, long from) {
        int first = regions.firstEndingAfter(from);
        int end = Math.min(regions.count(), first + FORK_ROUND);
        long error = 0;
        child.regions.makeRoomToAppend(FORK_ROUND);
        for (int i = 0; i < FORK_ROUND && first + i < end && error == 0; i++) {
            Region region = regions.get(first + i);
            error = region.has(Region.DONT_FORK) ? 0 : copy(region, child);
        }
        child.regions.endAppend();
        return error < 0
                ? error
                : end == regions.count() ? 0 : regions.get(end - 1).end();
    }

    /** Each region is promised for itself, as on Linux: many small ones may be more than there is memory. */
    private long copy(Region region, AddressSpace child) {
        if (region.has(Region.COMMITTED) && !admits(region.length())) {
            return -ENOMEM;
        }
        region.attach(child);
        child.regions.append(region.forChild());
        return region.has(Region.WIPE_ON_FORK) ? 0 : pages.share(region, child.pages);
    }
}
