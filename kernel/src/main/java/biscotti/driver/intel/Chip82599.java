package biscotti.driver.intel;

import biscotti.machine.Clock;
import biscotti.machine.DeviceRegisters;

/** The 82599: 10 Gb/s, up to 8 of its 128 queues. */
final class Chip82599 extends IntelChip {
    // General: 82599, 8.2.3.1 and 8.2.3.2.
    private static final int CTRL = 0x00000;
    private static final int CTRL_MASTER_DISABLE = 1 << 2;
    private static final int CTRL_LRST = 1 << 3;
    private static final int CTRL_RST = 1 << 26;
    private static final int STATUS = 0x00008;
    private static final int STATUS_MASTER_ENABLE = 1 << 19;
    private static final int CTRL_EXT = 0x00018;
    private static final int CTRL_EXT_NS_DIS = 1 << 16;
    private static final int EEC = 0x10010;
    private static final int EEC_AUTO_RD = 1 << 9;

    // Interrupts: 82599, 8.2.3.5.
    private static final int EICR = 0x00800;
    private static final int EIAC = 0x00810;
    private static final int EIMS = 0x00880;
    private static final int EIMC = 0x00888;
    private static final int EIMC_ALL = Integer.MAX_VALUE; // bit 31 is reserved
    private static final int GPIE = 0x00898;
    private static final int GPIE_MULTIPLE_MSIX = 1 << 4;
    private static final int GPIE_PBA_SUPPORT = 1 << 31;
    private static final int IVAR = 0x00900;
    private static final int IVAR_MISC = 0x00a00;
    private static final int IVAR_VALID = 1 << 7;
    private static final int IVAR_TX_SHIFT = 8;
    private static final int IVAR_ODD_SHIFT = 16;
    private static final int IVAR_OTHER_SHIFT = 8;
    private static final int EICR_LSC = 1 << 20;

    // Receiving: 82599, 8.2.3.7 and 8.2.3.8.
    private static final int RDBAL = 0x01000;
    private static final int DCA_RXCTRL = 0x0100c;
    private static final int DCA_RXCTRL_MUST_BE_0 = 1 << 12; // 8.2.3.11.1
    private static final int SRRCTL = 0x01014;
    private static final int TDBAL = 0x06000;
    private static final int SRRCTL_DROP_EN = 1 << 28;
    private static final int RDRXCTL = 0x02f00;
    private static final int RDRXCTL_CRCSTRIP = 1 << 1;
    private static final int RDRXCTL_DMAIDONE = 1 << 3;
    private static final int RDRXCTL_RSCFRSTSIZE = 0x1f << 17; // 8.2.3.8.8: must be 0
    private static final int RDRXCTL_RSCACKC = 1 << 25; // must be 1
    private static final int RDRXCTL_FCOE_WRFIX = 1 << 26; // must be 1
    private static final int RXCTRL = 0x03000;
    private static final int RXCTRL_RXEN = 1;
    private static final int FCTRL = 0x05080;
    private static final int FCTRL_MPE = 1 << 8;
    private static final int FCTRL_UPE = 1 << 9;
    private static final int FCTRL_BAM = 1 << 10;
    private static final int MTA = 0x05200;
    private static final int MTA_WORDS = 128;
    private static final int RAL = 0x0a200;
    private static final int RAH = 0x0a204;
    private static final int SECRXCTRL = 0x08d00;
    private static final int SECRXCTRL_RX_DIS = 1 << 1;
    private static final int SECRXSTAT = 0x08d04;
    private static final int SECRXSTAT_RDY = 1;

    // Queues: 82599, 8.2.3.7.12 to 8.2.3.7.14.
    private static final int MRQC = 0x0ec80;
    private static final int MRQC_RSS = 1;
    private static final int RETA = 0x0eb00;
    private static final int RSSRK = 0x0eb80;

    // Sending: 82599, 8.2.3.9 and 8.2.3.10.
    private static final int DMATXCTL = 0x04a80;
    private static final int DMATXCTL_TE = 1;
    private static final int DTXMXSZRQ = 0x08100;
    private static final int DTXMXSZRQ_MOST = 0xfff;
    private static final int RTTDCS = 0x04900;
    private static final int RTTDCS_ARBDIS = 1 << 6;

    // The MAC: 82599, 8.2.3.22.
    private static final int HLREG0 = 0x04240;
    private static final int HLREG0_TXCRCEN = 1;
    private static final int HLREG0_RXCRCSTRP = 1 << 1;
    private static final int HLREG0_JUMBOEN = 1 << 2;
    private static final int HLREG0_TXPADEN = 1 << 10;
    private static final int MAXFRS = 0x04268;
    private static final int MAXFRS_MFS_SHIFT = 16;
    private static final int VLAN_TAG = 4; // MAXFRS does not count it
    private static final int AUTOC = 0x042a0;
    private static final int AUTOC_RESTART_AN = 1 << 12;
    private static final int LINKS = 0x042a4;
    private static final int LINKS_UP = 1 << 30;
    private static final int LINKS_SPEED_SHIFT = 28;
    private static final int LINKS_SPEED_MASK = 3;
    private static final int[] SPEEDS = {0, 100, 1000, 10_000};

    private final TransmitFormat format = new AdvancedTransmit();
    private final AdvancedQueues advanced;

    Chip82599(DeviceRegisters registers, Clock clock) {
        super(registers, clock);
        advanced = new AdvancedQueues(registers, RDBAL, TDBAL, SRRCTL, SRRCTL_DROP_EN);
    }

    @Override
    String model() {
        return "82599";
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
        return ReceiveFormat.ADVANCED_82599;
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

    /** 82599, 4.6.3 and 4.2.1.6.1: interrupts off, no more requests on the bus, reset of link and software, interrupts off again. */
    @Override
    boolean reset() {
        registers.writeInt(EIMC, EIMC_ALL);
        set(CTRL, CTRL_MASTER_DISABLE);
        boolean quiet = awaitClear(STATUS, STATUS_MASTER_ENABLE);
        set(CTRL, CTRL_LRST | CTRL_RST);
        boolean done = quiet && awaitClear(CTRL, CTRL_LRST | CTRL_RST);
        registers.writeInt(EIMC, EIMC_ALL);
        return done && awaitSet(EEC, EEC_AUTO_RD) && awaitSet(RDRXCTL, RDRXCTL_DMAIDONE);
    }

    @Override
    long hardwareAddress() {
        return receiveAddress(RAL, RAH);
    }

    /** 82599, 4.6.4 (the link), and the part of 4.6.7 and 4.6.8 that is of no queue. */
    @Override
    void prepare(int queues) {
        set(AUTOC, AUTOC_RESTART_AN);
        for (int i = 0; i < MTA_WORDS; i++) {
            registers.writeInt(MTA + Integer.BYTES * i, 0);
        }
        set(FCTRL, FCTRL_BAM | FCTRL_MPE);
        set(HLREG0, HLREG0_TXCRCEN | HLREG0_RXCRCSTRP | HLREG0_TXPADEN);
        registers.writeInt(
                RDRXCTL,
                registers.readInt(RDRXCTL) & ~RDRXCTL_RSCFRSTSIZE
                        | RDRXCTL_CRCSTRIP
                        | RDRXCTL_RSCACKC
                        | RDRXCTL_FCOE_WRFIX);
        if (queues > 1) {
            ReceiveSideScaling.write(registers, RSSRK, RETA, queues);
            registers.writeInt(MRQC, MRQC_RSS | ReceiveSideScaling.MRQC_FIELDS);
        }
        set(CTRL_EXT, CTRL_EXT_NS_DIS);
        set(RTTDCS, RTTDCS_ARBDIS);
        registers.writeInt(DTXMXSZRQ, DTXMXSZRQ_MOST);
        clear(RTTDCS, RTTDCS_ARBDIS);
    }

    /** 82599, 4.6.8. */
    @Override
    boolean startTransmitting(IntelTransmitRing... rings) {
        set(DMATXCTL, DMATXCTL_TE);
        boolean enabled = true;
        for (IntelTransmitRing ring : rings) {
            enabled &= enable(ring.registers());
        }
        return enabled;
    }

    /** 82599, 4.6.7: a tail moves only after its queue is enabled. */
    @Override
    boolean startReceiving(int frameBytes, IntelReceiveRing... rings) {
        boolean jumbo = frameBytes > USUAL_FRAME;
        if (jumbo) {
            set(HLREG0, HLREG0_JUMBOEN);
        } else {
            clear(HLREG0, HLREG0_JUMBOEN);
        }
        registers.writeInt(MAXFRS, frameBytes - VLAN_TAG << MAXFRS_MFS_SHIFT);
        boolean enabled = true;
        for (int i = 0; i < rings.length; i++) {
            clear(DCA_RXCTRL + AdvancedQueues.STRIDE * i, DCA_RXCTRL_MUST_BE_0);
            advanced.setBuffers(i, jumbo);
            enabled &= enable(rings[i].registers());
            rings[i].open();
        }
        return enabled && enableReceiver();
    }

    /** 82599, 4.6.7: the receiver is turned on while nothing is on its way to it. */
    private boolean enableReceiver() {
        set(SECRXCTRL, SECRXCTRL_RX_DIS);
        boolean empty = awaitSet(SECRXSTAT, SECRXSTAT_RDY);
        set(RXCTRL, RXCTRL_RXEN);
        clear(SECRXCTRL, SECRXCTRL_RX_DIS);
        return empty;
    }

    /** 82599, 4.6.7.1. */
    @Override
    boolean stopReceiving(IntelReceiveRing... rings) {
        clear(RXCTRL, RXCTRL_RXEN);
        boolean disabled = true;
        for (IntelReceiveRing ring : rings) {
            disabled &= disable(ring.registers());
        }
        return disabled;
    }

    /** 82599, 8.2.3.7.1: filters are changed while the receiver is off. */
    @Override
    void setPromiscuous(boolean on) {
        clear(RXCTRL, RXCTRL_RXEN);
        if (on) {
            set(FCTRL, FCTRL_UPE);
        } else {
            clear(FCTRL, FCTRL_UPE);
        }
        enableReceiver();
    }

    /** 82599, 7.3.4.3: message n for both rings of queue n. */
    @Override
    void assignInterrupts(int queues) {
        int all = (1 << queues) - 1;
        registers.writeInt(GPIE, GPIE_MULTIPLE_MSIX | GPIE_PBA_SUPPORT);
        for (int i = 0; i < queues; i += 2) {
            int even = i | IVAR_VALID;
            int odd = i + 1 < queues ? i + 1 | IVAR_VALID : 0;
            registers.writeInt(
                    IVAR + Integer.BYTES * (i / 2),
                    even | even << IVAR_TX_SHIFT | (odd | odd << IVAR_TX_SHIFT) << IVAR_ODD_SHIFT);
        }
        registers.writeInt(IVAR_MISC, (queues | IVAR_VALID) << IVAR_OTHER_SHIFT);
        registers.writeInt(EIAC, all); // a message takes its cause with it
        registers.writeInt(EIMS, all | EICR_LSC);
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
        registers.writeInt(EICR, EICR_LSC);
        registers.writeInt(EIMS, EICR_LSC);
    }

    @Override
    boolean linkUp() {
        return (registers.readInt(LINKS) & LINKS_UP) != 0;
    }

    @Override
    int linkSpeed() {
        return SPEEDS[registers.readInt(LINKS) >>> LINKS_SPEED_SHIFT & LINKS_SPEED_MASK];
    }
}
