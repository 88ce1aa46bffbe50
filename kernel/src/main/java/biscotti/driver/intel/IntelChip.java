package biscotti.driver.intel;

import biscotti.driver.Polling;
import biscotti.machine.Clock;
import biscotti.machine.DeviceRegisters;

/**
 * What differs between the families: where registers are, and in which order they are written. The card is set up on one thread: {@link #reset},
 * {@link #prepare}, {@link #startTransmitting}, {@link #startReceiving}, {@link #assignInterrupts}.
 */
abstract class IntelChip {
    /** Bytes of Ethernet around what an MTU counts: header, a VLAN's tag, check sequence. */
    protected static final int FRAME_OVERHEAD = 14 + 4 + 4;

    /** The longest frame that fits into one buffer. */
    protected static final int USUAL_FRAME = 1500 + FRAME_OVERHEAD;

    private static final int PATIENCE_MILLISECONDS = 1000;

    /** Its registers. */
    protected final DeviceRegisters registers;

    private final Clock clock;

    /** A chip with registers. */
    protected IntelChip(DeviceRegisters registers, Clock clock) {
        this.registers = registers;
        this.clock = clock;
    }

    /** Sets bits of a register. */
    protected final void set(int register, int bits) {
        registers.writeInt(register, registers.readInt(register) | bits);
    }

    /** Clears bits of a register. */
    protected final void clear(int register, int bits) {
        registers.writeInt(register, registers.readInt(register) & ~bits);
    }

    /** Waits until all of some bits of a register are set; false if that takes too long. */
    protected final boolean awaitSet(int register, int bits) {
        return Polling.await(clock, PATIENCE_MILLISECONDS, () -> (registers.readInt(register) & bits) == bits);
    }

    /** Waits until some bits of a register are clear; false if that takes too long. */
    protected final boolean awaitClear(int register, int bits) {
        return Polling.await(clock, PATIENCE_MILLISECONDS, () -> (registers.readInt(register) & bits) == 0);
    }

    /** Enables a ring, and waits until it is; false if that takes too long. */
    protected final boolean enable(RingRegisters ring) {
        ring.enable();
        return Polling.await(clock, PATIENCE_MILLISECONDS, ring::isEnabled);
    }

    /** Disables a ring, and waits until the card looks at it no more; false if that takes too long. */
    protected final boolean disable(RingRegisters ring) {
        ring.disable();
        return Polling.await(clock, PATIENCE_MILLISECONDS, () -> !ring.isEnabled());
    }

    /** The address in a pair of registers, RAL and RAH: the first byte of it lowest. */
    protected final long receiveAddress(int low, int high) {
        long address = registers.readInt(low) & 0xffff_ffffL | (long) registers.readInt(high) << Integer.SIZE;
        return Long.reverseBytes(address) >>> Short.SIZE;
    }

    /** What it is called. */
    abstract String model();

    /** How many queues it has that are of use. */
    abstract int mostQueues();

    /** Whether it makes segments of TCP over IPv6, too. */
    abstract boolean segmentsIpv6();

    /** How its receive descriptors look. */
    abstract ReceiveFormat receiveFormat();

    /** How its transmit descriptors are written. */
    abstract TransmitFormat transmitFormat();

    /** The registers of a queue's ring to receive. */
    abstract RingRegisters receiveRing(int queue);

    /** The registers of a queue's ring to send. */
    abstract RingRegisters transmitRing(int queue);

    /** Has it forget all; false if it does not come back. */
    abstract boolean reset();

    /** Its own address, the first byte highest. */
    abstract long hardwareAddress();

    /** Sets all up but rings: filters, checksums, how packets are spread over queues, the link. */
    abstract void prepare(int queues);

    /** Has it send by rings that have been placed; false if it does not do so. */
    abstract boolean startTransmitting(IntelTransmitRing... rings);

    /** Has it receive frames of so many bytes by rings that have been armed; false if it does not do so. */
    abstract boolean startReceiving(int frameBytes, IntelReceiveRing... rings);

    /** Has it look at no ring to receive any more; false if it goes on. */
    abstract boolean stopReceiving(IntelReceiveRing... rings);

    /** Has packets for anybody be received, or not. */
    abstract void setPromiscuous(boolean on);

    /** Maps the causes of each queue to the interrupt of its number, and those of the link to the one behind, and enables them. */
    abstract void assignInterrupts(int queues);

    /**
     * Has a queue interrupt no more.
     *
     * @return whether the interrupt may have told of the link
     */
    abstract boolean mask(int queue);

    /** Has a queue interrupt again. */
    abstract void unmask(int queue);

    /** Has the link interrupt again, before its state is read. */
    abstract void acknowledgeLink();

    /** Whether there is a link. */
    abstract boolean linkUp();

    /** The link's speed in Mb/s. */
    abstract int linkSpeed();
}
