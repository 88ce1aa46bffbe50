package biscotti.memory;

import biscotti.abi.Mman;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The regions of an address space, in ascending order, none overlapping; and how many bytes they are.
 *
 * <p>They lie in leaves of {@link #LEAF} places, in the order of a list of the leaves: a B+ tree of two levels. So one region
 * more moves a few hundred others at most, and costs one leaf at most, and a longer list of them. Two neighbouring leaves always hold more than half of one,
 * which bounds the list. Each leaf knows the number of its first region, so that regions can be called by number.
 *
 * <p>Guarded by the address space's lock.
 */
final class RegionMap {
    /** The most regions that an address space may have: Linux's default of the sysctl vm.max_map_count. */
    static final int LIMIT = 65530;

    /** The most regions of a program: vm.max_map_count of proc(5). */
    static final AtomicInteger MOST = new AtomicInteger(LIMIT);

    private static final int LEAF = 512;
    private static final int MOST_LEAVES = 4 * (LIMIT / LEAF + 1);
    private static final int FIRST_LEAVES = 4;

    private final AddressSpace space;
    private Region[][] leaves = new Region[FIRST_LEAVES][];
    /** The number of each leaf's first region. */
    private int[] starts = new int[FIRST_LEAVES];
    /** How many regions each leaf holds: at least one. */
    private int[] counts = new int[FIRST_LEAVES];

    private int leafCount;
    private int count;
    private int lastLeaf;
    private int lastFound;

    private long mapped;
    private long data;
    private long stack;
    private long code;
    private long locked;

    /** The regions of an address space: none yet. */
    RegionMap(AddressSpace space) {
        this.space = space;
    }

    /** How many there are. */
    int count() {
        return count;
    }

    /** How many bytes they are in all. */
    long mappedBytes() {
        return mapped;
    }

    /** How many bytes are private and writable, stacks not among them. */
    long dataBytes() {
        return data;
    }

    /** How many bytes are the stack. */
    long stackBytes() {
        return stack;
    }

    /** How many bytes are executable. */
    long codeBytes() {
        return code;
    }

    /** How many bytes are locked. */
    long lockedBytes() {
        return locked;
    }

    private void count(Region region, int sign) {
        long bytes = sign * region.length();
        mapped += bytes;
        locked += region.has(Region.LOCKED) ? bytes : 0;
        if (region.has(Region.STACK)) {
            stack += bytes;
        } else if ((region.protection() & Mman.PROT_WRITE) != 0 && !region.shared()) {
            data += bytes;
        }
        if (region.has(Region.COMMITTED)) {
            space.commitment().add(bytes);
        }
        if ((region.protection() & Mman.PROT_EXEC) != 0) {
            code += bytes;
        }
    }

    /** The region with a number. */
    Region get(int index) {
        int leaf = leafOf(index);
        return leaves[leaf][index - starts[leaf]];
    }

    /** The leaf that has the region with a number: often the same one as before. */
    private int leafOf(int index) {
        int last = lastLeaf;
        if (last < leafCount && index >= starts[last] && index - starts[last] < counts[last]) {
            return last;
        }
        int found = Arrays.binarySearch(starts, 0, leafCount, index);
        lastLeaf = found >= 0 ? found : -found - 2;
        return lastLeaf;
    }

    /** Whether {@code more} regions fit. */
    boolean hasRoomFor(int more) {
        return count + more <= Math.min(LIMIT, MOST.get());
    }

    /** The number of the first region that ends behind an address; {@link #count} if there is none. */
    int firstEndingAfter(long address) {
        int last = lastFound;
        if (last < count && get(last).holds(address)) {
            return last;
        }
        int leaf = firstLeafEndingAfter(address);
        if (leaf == leafCount) {
            return count;
        }
        Region[] regions = leaves[leaf];
        int low = 0;
        int high = counts[leaf] - 1;
        while (low < high) {
            int middle = low + high >>> 1;
            if (regions[middle].end() <= address) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        lastLeaf = leaf;
        lastFound = starts[leaf] + low;
        return lastFound;
    }

    private int firstLeafEndingAfter(long address) {
        int low = 0;
        int high = leafCount;
        while (low < high) {
            int middle = low + high >>> 1;
            if (leaves[middle][counts[middle] - 1].end() <= address) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Whether no region overlaps a range. */
    boolean isFree(long start, long end) {
        int index = firstEndingAfter(start);
        return index == count || get(index).start() >= end;
    }

    /** Puts another region in the place of one with a number; their order stays. */
    void set(int index, Region region) {
        checkRange(region);
        int leaf = leafOf(index);
        int at = index - starts[leaf];
        count(leaves[leaf][at], -1);
        count(region, 1);
        leaves[leaf][at] = region;
    }

    /** Moves the start of the region with a number down. */
    void growDown(int index, long start) {
        Region region = get(index);
        count(region, -1);
        region.growDown(start);
        count(region, 1);
    }

    /** Adds a region; there is room for it in the map and in the addresses. */
    void insert(Region region) {
        insertAt(firstEndingAfter(region.start()), region);
    }

    /** Adds a region before the one that has a number now, or as the last one. There is room for it. */
    void insertAt(int index, Region region) {
        checkRange(region);
        int leaf = index < count ? leafOf(index) : leafCount - 1;
        if (leaf < 0 || counts[leaf] == LEAF) {
            leaf = makeRoom(leaf, index);
        }
        int at = index - starts[leaf];
        Region[] regions = leaves[leaf];
        System.arraycopy(regions, at, regions, at + 1, counts[leaf] - at);
        regions[at] = region;
        counts[leaf]++;
        moveStarts(leaf + 1, 1);
        count++;
        count(region, 1);
    }

    /** Makes room at the end for some regions, so that {@link #append} makes nothing for each. */
    void makeRoomToAppend(int more) {
        if (leafCount == 0 || LEAF - counts[leafCount - 1] < more) {
            addLeaf(leafCount);
            starts[leafCount - 1] = count;
        }
    }

    /** Adds a region behind all others, where {@link #makeRoomToAppend} has made room. */
    void append(Region region) {
        checkRange(region);
        int leaf = leafCount - 1;
        leaves[leaf][counts[leaf]] = region;
        counts[leaf]++;
        count++;
        count(region, 1);
    }

    /** Ends what {@link #makeRoomToAppend} began, should nothing have been added. */
    void endAppend() {
        if (leafCount > 0 && counts[leafCount - 1] == 0) {
            dropLeaf(leafCount - 1);
        }
    }

    /** Adds a leaf behind a full one, with its upper half; or an empty one at the end. The leaf where a number belongs then. */
    private int makeRoom(int full, int index) {
        boolean atEnd = index == count;
        addLeaf(full + 1);
        if (atEnd) {
            starts[full + 1] = count;
            return full + 1;
        }
        int kept = LEAF / 2;
        System.arraycopy(leaves[full], kept, leaves[full + 1], 0, LEAF - kept);
        Arrays.fill(leaves[full], kept, LEAF, null);
        counts[full] = kept;
        counts[full + 1] = LEAF - kept;
        starts[full + 1] = starts[full] + kept;
        return index > starts[full + 1] ? full + 1 : full;
    }

    private void addLeaf(int leaf) {
        if (leafCount >= leaves.length) {
            int length = Math.min(2 * leaves.length, MOST_LEAVES);
            Region[][] longer = new Region[length][];
            System.arraycopy(leaves, 0, longer, 0, leafCount);
            leaves = longer;
            starts = longer(starts, length);
            counts = longer(counts, length);
        }
        moveLeaves(leaf, leaf + 1);
        leaves[leaf] = new Region[LEAF];
        counts[leaf] = 0;
    }

    private int[] longer(int[] numbers, int length) {
        int[] longer = new int[Math.min(length, MOST_LEAVES)];
        System.arraycopy(numbers, 0, longer, 0, leafCount);
        return longer;
    }

    /** Moves the leaves from one on to another place in the list. */
    private void moveLeaves(int from, int to) {
        System.arraycopy(leaves, from, leaves, to, leafCount - from);
        System.arraycopy(starts, from, starts, to, leafCount - from);
        System.arraycopy(counts, from, counts, to, leafCount - from);
        leafCount += to - from;
    }

    private void moveStarts(int leaf, int by) {
        for (int i = leaf; i < leafCount; i++) {
            starts[i] += by;
        }
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
        int left = to - from;
        while (left > 0) {
            int leaf = leafOf(from);
            int at = from - starts[leaf];
            int part = Math.min(left, counts[leaf] - at);
            removeFrom(leaf, at, part);
            left -= part;
        }
    }

    private void removeFrom(int leaf, int at, int part) {
        Region[] regions = leaves[leaf];
        for (int i = at; i < at + part; i++) {
            count(regions[i], -1);
        }
        System.arraycopy(regions, at + part, regions, at, counts[leaf] - at - part);
        Arrays.fill(regions, counts[leaf] - part, counts[leaf], null);
        counts[leaf] -= part;
        count -= part;
        moveStarts(leaf + 1, -part);
        if (counts[leaf] == 0) {
            dropLeaf(leaf);
        } else {
            mergeWithNext(leaf);
        }
        if (leaf > 0) {
            mergeWithNext(leaf - 1);
        }
    }

    private void dropLeaf(int leaf) {
        moveLeaves(leaf + 1, leaf);
        leaves[leafCount] = null;
    }

    /** Joins a leaf with the next one if both are half of one at most. */
    private void mergeWithNext(int leaf) {
        if (leaf + 1 < leafCount && counts[leaf] + counts[leaf + 1] <= LEAF / 2) {
            System.arraycopy(leaves[leaf + 1], 0, leaves[leaf], counts[leaf], counts[leaf + 1]);
            counts[leaf] += counts[leaf + 1];
            dropLeaf(leaf + 1);
        }
    }

    /** Joins the region with a number with the one before and the one behind, where they continue each other. */
    int join(int index) {
        int joined = index;
        if (joined + 1 < count && get(joined).continuedBy(get(joined + 1))) {
            joinWithNext(joined);
        }
        if (joined > 0 && get(joined - 1).continuedBy(get(joined))) {
            joined--;
            joinWithNext(joined);
        }
        return joined;
    }

    private void joinWithNext(int index) {
        Region next = get(index + 1);
        next.detach(space);
        set(index, get(index).joinedWith(next));
        remove(index + 1, index + 2);
    }
}
