package biscotti.driver.intel;

import biscotti.machine.DeviceRegisters;

/** The registers of a ring of descriptors: in all families at the same places from where they begin (82599, 8.2.3.8 and 8.2.3.9). */
final class RingRegisters {
    private static final int BASE_LOW = 0x00; // RDBAL, TDBAL
    private static final int LENGTH = 0x08; // RDLEN, TDLEN
    private static final int HEAD = 0x10; // RDH, TDH
    private static final int TAIL = 0x18; // RDT, TDT
    private static final int CONTROL = 0x28; // RXDCTL, TXDCTL
    private static final int CONTROL_ENABLE = 1 << 25;

    private final DeviceRegisters registers;
    private final int first;

    /** Those that begin at an offset. */
    RingRegisters(DeviceRegisters registers, int first) {
        this.registers = registers;
        this.first = first;
    }

    /** Says where the descriptors lie, on a multiple of 128, and how many bytes they have; none of them is the card's yet. */
    void place(long address, int bytes) {
        registers.writeLong(first + BASE_LOW, address);
        registers.writeInt(first + LENGTH, bytes);
        registers.writeInt(first + HEAD, 0);
        registers.writeInt(first + TAIL, 0);
    }

    /** Gives the card all descriptors before this one that it has not. */
    void setTail(int index) {
        registers.writeInt(first + TAIL, index);
    }

    /** Enables the ring, in families that can enable each; {@link #isEnabled} says when it is. */
    void enable() {
        setControl(CONTROL_ENABLE);
    }

    /** Sets bits of the control: how descriptors are fetched and written back. */
    void setControl(int bits) {
        registers.writeInt(first + CONTROL, registers.readInt(first + CONTROL) | bits);
    }

    /** Disables the ring; {@link #isEnabled} says when the card looks at it no more. */
    void disable() {
        registers.writeInt(first + CONTROL, registers.readInt(first + CONTROL) & ~CONTROL_ENABLE);
    }

    boolean isEnabled() {
        return (registers.readInt(first + CONTROL) & CONTROL_ENABLE) != 0;
    }
}
