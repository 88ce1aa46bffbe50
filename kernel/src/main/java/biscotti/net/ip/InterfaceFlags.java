package biscotti.net.ip;

/** What netdevice(7) says of a network interface ({@code SIOCGIFFLAGS}). */
public final class InterfaceFlags {
    /** It is used. */
    public static final int IFF_UP = 1;

    /** It has a broadcast address. */
    public static final int IFF_BROADCAST = 2;

    /** It is the loopback interface. */
    public static final int IFF_LOOPBACK = 8;

    /** It is ready: there is a link. */
    public static final int IFF_RUNNING = 0x40;

    /** Packets for groups can be sent. */
    public static final int IFF_MULTICAST = 0x1000;

    private InterfaceFlags() {}
}
