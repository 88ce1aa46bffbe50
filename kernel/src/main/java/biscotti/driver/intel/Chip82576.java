package biscotti.driver.intel;

import biscotti.machine.Clock;
import biscotti.machine.DeviceRegisters;

/** The 82576, which QEMU calls igb. */
final class Chip82576 extends GigabitChip {
    // Rings: 82576, 8.10 and 8.12.
    private static final int RDBAL = 0xc000;
    private static final int SRRCTL = 0xc00c;
    private static final int TDBAL = 0xe000;
    private static final int SRRCTL_DROP_EN = 1 << 31;
    private static final int RLPML = 0x5004;

    // Queues: 82576, 8.10.13 to 8.10.15.
    private static final int MRQC = 0x5818;
    private static final int MRQC_RSS = 2;
    private static final int RETA = 0x5c00;
    private static final int RSSRK = 0x5c80;

    // Interrupts: 82576, 8.8.
    private static final int GPIE = 0x1514;
    private static final int GPIE_NSICR = 1;
    private static final int GPIE_MULTIPLE_MSIX = 1 << 4;
    private static final int GPIE_PBA_SUPPORT = 1 << 31;
    private static final int EIMS = 0x1524;
    private static final int EIMC = 0x1528;
    private static final int EIAC = 0x152c;
    private static final int IVAR = 0x1700;
    private static final int IVAR_MISC = 0x1740;
    private static final int IVAR_VALID = 1 << 7;
    private static final int IVAR_TX_SHIFT = 8;
    private static final int IVAR_OTHER_SHIFT = 8;

    // The PHY: 82576, 8.2.4; its register 0 is that of IEEE 802.3, 22.2.4.1.
    private static final int MDIC = 0x0020;
    private static final int MDIC_REGADD_SHIFT = 16;
    private static final int MDIC_PHYADD_SHIFT = 21;
    private static final int MDIC_OP_WRITE = 1 << 26;
    private static final int MDIC_READY = 1 << 28;
    private static final int INTERNAL_PHY = 1;
    private static final int PHY_CONTROL = 0;
    private static final int PHY_CONTROL_NEGOTIATES = 1 << 12;
    private static final int PHY_CONTROL_RESTARTS = 1 << 9;

    private final TransmitFormat format = new AdvancedTransmit();
    private final AdvancedQueues advanced;
    private int linkInterrupt;

    Chip82576(DeviceRegisters registers, Clock clock) {
        super(registers, clock);
        advanced = new AdvancedQueues(registers, RDBAL, TDBAL, SRRCTL, SRRCTL_DROP_EN);
    }

    @Override
    String model() {
        return "82576";
    }

    @Override
    boolean segmentsIpv6() {
        return true;
    }

    @Override
    int mostQueues() {
        return AdvancedQueues.MOST;
    }

    @Override
    ReceiveFormat receiveFormat() {
        return ReceiveFormat.ADVANCED_82576;
    }

    @Override
    TransmitFormat transmitFormat() {
        return format;
    }

    @Override
    RingRegisters receiveRing(int queue) {
        return advanced.receiveRing(queue);
    }

    @Override
    RingRegisters transmitRing(int queue) {
        return advanced.transmitRing(queue);
    }

    @Override
    void prepare(int queues) {
        super.prepare(queues);
        negotiate();
        if (queues > 1) {
            ReceiveSideScaling.write(registers, RSSRK, RETA, queues);
            registers.writeInt(MRQC, MRQC_RSS | ReceiveSideScaling.MRQC_FIELDS);
        }
    }

    /** Has the PHY agree with the other end on a speed: a reset of the rest does not. */
    private void negotiate() {
        registers.writeInt(
                MDIC,
                PHY_CONTROL_NEGOTIATES
                        | PHY_CONTROL_RESTARTS
                        | PHY_CONTROL << MDIC_REGADD_SHIFT
                        | INTERNAL_PHY << MDIC_PHYADD_SHIFT
                        | MDIC_OP_WRITE);
        awaitSet(MDIC, MDIC_READY);
    }

    /** 82576, 4.5.10. */
    @Override
    boolean startTransmitting(IntelTransmitRing... rings) {
        boolean enabled = true;
        for (IntelTransmitRing ring : rings) {
            enabled &= enable(ring.registers());
        }
        enableTransmitter();
        return enabled;
    }

    /** 82576, 4.5.9: the tails move only after a queue and the receiver are enabled. */
    @Override
    boolean startReceiving(int frameBytes, IntelReceiveRing... rings) {
        boolean enabled = true;
        registers.writeInt(RLPML, frameBytes);
        for (int i = 0; i < rings.length; i++) {
            advanced.setBuffers(i, frameBytes > USUAL_FRAME);
            enabled &= enable(rings[i].registers());
        }
        enableReceiver(frameBytes);
        for (IntelReceiveRing ring : rings) {
            ring.open();
        }
        return enabled;
    }

    @Override
    boolean stopReceiving(IntelReceiveRing... rings) {
        boolean disabled = true;
        disableReceiver();
        for (IntelReceiveRing ring : rings) {
            disabled &= disable(ring.registers());
        }
        return disabled;
    }

    /** 82576, 7.3.3: message n for both rings of queue n. */
    @Override
    void assignInterrupts(int queues) {
        linkInterrupt = queues;
        int all = (1 << queues + 1) - 1;
        registers.writeInt(GPIE, GPIE_NSICR | GPIE_MULTIPLE_MSIX | GPIE_PBA_SUPPORT);
        for (int i = 0; i < queues; i++) {
            int vector = i | IVAR_VALID;
            registers.writeInt(IVAR + Integer.BYTES * i, vector | vector << IVAR_TX_SHIFT);
        }
        registers.writeInt(IVAR_MISC, (queues | IVAR_VALID) << IVAR_OTHER_SHIFT);
        registers.writeInt(EIAC, all);
        registers.writeInt(EIMS, all);
        enableCauses(LSC);
    }

    @Override
    boolean mask(int queue) {
        registers.writeInt(EIMC, 1 << queue);
        return false;
    }

    @Override
    void unmask(int queue) {
        registers.writeInt(EIMS, 1 << queue);
    }

    @Override
    void acknowledgeLink() {
        takeCauses();
        registers.writeInt(EIMS, 1 << linkInterrupt);
    }
}
