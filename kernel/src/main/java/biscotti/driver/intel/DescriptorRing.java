package biscotti.driver.intel;

import biscotti.machine.PhysicalMemory;

/** Where the descriptors of a ring lie, which fill a frame, and the registers by which the card knows of them. */
final class DescriptorRing {
    /** Bytes of a descriptor of any kind. */
    static final int DESCRIPTOR_BYTES = 16;

    /** How many descriptors there are. */
    static final int COUNT = PhysicalMemory.FRAME_SIZE / DESCRIPTOR_BYTES;

    /** The last one. */
    static final int LAST = COUNT - 1;

    private final RingRegisters registers;
    private final long frame;

    DescriptorRing(RingRegisters registers, long frame) {
        this.registers = registers;
        this.frame = frame;
    }

    RingRegisters registers() {
        return registers;
    }

    /** The address of a descriptor. */
    long at(int index) {
        return frame + (long) index * DESCRIPTOR_BYTES;
    }

    /** The descriptor behind one. */
    static int after(int index) {
        return index + 1 & LAST;
    }

    /** The descriptor before one. */
    static int before(int index) {
        return index - 1 & LAST;
    }

    /** Says where the ring is; the card is not to look at it yet. */
    void place() {
        registers.place(frame, PhysicalMemory.FRAME_SIZE);
    }
}
