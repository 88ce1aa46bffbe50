package biscotti.memory;

import java.util.Arrays;

/**
 * The regions of an address space, in ascending order, none overlapping. An array that is searched by halving: address
 * spaces have tens of regions, and the array's bound keeps what a program can make the kernel hold in bounds.
 *
 * <p>Guarded by the address space's lock.
 */
final class RegionMap {
    /** The most regions that an address space may have; Linux has 65530 (vm.max_map_count). */
    static final int LIMIT = 8000;

    private static final int FIRST_CAPACITY = 32;

    private final AddressSpace space;
    private Region[] regions = new Region[FIRST_CAPACITY];
    private int count;
    private int lastFound;

    /** The regions of an address space: none yet. */
    RegionMap(AddressSpace space) {
        this.space = space;
    }

    /** How many there are. */
    int count() {
        return count;
    }

    /** The region with a number. */
    Region get(int index) {
        return regions[index];
    }

    /** Whether {@code more} regions fit. */
    boolean hasRoomFor(int more) {
        return count + more <= LIMIT;
    }

    /** The number of the first region that ends behind an address; {@link #count} if there is none. */
    int firstEndingAfter(long address) {
        int last = lastFound;
        if (last < count && regions[last].holds(address)) {
            return last;
        }
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = low + high >>> 1;
            if (regions[middle].end() <= address) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        lastFound = low;
        return low;
    }

    /** Whether no region overlaps a range. */
    boolean isFree(long start, long end) {
        int index = firstEndingAfter(start);
        return index == count || regions[index].start() >= end;
    }

    /** Puts another region in the place of one with a number; their order stays. */
    void set(int index, Region region) {
        checkRange(region);
        regions[index] = region;
    }

    /** Adds a region; there is room for it in the map and in the addresses. */
    void insert(Region region) {
        int index = firstEndingAfter(region.start());
        insertAt(index, region);
    }

    /** Adds a region before the one that has a number now. */
    void insertAt(int index, Region region) {
        checkRange(region);
        if (count == regions.length) {
            regions = Arrays.copyOf(regions, Math.min(2 * count, LIMIT));
        }
        System.arraycopy(regions, index, regions, index + 1, count - index);
        regions[index] = region;
        count++;
    }

    /** The last line of defence: a region that reached into the Java virtual machine would hand it to a program. */
    private static void checkRange(Region region) {
        if (!UserRange.contains(region.start(), region.end() - region.start())) {
            throw new IllegalStateException("a region outside of user space: " + Long.toHexString(region.start())
                    + " to " + Long.toHexString(region.end()));
        }
    }

    /** Removes the regions with numbers from {@code from} on, below {@code to}. */
    void remove(int from, int to) {
        System.arraycopy(regions, to, regions, from, count - to);
        int newCount = count - (to - from);
        Arrays.fill(regions, newCount, count, null);
        count = newCount;
    }

    /** Joins the region with a number with the one before and the one behind, where they continue each other. */
    int join(int index) {
        int joined = index;
        if (joined + 1 < count && regions[joined].continuedBy(regions[joined + 1])) {
            joinWithNext(joined);
        }
        if (joined > 0 && regions[joined - 1].continuedBy(regions[joined])) {
            joined--;
            joinWithNext(joined);
        }
        return joined;
    }

    private void joinWithNext(int index) {
        regions[index + 1].detach(space);
        regions[index] = regions[index].joinedWith(regions[index + 1]);
        remove(index + 1, index + 2);
    }

    /** A copy of the array of regions. */
    Region[] toArray() {
        return Arrays.copyOf(regions, count);
    }
}
