package biscotti.net.ip;

import biscotti.driver.network.Packet;

/** An address of Ethernet in a packet's head: six bytes, which are the low 48 bits of a number. */
final class LinkAddress {
    private static final int LAST = Integer.BYTES;

    private LinkAddress() {}

    static long read(Packet packet, int at) {
        return Integer.toUnsignedLong(packet.readInt(at)) << Short.SIZE | packet.readShort(at + LAST);
    }

    static void write(Packet packet, int at, long address) {
        packet.writeInt(at, (int) (address >>> Short.SIZE));
        packet.writeShort(at + LAST, (int) address);
    }
}
