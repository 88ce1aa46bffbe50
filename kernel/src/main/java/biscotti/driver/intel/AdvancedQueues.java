package biscotti.driver.intel;

import biscotti.machine.DeviceRegisters;

/** The queues of the 82576 and the 82599: the same registers at other places (82576, 8.10 and 8.12; 82599, 8.2.3.8 and 8.2.3.9). */
final class AdvancedQueues {
    /** How many are of use. */
    static final int MOST = 8;

    /** From the registers of a ring to those of the next. */
    static final int STRIDE = 0x40;

    private static final int SRRCTL_2_KB = 2;
    private static final int SRRCTL_1_KB = 1;
    private static final int SRRCTL_DESCTYPE_ADVANCED = 1 << 25;

    private final DeviceRegisters registers;
    private final int receive;
    private final int transmit;
    private final int control;
    private final int dropEnable;

    /**
     * Those of a chip.
     *
     * @param receive RDBAL of queue 0
     * @param transmit TDBAL of queue 0
     * @param control SRRCTL of queue 0
     * @param dropEnable its bit DROP_EN: what finds no descriptor is dropped, and does not keep others waiting
     */
    AdvancedQueues(DeviceRegisters registers, int receive, int transmit, int control, int dropEnable) {
        this.registers = registers;
        this.receive = receive;
        this.transmit = transmit;
        this.control = control;
        this.dropEnable = dropEnable;
    }

    /** The registers of a queue's ring to receive. */
    RingRegisters receiveRing(int queue) {
        return new RingRegisters(registers, receive + STRIDE * queue);
    }

    /** The registers of a queue's ring to send. */
    RingRegisters transmitRing(int queue) {
        return new RingRegisters(registers, transmit + STRIDE * queue);
    }

    /** Says how large a queue's buffers are: frames that are too long for one get several of 1 KB. */
    void setBuffers(int queue, boolean jumbo) {
        registers.writeInt(
                control + STRIDE * queue, (jumbo ? SRRCTL_1_KB : SRRCTL_2_KB) | SRRCTL_DESCTYPE_ADVANCED | dropEnable);
    }
}
