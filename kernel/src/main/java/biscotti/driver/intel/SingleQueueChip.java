package biscotti.driver.intel;

import biscotti.machine.Clock;
import biscotti.machine.DeviceRegisters;

/** What the 82540EM and 82574L have in common: one queue, and descriptors of the old formats. */
abstract class SingleQueueChip extends GigabitChip {
    private static final int RDBAL = 0x2800; // 8254x, 13.4.25; 82574, 10.2.6.5
    private static final int TDBAL = 0x3800; // 8254x, 13.4.35; 82574, 10.2.7.4

    private final TransmitFormat format = new ExtendedTransmit();

    /** A chip with registers. */
    protected SingleQueueChip(DeviceRegisters registers, Clock clock) {
        super(registers, clock);
    }

    @Override
    final int mostQueues() {
        return 1;
    }

    @Override
    final ReceiveFormat receiveFormat() {
        return ReceiveFormat.LEGACY;
    }

    @Override
    final TransmitFormat transmitFormat() {
        return format;
    }

    @Override
    final RingRegisters receiveRing(int queue) {
        return new RingRegisters(registers, RDBAL);
    }

    @Override
    final RingRegisters transmitRing(int queue) {
        return new RingRegisters(registers, TDBAL);
    }

    @Override
    boolean startTransmitting(IntelTransmitRing... rings) {
        enableTransmitter();
        return true;
    }

    @Override
    final boolean startReceiving(int frameBytes, IntelReceiveRing... rings) {
        enableReceiver(frameBytes);
        rings[0].open();
        return true;
    }

    @Override
    final boolean stopReceiving(IntelReceiveRing... rings) {
        disableReceiver();
        return true;
    }
}
