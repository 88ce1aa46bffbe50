package biscotti.driver.intel;

import biscotti.machine.Clock;
import biscotti.machine.DeviceRegisters;

/** The 82574L, which QEMU calls e1000e: one queue, with an interrupt of its own, and one for the link. */
final class Chip82574 extends SingleQueueChip {
    private static final int CTRL_EXT = 0x0018;
    private static final int CTRL_EXT_PBA_CLR = 1 << 31;

    // Interrupts: 82574, 10.2.4.
    private static final int EIAC = 0x00dc;
    private static final int IVAR = 0x00e4;
    private static final int RXQ0 = 1 << 20;
    private static final int TXQ0 = 1 << 22;
    private static final int OTHER = 1 << 24;
    private static final int IVAR_VALID = 1 << 3;
    private static final int IVAR_TXQ0_SHIFT = 8;
    private static final int IVAR_OTHER_SHIFT = 16;
    private static final int QUEUE_INTERRUPT = 0;
    private static final int LINK_INTERRUPT = 1;

    /** "Must be set to 1b" (82574, 10.2.7.8). */
    private static final int TXDCTL_COUNT_DESC = 1 << 22;

    Chip82574(DeviceRegisters registers, Clock clock) {
        super(registers, clock);
    }

    @Override
    String model() {
        return "82574L";
    }

    @Override
    boolean segmentsIpv6() {
        return true;
    }

    @Override
    boolean startTransmitting(IntelTransmitRing... rings) {
        rings[0].registers().setControl(TXDCTL_COUNT_DESC);
        return super.startTransmitting(rings);
    }

    @Override
    void assignInterrupts(int queues) {
        int queue = QUEUE_INTERRUPT | IVAR_VALID;
        int link = LINK_INTERRUPT | IVAR_VALID;
        registers.writeInt(IVAR, queue | queue << IVAR_TXQ0_SHIFT | link << IVAR_OTHER_SHIFT);
        set(CTRL_EXT, CTRL_EXT_PBA_CLR);
        registers.writeInt(EIAC, RXQ0 | TXQ0); // a message takes its causes with it
        enableCauses(RXQ0 | TXQ0 | OTHER | LSC);
    }

    @Override
    boolean mask(int queue) {
        disableCauses(RXQ0 | TXQ0);
        return false;
    }

    @Override
    void unmask(int queue) {
        enableCauses(RXQ0 | TXQ0);
    }

    @Override
    void acknowledgeLink() {
        clearCauses(OTHER | LSC);
        enableCauses(OTHER | LSC);
    }
}
