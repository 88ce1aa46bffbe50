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

    /** Where MSG_PEEK looks; -1 for the front. */
    public static final int SO_PEEK_OFF = 42;

    /** The groups of who is at the other end. */
    public static final int SO_PEERGROUPS = 59;

    /** SO_RCVTIMEO with a 64-bit time, which is the same here. */
    public static final int SO_RCVTIMEO_NEW = 66;

    /** SO_SNDTIMEO with a 64-bit time, which is the same here. */
    public static final int SO_SNDTIMEO_NEW = 67;

    private SocketOptions() {}
}
