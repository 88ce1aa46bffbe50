package biscotti.driver.virtio;

/** Features of virtio network cards (VIRTIO, 5.1.3). */
final class NetworkFeatures {
    /** Fills in checksums that are left to it. */
    static final long CSUM = 1L;

    /** May give packets whose checksum is not filled in, or has been looked at. */
    static final long GUEST_CSUM = 1L << 1;

    /** Its configuration says the most that a packet may have. */
    static final long MTU = 1L << 3;

    /** Its configuration has its address. */
    static final long MAC = 1L << 5;

    /** May give several segments of TCP over IPv4 as one. */
    static final long GUEST_TSO4 = 1L << 7;

    /** May give several segments of TCP over IPv6 as one. */
    static final long GUEST_TSO6 = 1L << 8;

    /** Makes segments of TCP over IPv4. */
    static final long HOST_TSO4 = 1L << 11;

    /** Makes segments of TCP over IPv6. */
    static final long HOST_TSO6 = 1L << 12;

    /** Puts a packet into as many buffers as it needs. */
    static final long MRG_RXBUF = 1L << 15;

    /** Its configuration has the state of the link. */
    static final long STATUS = 1L << 16;

    /** It has a queue for commands. */
    static final long CTRL_VQ = 1L << 17;

    /** It takes commands that say for whom packets are to be received. */
    static final long CTRL_RX = 1L << 18;

    /** It has several pairs of queues. */
    static final long MQ = 1L << 22;

    /** Its configuration has the speed of the link. */
    static final long SPEED_DUPLEX = 1L << 63;

    private static final long HOST_TSO = HOST_TSO4 | HOST_TSO6;
    private static final long GUEST_TSO = GUEST_TSO4 | GUEST_TSO6;

    private static final long KNOWN = CSUM
            | GUEST_CSUM
            | MTU
            | MAC
            | GUEST_TSO
            | HOST_TSO
            | MRG_RXBUF
            | STATUS
            | CTRL_VQ
            | CTRL_RX
            | MQ
            | SPEED_DUPLEX
            | VirtioFeatures.INDIRECT_DESCRIPTORS
            | VirtioFeatures.ACCESS_PLATFORM;

    private NetworkFeatures() {}

    /** Those of the features that a device offers which the driver uses: some make sense together only (VIRTIO, 5.1.3.1). */
    static long wanted(long offered) {
        long wanted = offered & KNOWN;
        if ((wanted & GUEST_CSUM) == 0 || (wanted & MRG_RXBUF) == 0) {
            wanted &= ~GUEST_TSO; // 64 KB do not fit into one buffer
        }
        if (!segments(wanted)) {
            wanted &= ~HOST_TSO;
        }
        if ((wanted & CTRL_VQ) == 0) {
            wanted &= ~(CTRL_RX | MQ);
        }
        return wanted;
    }

    /** Whether packets can be given to the device that it makes segments of: those have many pieces. */
    static boolean segments(long features) {
        return (features & CSUM) != 0
                && (features & HOST_TSO) == HOST_TSO
                && (features & VirtioFeatures.INDIRECT_DESCRIPTORS) != 0;
    }
}
