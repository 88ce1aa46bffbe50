package biscotti.net.ip;

import biscotti.driver.network.Packet;
import java.util.concurrent.atomic.AtomicLong;

/** What packets are sent and received by (netdevice(7)), with its address. Methods may be called by any thread. */
public abstract class NetworkInterface {
    private static final int ADDRESS_BITS = Integer.SIZE;

    /** An address of the Internet and how many of its first bits all on the link share. */
    private record Configuration(int address, int prefixLength) {}

    private final int index;
    private final String name;
    private final AtomicLong receivedPackets = new AtomicLong();
    private final AtomicLong receivedBytes = new AtomicLong();
    private final AtomicLong sentPackets = new AtomicLong();
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private volatile Configuration configuration = new Configuration(InternetAddress.ANY, 0);
    private volatile int mtu;

    /**
     * An interface without an address.
     *
     * @param index at least 1
     * @param mtu the most bytes of a packet, with the header of IP
     */
    NetworkInterface(int index, String name, int mtu) {
        this.index = index;
        this.name = name;
        this.mtu = mtu;
    }

    /** Its number, at least 1. */
    public final int index() {
        return index;
    }

    /** Its name: {@code lo}, {@code eth0}. */
    public final String name() {
        return name;
    }

    /** The most bytes of a packet, with the header of IP. */
    public final int mtu() {
        return mtu;
    }

    /** Its address; {@link InternetAddress#ANY} if it has none. */
    public final int address() {
        return configuration.address;
    }

    /** How many of the first bits of its address all on its link share. */
    public final int prefixLength() {
        return configuration.prefixLength;
    }

    /** The mask with which addresses on its link are the same. */
    public final int netmask() {
        return mask(configuration.prefixLength);
    }

    /** The mask of a prefix. */
    static int mask(int prefixLength) {
        return prefixLength == 0 ? 0 : -1 << ADDRESS_BITS - prefixLength;
    }

    /** The address for all on its link (RFC 919). */
    public final int broadcastAddress() {
        Configuration now = configuration;
        return now.address | ~mask(now.prefixLength);
    }

    /** Whether an address is for all on its link. */
    final boolean isBroadcast(int address) {
        Configuration now = configuration;
        return now.address != InternetAddress.ANY
                && now.prefixLength < ADDRESS_BITS - 1
                && address == (now.address | ~mask(now.prefixLength));
    }

    /** Gives it another address; routes are the caller's. */
    public final void configure(int address, int prefixLength) {
        configuration = new Configuration(address, prefixLength);
    }

    /** Notes that an MTU was set. */
    final void noteMtu(int bytes) {
        mtu = bytes;
    }

    /** Flags of {@link InterfaceFlags}. */
    public abstract int flags();

    /** Its type as netdevice(7) has it ({@code ARPHRD_ETHER}, {@code ARPHRD_LOOPBACK}). */
    public abstract int hardwareType();

    /** Its address on the link, in the low 48 bits; 0 if it has none. */
    public abstract long hardwareAddress();

    /**
     * Sends a packet that begins with the header of IP, and is the interface's from now on.
     *
     * @param nextHop the address on the link that it goes to; {@link InternetAddress#BROADCAST} for all
     * @return 0; -ENETDOWN, -ENOBUFS
     */
    abstract int send(Packet packet, int nextHop);

    // What has passed.

    final void countReceived(int bytes) {
        receivedPackets.incrementAndGet();
        receivedBytes.addAndGet(bytes);
    }

    final void countSent(int bytes) {
        sentPackets.incrementAndGet();
        sentBytes.addAndGet(bytes);
    }

    final void countDropped() {
        dropped.incrementAndGet();
    }

    /** How many packets were received. */
    public final long receivedPackets() {
        return receivedPackets.get();
    }

    /** How many bytes were received. */
    public final long receivedBytes() {
        return receivedBytes.get();
    }

    /** How many packets were sent. */
    public final long sentPackets() {
        return sentPackets.get();
    }

    /** How many bytes were sent. */
    public final long sentBytes() {
        return sentBytes.get();
    }

    /** How many packets were to be sent and were not. */
    public final long dropped() {
        return dropped.get();
    }
}
