package biscotti.net.ip;

import static biscotti.abi.Errno.EAFNOSUPPORT;
import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.SocketTypes;
import biscotti.net.SocketAddress;

/** {@code struct sockaddr_in} of ip(7): family, port and address. */
public final class InternetAddress {
    /** Its bytes. */
    public static final int BYTES = 16;

    /** INADDR_ANY: none, or all of this machine. */
    public static final int ANY = 0;

    /** INADDR_BROADCAST: everybody on this link. */
    public static final int BROADCAST = -1;

    /** INADDR_LOOPBACK. */
    public static final int LOOPBACK = 0x7f00_0001;

    private static final int PORT = 2;
    private static final int ADDRESS = 4;
    private static final int GROUPS = 0xe;
    private static final int LOOPBACK_NET = 0x7f;

    private InternetAddress() {}

    /**
     * Whether bytes are such an address.
     *
     * @return 0; -EINVAL if it is too short, -EAFNOSUPPORT for another family
     */
    public static int check(SocketAddress name) {
        if (name.length() < BYTES) {
            return -EINVAL;
        }
        return name.family() == SocketTypes.AF_INET ? 0 : -EAFNOSUPPORT;
    }

    /** The port of one that {@link #check} has allowed. */
    public static int port(SocketAddress name) {
        return (name.at(PORT) & 0xff) << Byte.SIZE | name.at(PORT + 1) & 0xff;
    }

    /** The address of one that {@link #check} has allowed. */
    public static int address(SocketAddress name) {
        int address = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            address = address << Byte.SIZE | name.at(ADDRESS + i) & 0xff;
        }
        return address;
    }

    /** Such an address. */
    public static SocketAddress of(int address, int port) {
        byte[] bytes = new byte[BYTES];
        bytes[0] = SocketTypes.AF_INET;
        bytes[PORT] = (byte) (port >>> Byte.SIZE);
        bytes[PORT + 1] = (byte) port;
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[ADDRESS + i] = (byte) (address >>> Byte.SIZE * (Integer.BYTES - 1 - i));
        }
        return new SocketAddress(bytes, BYTES);
    }

    /** Whether an address is of a group (RFC 5771). */
    public static boolean isGroup(int address) {
        return address >>> 28 == GROUPS;
    }

    /** Whether an address is of the loopback net. */
    public static boolean isLoopback(int address) {
        return address >>> 24 == LOOPBACK_NET;
    }
}
