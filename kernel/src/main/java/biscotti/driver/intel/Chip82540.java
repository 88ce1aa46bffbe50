package biscotti.driver.intel;

import biscotti.machine.Clock;
import biscotti.machine.DeviceRegisters;

/** The 82540EM, which QEMU calls e1000: it interrupts by a line, whatever the cause. */
final class Chip82540 extends SingleQueueChip {
    // Causes: 8254x, 13.4.17.
    private static final int TXDW = 1;
    private static final int RXDMT0 = 1 << 4;
    private static final int RXO = 1 << 6;
    private static final int RXT0 = 1 << 7;
    private static final int ALL = TXDW | LSC | RXDMT0 | RXO | RXT0;

    Chip82540(DeviceRegisters registers, Clock clock) {
        super(registers, clock);
    }

    @Override
    String model() {
        return "82540EM";
    }

    /** Linux does not ask it for that, and QEMU's card gets the length of IPv6's payload wrong. */
    @Override
    boolean segmentsIpv6() {
        return false;
    }

    @Override
    void assignInterrupts(int queues) {
        enableCauses(ALL);
    }

    /** Reading the causes ends the interrupt (8254x, 13.4.17). */
    @Override
    boolean mask(int queue) {
        disableCauses(ALL);
        return (takeCauses() & LSC) != 0;
    }

    @Override
    void unmask(int queue) {
        enableCauses(ALL);
    }

    @Override
    void acknowledgeLink() {
        // Its cause was taken with those of the queue.
    }
}
