package biscotti.net;

import biscotti.abi.LittleEndian;
import biscotti.abi.SocketTypes;

/** An address as system calls have it: the bytes of a {@code struct sockaddr} of any family. Immutable. */
public final class SocketAddress {
    /** No address. */
    public static final SocketAddress NONE = new SocketAddress(new byte[0], 0);

    private final byte[] bytes;
    private final int length;

    /**
     * An address.
     *
     * @param bytes which nobody changes any more
     * @param length how many of them it has
     */
    public SocketAddress(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    /** How many bytes it has. */
    public int length() {
        return length;
    }

    /** Whether it has no bytes. */
    public boolean isEmpty() {
        return length == 0;
    }

    /** The family, AF_UNSPEC if it is too short to have one. */
    public int family() {
        return length < SocketTypes.ADDRESS_DATA
                ? SocketTypes.AF_UNSPEC
                : Short.toUnsignedInt(LittleEndian.getShort(bytes, 0));
    }

    /** The byte at an index below {@link #length}. */
    public byte at(int index) {
        return bytes[index];
    }

    /** All bytes; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }
}
