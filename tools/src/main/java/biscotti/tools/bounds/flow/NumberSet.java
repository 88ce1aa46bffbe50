package biscotti.tools.bounds.flow;

import java.util.Arrays;
import java.util.function.IntConsumer;

/** A set of small numbers that only grows and remembers in which order they came. */
final class NumberSet {
    private static final int SCANNED = 8;

    private int[] items = new int[4];
    private int[] table;
    private int size;

    int size() {
        return size;
    }

    /** The number that came as the {@code index}th. */
    int get(int index) {
        return items[index];
    }

    boolean contains(int item) {
        if (table == null) {
            for (int i = 0; i < size; i++) {
                if (items[i] == item) {
                    return true;
                }
            }
            return false;
        }
        return table[find(item)] != 0;
    }

    /** Adds a number; false if it was there. */
    boolean add(int item) {
        if (contains(item)) {
            return false;
        }
        if (size == items.length) {
            items = Arrays.copyOf(items, size * 2);
        }
        items[size++] = item;
        if (size > SCANNED) {
            index();
        }
        return true;
    }

    private void index() {
        if (table == null || size * 2 > table.length) {
            table = new int[Integer.highestOneBit(size) * 4];
            for (int i = 0; i < size; i++) {
                table[find(items[i])] = items[i] + 1;
            }
        } else {
            table[find(items[size - 1])] = items[size - 1] + 1;
        }
    }

    private int find(int item) {
        int mask = table.length - 1;
        int at = item * 0x9E3779B9 >>> 7 & mask;
        while (table[at] != 0 && table[at] != item + 1) {
            at = at + 1 & mask;
        }
        return at;
    }

    void forEach(IntConsumer action) {
        for (int i = 0; i < size; i++) {
            action.accept(items[i]);
        }
    }
}
