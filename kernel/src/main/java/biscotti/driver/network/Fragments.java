package biscotti.driver.network;

import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;

/**
 * The pieces of memory that follow the head of a packet, in a table off the heap, a word for each: its address, its length, and whether the
 * packet owns a reference of its frame. No piece crosses the end of a frame.
 */
final class Fragments {
    /** Bytes of the table for so many. */
    static final int ENTRY_BYTES = Long.BYTES;

    private static final int LENGTH_BITS = PhysicalMemory.FRAME_SHIFT + 1;
    private static final long LENGTH_MASK = (1L << LENGTH_BITS) - 1;
    private static final int OWNED_BIT = LENGTH_BITS;
    private static final int ADDRESS_SHIFT = OWNED_BIT + 1;

    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final long table;
    private final int capacity;

    /** The entries before this one have been pulled from the packet. */
    private int first;

    private int end;
    private int bytes;

    Fragments(PhysicalMemory memory, FrameAllocator frames, long table, int capacity) {
        this.memory = memory;
        this.frames = frames;
        this.table = table;
        this.capacity = capacity;
    }

    int count() {
        return end - first;
    }

    /** How many bytes they have together. */
    int bytes() {
        return bytes;
    }

    /** How many more there may be. */
    int room() {
        return capacity - end;
    }

    private long entry(int index) {
        return memory.readLong(table + (long) (first + index) * ENTRY_BYTES);
    }

    private void setEntry(int index, long address, int length, boolean owned) {
        long entry = address << ADDRESS_SHIFT | (owned ? 1L << OWNED_BIT : 0) | length;
        memory.writeLong(table + (long) (first + index) * ENTRY_BYTES, entry);
    }

    long address(int index) {
        return entry(index) >>> ADDRESS_SHIFT;
    }

    int length(int index) {
        return (int) (entry(index) & LENGTH_MASK);
    }

    private boolean isOwned(int index) {
        return (entry(index) >>> OWNED_BIT & 1) != 0;
    }

    /** Adds a piece behind the others, for which there is room. */
    void add(long address, int length, boolean owned) {
        end++;
        setEntry(count() - 1, address, length, owned);
        bytes += length;
    }

    /** Drops bytes of the front, of which there are as many. */
    void pull(int count) {
        int left = count;
        while (left > 0) {
            int length = length(0);
            if (length <= left) {
                release(0);
                first++;
                left -= length;
            } else {
                setEntry(0, address(0) + left, length - left, isOwned(0));
                left = 0;
            }
        }
        bytes -= count;
    }

    /** Drops bytes of the end, of which there are as many. */
    void trim(int count) {
        int left = count;
        while (left > 0) {
            int last = count() - 1;
            int length = length(last);
            if (length <= left) {
                release(last);
                end--;
                left -= length;
            } else {
                setEntry(last, address(last), length - left, isOwned(last));
                left = 0;
            }
        }
        bytes -= count;
    }

    private void release(int index) {
        if (isOwned(index)) {
            frames.release(address(index) & ~PhysicalMemory.FRAME_MASK);
        }
    }

    void clear() {
        for (int i = 0; i < count(); i++) {
            release(i);
        }
        first = 0;
        end = 0;
        bytes = 0;
    }
}
