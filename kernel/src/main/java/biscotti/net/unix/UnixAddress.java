package biscotti.net.unix;

import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.Latin1;
import biscotti.abi.LittleEndian;
import biscotti.abi.SocketTypes;
import biscotti.net.SocketAddress;
import java.nio.charset.StandardCharsets;

/** Reads and makes addresses of unix(7): {@code struct sockaddr_un}. */
final class UnixAddress {
    private static final int DATA = SocketTypes.ADDRESS_DATA;
    private static final int HEXADECIMAL = 16;
    private static final int AUTOBIND_DIGITS = 5;

    /** The address of a socket that has no name: a family alone. */
    static final SocketAddress UNNAMED = make("", 0);

    private UnixAddress() {}

    /** Whether an address may name a socket: 0, or -EINVAL for a wrong length or family. */
    static int check(SocketAddress address) {
        boolean wrong = address.length() <= DATA
                || address.length() > SocketTypes.UNIX_ADDRESS_SIZE
                || address.family() != SocketTypes.AF_UNIX;
        return wrong ? -EINVAL : 0;
    }

    /** Whether an address asks for a name that the kernel chooses: a family alone. */
    static boolean isForAutobind(SocketAddress address) {
        return address.length() == DATA && address.family() == SocketTypes.AF_UNIX;
    }

    /** Whether the name is not in the tree of files: it begins with a NUL, and all its bytes count. */
    static boolean isAbstract(SocketAddress address) {
        return address.at(DATA) == 0;
    }

    /** The path, up to a NUL or the address's end. */
    static String path(SocketAddress address) {
        int end = DATA;
        while (end < address.length() && address.at(end) != 0) {
            end++;
        }
        return Latin1.text(address.bytes(), DATA, end - DATA);
    }

    /** The address of a path as getsockname(2) tells it: with a NUL behind. */
    static SocketAddress ofPath(String path) {
        return make(path, 1);
    }

    /** An abstract name by which sockets of a type are found. */
    static String key(SocketAddress address, int type) {
        byte[] key = new byte[SocketTypes.UNIX_ADDRESS_SIZE];
        int length = Math.min(address.length(), SocketTypes.UNIX_ADDRESS_SIZE);
        key[0] = (byte) type;
        System.arraycopy(address.bytes(), DATA, key, 1, length - DATA);
        return new String(key, 0, Math.min(length - 1, key.length), StandardCharsets.ISO_8859_1);
    }

    /** The address of an abstract name with a number: what autobind gives. */
    static SocketAddress numbered(int number) {
        byte[] bytes = new byte[DATA + 1 + AUTOBIND_DIGITS];
        LittleEndian.putShort(bytes, 0, (short) SocketTypes.AF_UNIX);
        int left = number;
        for (int i = bytes.length - 1; i > DATA; i--) {
            bytes[i] = (byte) Character.forDigit(left % HEXADECIMAL, HEXADECIMAL);
            left /= HEXADECIMAL;
        }
        return new SocketAddress(bytes, bytes.length);
    }

    private static SocketAddress make(String path, int behind) {
        int length = Math.min(path.length(), SocketTypes.UNIX_ADDRESS_SIZE);
        byte[] bytes = new byte[DATA + length + behind];
        LittleEndian.putShort(bytes, 0, (short) SocketTypes.AF_UNIX);
        Latin1.copy(path, 0, bytes, DATA, length);
        return new SocketAddress(bytes, bytes.length);
    }
}
