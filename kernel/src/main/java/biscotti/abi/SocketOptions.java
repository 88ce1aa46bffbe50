package biscotti.abi;

/** Options of socket(7): their level, and their numbers ({@code asm-generic/socket.h}). */
public final class SocketOptions {
    /** The level of options that every socket has. */
    public static final int SOL_SOCKET = 1;

    /** Record debugging information. */
    public static final int SO_DEBUG = 1;

    /** Addresses may be used again. */
    public static final int SO_REUSEADDR = 2;

    /** The socket's type. */
    public static final int SO_TYPE = 3;

    /** The pending error, which is cleared. */
    public static final int SO_ERROR = 4;

    /** Do not send through gateways. */
    public static final int SO_DONTROUTE = 5;

    /** Allow broadcasts. */
    public static final int SO_BROADCAST = 6;

    /** How much may be on its way; twice what was asked for. */
    public static final int SO_SNDBUF = 7;

    /** How much may wait to be received; twice what was asked for. */
    public static final int SO_RCVBUF = 8;

    /** Send keep-alive messages. */
    public static final int SO_KEEPALIVE = 9;

    /** Urgent data among the other. */
    public static final int SO_OOBINLINE = 10;

    /** No checksums of UDP. */
    public static final int SO_NO_CHECK = 11;

    /** The priority of packets. */
    public static final int SO_PRIORITY = 12;

    /** Whether and how long close(2) waits for data to be sent. */
    public static final int SO_LINGER = 13;

    /** Nothing any more. */
    public static final int SO_BSDCOMPAT = 14;

    /** Several sockets may share an address. */
    public static final int SO_REUSEPORT = 15;

    /** Messages come with their sender's credentials. */
    public static final int SO_PASSCRED = 16;

    /** Who is at the other end. */
    public static final int SO_PEERCRED = 17;

    /** How many bytes make a receiver go on. */
    public static final int SO_RCVLOWAT = 18;

    /** How much room makes a sender go on; always 1. */
    public static final int SO_SNDLOWAT = 19;

    /** How long receiving waits. */
    public static final int SO_RCVTIMEO = 20;

    /** How long sending waits. */
    public static final int SO_SNDTIMEO = 21;

    /** The network device by its name. */
    public static final int SO_BINDTODEVICE = 25;

    /** A packet filter; its getter is SO_GET_FILTER. */
    public static final int SO_ATTACH_FILTER = 26;

    /** Take the packet filter away. */
    public static final int SO_DETACH_FILTER = 27;

    /** The other end's address. */
    public static final int SO_PEERNAME = 28;

    /** Messages come with the time of their arrival. */
    public static final int SO_TIMESTAMP = 29;

    /** Whether it listens. */
    public static final int SO_ACCEPTCONN = 30;

    /** As SO_SNDBUF, beyond the limit. */
    public static final int SO_SNDBUFFORCE = 32;

    /** As SO_RCVBUF, beyond the limit. */
    public static final int SO_RCVBUFFORCE = 33;

    /** Messages come with their sender's security context. */
    public static final int SO_PASSSEC = 34;

    /** As SO_TIMESTAMP, in nanoseconds. */
    public static final int SO_TIMESTAMPNS = 35;

    /** A mark for packets. */
    public static final int SO_MARK = 36;

    /** The protocol. */
    public static final int SO_PROTOCOL = 38;

    /** The family. */
    public static final int SO_DOMAIN = 39;

    /** Tell how many packets were dropped. */
    public static final int SO_RXQ_OVFL = 40;

    /** Tell whether packets were acknowledged by air. */
    public static final int SO_WIFI_STATUS = 41;

    /** Where MSG_PEEK looks; -1 for the front. */
    public static final int SO_PEEK_OFF = 42;

    /** Frames without a check sequence. */
    public static final int SO_NOFCS = 43;

    /** The packet filter stays for ever. */
    public static final int SO_LOCK_FILTER = 44;

    /** An error queue wakes select(2). */
    public static final int SO_SELECT_ERR_QUEUE = 45;

    /** For how many microseconds to poll a device. */
    public static final int SO_BUSY_POLL = 46;

    /** The most bytes per second. */
    public static final int SO_MAX_PACING_RATE = 47;

    /** The CPU whose packets it takes. */
    public static final int SO_INCOMING_CPU = 49;

    /** The connection does not get on: look for another way. */
    public static final int SO_CNX_ADVICE = 53;

    /** How full the buffers are. */
    public static final int SO_MEMINFO = 55;

    /** A number that no other socket has. */
    public static final int SO_COOKIE = 57;

    /** The groups of who is at the other end. */
    public static final int SO_PEERGROUPS = 59;

    /** Send without copying. */
    public static final int SO_ZEROCOPY = 60;

    /** Send at given times. */
    public static final int SO_TXTIME = 61;

    /** The network device by its number. */
    public static final int SO_BINDTOIFINDEX = 62;

    /** SO_TIMESTAMP with a 64-bit time, which is the same here. */
    public static final int SO_TIMESTAMP_NEW = 63;

    /** SO_TIMESTAMPNS with a 64-bit time, which is the same here. */
    public static final int SO_TIMESTAMPNS_NEW = 64;

    /** SO_RCVTIMEO with a 64-bit time, which is the same here. */
    public static final int SO_RCVTIMEO_NEW = 66;

    /** SO_SNDTIMEO with a 64-bit time, which is the same here. */
    public static final int SO_SNDTIMEO_NEW = 67;

    /** Rather poll a device than take its interrupts. */
    public static final int SO_PREFER_BUSY_POLL = 69;

    /** How many packets to take in one poll. */
    public static final int SO_BUSY_POLL_BUDGET = 70;

    /** The number of its network namespace. */
    public static final int SO_NETNS_COOKIE = 71;

    /** Which buffers' sizes were chosen. */
    public static final int SO_BUF_LOCK = 72;

    /** Memory that is kept for it. */
    public static final int SO_RESERVE_MEM = 73;

    /** Whether to choose another way when packets are lost. */
    public static final int SO_TXREHASH = 74;

    /** Tell the marks of packets. */
    public static final int SO_RCVMARK = 75;

    private SocketOptions() {}
}
