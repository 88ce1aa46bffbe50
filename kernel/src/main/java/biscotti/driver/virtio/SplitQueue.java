package biscotti.driver.virtio;

import biscotti.machine.PhysicalMemory;

/**
 * A split virtqueue (VIRTIO, 2.7) in two frames: the table of descriptors, and the rings of those that are available to the
 * device and those it has used. Guarded by a lock of its owner.
 */
final class SplitQueue {
    /** The most descriptors that fit. */
    static final int MOST_DESCRIPTORS = 256;

    /** Bytes of a descriptor. */
    static final int DESCRIPTOR_BYTES = 16;

    private static final int LENGTH = 8;
    private static final int FLAGS = 12;
    private static final int NEXT = 14;
    private static final int FLAG_NEXT = 1;
    private static final int FLAG_DEVICE_WRITES = 2;
    private static final int FLAG_INDIRECT = 4;

    /** Where the used ring begins in its frame: behind the longest available ring. */
    private static final int USED = 1024;

    private static final int RING = 4;
    private static final int USED_ENTRY_BYTES = 8;
    private static final int USED_LENGTH = 4;
    private static final int USED_NO_NOTIFY = 1;
    private static final int AVAILABLE_NO_INTERRUPT = 1;

    private final PhysicalMemory memory;
    private final int size;
    private final long descriptors;
    private final long rings;
    private int flags;
    private int offered;
    private int taken;

    /** A queue in two frames full of zeros; {@code size} is a power of 2. */
    SplitQueue(PhysicalMemory memory, int size, long descriptors, long rings) {
        this.memory = memory;
        this.size = size;
        this.descriptors = descriptors;
        this.rings = rings;
    }

    /** Makes it empty, as the device that used it has been reset. */
    void clear() {
        memory.zero(descriptors, PhysicalMemory.FRAME_SIZE);
        memory.zero(rings, PhysicalMemory.FRAME_SIZE);
        flags = 0;
        offered = 0;
        taken = 0;
    }

    int size() {
        return size;
    }

    long descriptors() {
        return descriptors;
    }

    long available() {
        return rings;
    }

    long used() {
        return rings + USED;
    }

    /**
     * Writes a descriptor.
     *
     * @param table where its table begins
     * @param index which it is there
     * @param last whether no other follows it; else the next one in the table does
     */
    void describe(long table, int index, long address, int length, boolean deviceWrites, boolean last) {
        write(table, index, address, length, (deviceWrites ? FLAG_DEVICE_WRITES : 0) | (last ? 0 : FLAG_NEXT));
    }

    /** Writes a descriptor that names a table of {@code count} others (VIRTIO, 2.7.5.3). */
    void describeTable(int index, long table, int count) {
        write(descriptors, index, table, count * DESCRIPTOR_BYTES, FLAG_INDIRECT);
    }

    private void write(long table, int index, long address, int length, int flags) {
        long at = table + (long) index * DESCRIPTOR_BYTES;
        memory.writeLong(at, address);
        memory.writeInt(at + LENGTH, length);
        memory.writeShort(at + FLAGS, (short) flags);
        memory.writeShort(at + NEXT, (short) ((flags & FLAG_NEXT) != 0 ? index + 1 : 0));
    }

    /** Makes a chain of descriptors available; says whether the device wants to be told (VIRTIO, 2.7.13). */
    boolean offer(int head) {
        memory.writeShort(rings + RING + (long) (offered & size - 1) * Short.BYTES, (short) head);
        offered = offered + 1 & 0xffff;
        writeFlagsAndIndex();
        return (memory.readIntVolatile(rings + USED) & USED_NO_NOTIFY) == 0;
    }

    /** After all that was written before. */
    private void writeFlagsAndIndex() {
        memory.writeIntVolatile(rings, offered << Short.SIZE | flags);
    }

    /** Asks the device to interrupt after it has used a chain, as at first, or not to (VIRTIO, 2.7.7). It need not obey the latter. */
    void askForInterrupts(boolean on) {
        flags = on ? 0 : AVAILABLE_NO_INTERRUPT;
        writeFlagsAndIndex();
    }

    /** Whether the device has done with a chain that was not taken yet. */
    boolean hasUsed() {
        return memory.readIntVolatile(rings + USED) >>> Short.SIZE != taken;
    }

    /** How many bytes the device has written to the chain that was taken last. */
    int takenLength() {
        long at = rings + USED + RING + (long) (taken - 1 & size - 1) * USED_ENTRY_BYTES;
        return memory.readInt(at + USED_LENGTH);
    }

    /** The head of a chain that the device has done with; negative if there is none. */
    int take() {
        int index = memory.readIntVolatile(rings + USED) >>> Short.SIZE;
        if (index == taken) {
            return -1;
        }
        int head = memory.readInt(rings + USED + RING + (long) (taken & size - 1) * USED_ENTRY_BYTES);
        taken = taken + 1 & 0xffff;
        return head & Integer.MAX_VALUE;
    }
}
