package biscotti.ext4.journal;

import java.util.Arrays;

/** A set of numbers of blocks, of a fixed capacity: open addressing, where what follows closes the gap of what is removed. */
final class BlockSet {
    private static final long FREE = -1;

    private final long[] slots;
    private final int mask;
    private int size;

    /** For at most so many numbers, up to 3000. */
    BlockSet(int capacity) {
        int length = Math.clamp(Integer.highestOneBit(Math.max(1, capacity)) << 2, 16, 4096);
        slots = new long[length];
        mask = length - 1;
        Arrays.fill(slots, FREE);
    }

    int size() {
        return size;
    }

    /** How many slots there are to look through. */
    int slots() {
        return slots.length;
    }

    /** The number in a slot, or -1. */
    long slot(int index) {
        return slots[index];
    }

    void clear() {
        Arrays.fill(slots, FREE);
        size = 0;
    }

    private int home(long number) {
        return (int) (number * 0x9E3779B97F4A7C15L >>> 32) & mask;
    }

    private int find(long number) {
        int at = home(number);
        while (slots[at] != FREE && slots[at] != number) {
            at = at + 1 & mask;
        }
        return at;
    }

    void add(long number) {
        int at = find(number);
        if (slots[at] == FREE) {
            slots[at] = number;
            size++;
        }
    }

    void remove(long number) {
        int gap = find(number);
        if (slots[gap] == FREE) {
            return;
        }
        size--;
        int at = gap;
        while (true) {
            slots[gap] = FREE;
            do {
                at = at + 1 & mask;
                if (slots[at] == FREE) {
                    return;
                }
            } while ((at - home(slots[at]) & mask) < (at - gap & mask)); // belongs behind the gap
            slots[gap] = slots[at];
            gap = at;
        }
    }
}
