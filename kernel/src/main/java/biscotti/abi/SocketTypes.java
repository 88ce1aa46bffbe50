package biscotti.abi;

/** Families and types of sockets, and what socket(2) may be given beside a type ({@code linux/net.h}). */
public final class SocketTypes {
    /** Address family: none; connect(2) with it undoes a datagram socket's connection. */
    public static final int AF_UNSPEC = 0;

    /** Address family: within the machine, unix(7). */
    public static final int AF_UNIX = 1;

    /** Internet, version 4: ip(7). */
    public static final int AF_INET = 2;

    /** Families are below this. */
    public static final int FAMILIES = 46;

    /** A stream of bytes. */
    public static final int SOCK_STREAM = 1;

    /** Datagrams. */
    public static final int SOCK_DGRAM = 2;

    /** Raw access to a protocol; for unix(7) the same as datagrams. */
    public static final int SOCK_RAW = 3;

    /** A connection that keeps messages apart. */
    public static final int SOCK_SEQPACKET = 5;

    /** Types are below this. */
    public static final int TYPES = 11;

    /** The bits of a type that are the type. */
    public static final int TYPE_MASK = 0xf;

    /** The descriptor is closed by execve(2). */
    public static final int SOCK_CLOEXEC = OpenFlags.O_CLOEXEC;

    /** Calls that would wait fail with EAGAIN. */
    public static final int SOCK_NONBLOCK = OpenFlags.O_NONBLOCK;

    /** shutdown(2): no more receiving. */
    public static final int SHUT_RD = 0;

    /** shutdown(2): no more sending. */
    public static final int SHUT_WR = 1;

    /** shutdown(2): neither. */
    public static final int SHUT_RDWR = 2;

    /** The longest queue of connections that listen(2) grants: Linux's net.core.somaxconn. */
    public static final int SOMAXCONN = 4096;

    /** Bytes of the longest address: {@code struct sockaddr_storage}. */
    public static final int ADDRESS_SIZE = 128;

    /** Bytes of {@code struct sockaddr_un}. */
    public static final int UNIX_ADDRESS_SIZE = 110;

    /** Where an address's path or data are, behind the family. */
    public static final int ADDRESS_DATA = 2;

    private SocketTypes() {}
}
