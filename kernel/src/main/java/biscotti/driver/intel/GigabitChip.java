package biscotti.driver.intel;

import biscotti.machine.Clock;
import biscotti.machine.DeviceRegisters;

/** What the 82540EM, 82574L and 82576 have in common: the registers of 8254x, chapter 13 (82574, chapter 10; 82576, chapter 8). */
abstract class GigabitChip extends IntelChip {
    // General.
    private static final int CTRL = 0x0000;
    private static final int STATUS = 0x0008;
    private static final int CTRL_LRST = 1 << 3;
    private static final int CTRL_ASDE = 1 << 5;
    private static final int CTRL_SLU = 1 << 6;
    private static final int CTRL_ILOS = 1 << 7;
    private static final int CTRL_RST = 1 << 26;
    private static final int CTRL_PHY_RST = 1 << 31;
    private static final int STATUS_LU = 1 << 1;
    private static final int STATUS_SPEED_SHIFT = 6;
    private static final int STATUS_SPEED_MASK = 3;

    // Interrupts: the 82576 has these registers here as well as at 0x1500 (82576, 8.8).
    private static final int ICR = 0x00c0;
    private static final int IMS = 0x00d0;
    private static final int IMC = 0x00d8;

    /** The cause: the link's state has changed. */
    protected static final int LSC = 1 << 2;

    // Receiving.
    /** Receive control. */
    protected static final int RCTL = 0x0100;

    private static final int RCTL_EN = 1 << 1;
    private static final int RCTL_UPE = 1 << 3;
    private static final int RCTL_MPE = 1 << 4;
    private static final int RCTL_LPE = 1 << 5;
    private static final int RCTL_BAM = 1 << 15;
    private static final int RCTL_BSIZE_2048 = 0 << 16;
    private static final int RCTL_BSIZE_1024 = 1 << 16;
    private static final int RCTL_BSIZE_MASK = 3 << 16;
    private static final int RCTL_SECRC = 1 << 26;
    private static final int RXCSUM = 0x5000;
    private static final int RXCSUM_IPOFL = 1 << 8;
    private static final int RXCSUM_TUOFL = 1 << 9;
    private static final int MTA = 0x5200;
    private static final int MTA_WORDS = 128;
    private static final int RAL = 0x5400;
    private static final int RAH = 0x5404;

    // Sending.
    private static final int TCTL = 0x0400;
    private static final int TCTL_EN = 1 << 1;
    private static final int TCTL_PSP = 1 << 3;
    private static final int TCTL_CT_SHIFT = 4;
    private static final int TCTL_CT_MASK = 0xff << TCTL_CT_SHIFT;
    private static final int COLLISION_THRESHOLD = 15; // 8254x, 13.4.33: Ethernet's
    private static final int TCTL_COLD_SHIFT = 12;
    private static final int TCTL_COLD_MASK = 0x3ff << TCTL_COLD_SHIFT;
    private static final int COLLISION_DISTANCE = 0x40; // for full duplex
    private static final int TIPG = 0x0410;
    private static final int TIPG_COPPER = 8 | 8 << 10 | 6 << 20; // IPGT, IPGR1, IPGR2: 8254x, 13.4.34

    private static final int[] SPEEDS = {10, 100, 1000, 1000};

    /** A chip with registers. */
    protected GigabitChip(DeviceRegisters registers, Clock clock) {
        super(registers, clock);
    }

    /** 8254x, 14.3; 82574, 4.6.1; 82576, 4.5.3: interrupts off before and after. */
    @Override
    final boolean reset() {
        disableCauses(-1);
        registers.writeInt(RCTL, 0);
        registers.writeInt(TCTL, TCTL_PSP);
        set(CTRL, CTRL_RST);
        boolean done = awaitClear(CTRL, CTRL_RST);
        disableCauses(-1);
        takeCauses();
        return done;
    }

    @Override
    final long hardwareAddress() {
        return receiveAddress(RAL, RAH);
    }

    @Override
    void prepare(int queues) {
        registers.writeInt(
                CTRL, registers.readInt(CTRL) & ~(CTRL_LRST | CTRL_ILOS | CTRL_PHY_RST) | CTRL_ASDE | CTRL_SLU);
        for (int i = 0; i < MTA_WORDS; i++) {
            registers.writeInt(MTA + Integer.BYTES * i, 0);
        }
        set(RXCSUM, RXCSUM_IPOFL | RXCSUM_TUOFL);
    }

    /** Turns the transmitter on, all of whose rings have been set up. */
    protected final void enableTransmitter() {
        int control = registers.readInt(TCTL) & ~(TCTL_CT_MASK | TCTL_COLD_MASK);
        registers.writeInt(TIPG, TIPG_COPPER);
        registers.writeInt(
                TCTL,
                control
                        | TCTL_EN
                        | TCTL_PSP
                        | COLLISION_THRESHOLD << TCTL_CT_SHIFT
                        | COLLISION_DISTANCE << TCTL_COLD_SHIFT);
    }

    /** Turns the receiver on; frames that are too long for one buffer get several of 1 KB. */
    protected final void enableReceiver(int frameBytes) {
        boolean jumbo = frameBytes > USUAL_FRAME;
        int keep = registers.readInt(RCTL) & RCTL_UPE;
        registers.writeInt(
                RCTL,
                keep
                        | RCTL_EN
                        | RCTL_MPE
                        | RCTL_BAM
                        | RCTL_SECRC
                        | (jumbo ? RCTL_LPE | RCTL_BSIZE_1024 : RCTL_BSIZE_2048));
    }

    /** Turns the receiver off. */
    protected final void disableReceiver() {
        clear(RCTL, RCTL_EN | RCTL_LPE | RCTL_BSIZE_MASK);
    }

    @Override
    final void setPromiscuous(boolean on) {
        if (on) {
            set(RCTL, RCTL_UPE);
        } else {
            clear(RCTL, RCTL_UPE);
        }
    }

    /** Has causes interrupt. */
    protected final void enableCauses(int bits) {
        registers.writeInt(IMS, bits);
    }

    /** Has causes interrupt no more. */
    protected final void disableCauses(int bits) {
        registers.writeInt(IMC, bits);
    }

    /** The causes since the last look, which are forgotten. */
    protected final int takeCauses() {
        return registers.readInt(ICR);
    }

    /** Forgets causes. */
    protected final void clearCauses(int bits) {
        registers.writeInt(ICR, bits);
    }

    @Override
    final boolean linkUp() {
        return (registers.readInt(STATUS) & STATUS_LU) != 0;
    }

    @Override
    final int linkSpeed() {
        return SPEEDS[registers.readInt(STATUS) >>> STATUS_SPEED_SHIFT & STATUS_SPEED_MASK];
    }
}
