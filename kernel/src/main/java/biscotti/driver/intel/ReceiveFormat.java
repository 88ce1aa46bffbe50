package biscotti.driver.intel;

/**
 * How a descriptor looks that a card has received into. Its first bit of status says that it is done, its second that it is a packet's last.
 *
 * @param statusAt where status and errors are
 * @param lengthAt where the length is
 * @param checked bits of the status that say that the card has looked at the transport's checksum
 * @param unchecked bits of the status that take that back
 * @param wrong bits of the errors that say that a checksum is wrong
 * @param damaged bits of the errors that say that the packet is not as it was sent
 */
record ReceiveFormat(int statusAt, int lengthAt, int checked, int unchecked, int wrong, int damaged) {
    /** Descriptor done. */
    static final int DD = 1;

    /** End of packet. */
    static final int EOP = 1 << 1;

    // 8254x, 3.2.3.1 and 3.2.3.2; 82574, 7.1.4.1 and 7.1.4.2: a byte of status, and one of errors.
    private static final int LEGACY_IXSM = 1 << 2;
    private static final int UDPCS = 1 << 4;
    private static final int TCPCS = 1 << 5;
    private static final int LEGACY_CE = 1 << 8;
    private static final int LEGACY_SE = 1 << 9;
    private static final int LEGACY_SEQ = 1 << 10;
    private static final int LEGACY_TCPE = 1 << 13;
    private static final int LEGACY_IPE = 1 << 14;
    private static final int LEGACY_RXE = 1 << 15;

    // 82576, 7.1.5.2: extended errors.
    private static final int L4E_82576 = 1 << 29;
    private static final int IPE_82576 = 1 << 30;
    private static final int RXE_82576 = 1 << 31;

    // 82599, 7.1.6.2: extended errors.
    private static final int RXE_82599 = 1 << 29;
    private static final int L4E_82599 = 1 << 30;
    private static final int IPE_82599 = 1 << 31;

    /** Legacy descriptors, of the 82540EM and 82574L. */
    static final ReceiveFormat LEGACY = new ReceiveFormat(
            12,
            8,
            TCPCS | UDPCS,
            LEGACY_IXSM,
            LEGACY_TCPE | LEGACY_IPE,
            LEGACY_CE | LEGACY_SE | LEGACY_SEQ | LEGACY_RXE);

    /** Advanced descriptors of the 82576, as the card writes them back. */
    static final ReceiveFormat ADVANCED_82576 =
            new ReceiveFormat(8, 12, TCPCS | UDPCS, 0, L4E_82576 | IPE_82576, RXE_82576);

    /** Advanced descriptors of the 82599, as the card writes them back. */
    static final ReceiveFormat ADVANCED_82599 =
            new ReceiveFormat(8, 12, TCPCS | UDPCS, 0, L4E_82599 | IPE_82599, RXE_82599);

    boolean isVerified(int status) {
        return (status & checked) != 0 && (status & (unchecked | wrong)) == 0;
    }

    boolean isDamaged(int status) {
        return (status & damaged) != 0;
    }
}
