package biscotti.net.ip;

/** The numbers of protocols above IP (RFC 5237), as socket(2) has them, too. */
public final class Protocols {
    /** ICMP (RFC 792). */
    public static final int ICMP = 1;

    /** TCP (RFC 9293). */
    public static final int TCP = 6;

    /** UDP (RFC 768). */
    public static final int UDP = 17;

    /** For raw sockets: none of its own, the program writes IP's header (raw(7)). */
    public static final int RAW = 255;

    /** Protocols are below this. */
    public static final int COUNT = 256;

    private Protocols() {}
}
