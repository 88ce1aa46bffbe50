package biscotti.net.udp;

import biscotti.driver.network.InternetChecksum;
import biscotti.driver.network.Packet;
import biscotti.machine.PhysicalMemory;
import biscotti.net.ip.IpHeader;
import biscotti.net.ip.Protocols;

/** Fields of the header of UDP (RFC 768), and its checksum. */
final class UdpHeader {
    static final int BYTES = 8;

    /** The most bytes of a datagram's payload. */
    static final int MOST_PAYLOAD = IpHeader.MOST_DATAGRAM - IpHeader.BYTES - BYTES;

    private static final int DESTINATION = 2;
    private static final int LENGTH = 4;
    private static final int CHECKSUM = 6;
    private static final int ALL_ONES = 0xffff;

    private UdpHeader() {}

    static int sourcePort(Packet packet, int at) {
        return packet.readShort(at);
    }

    static int destinationPort(Packet packet, int at) {
        return packet.readShort(at + DESTINATION);
    }

    private static int pseudoHeader(int source, int destination, int length) {
        return InternetChecksum.pseudoHeader(
                0, Integer.toUnsignedLong(source), 0, Integer.toUnsignedLong(destination), Protocols.UDP, length);
    }

    /** Puts a header before a payload; its checksum is left to whoever sends it. */
    static void push(Packet packet, int source, int sourcePort, int destination, int destinationPort, boolean sum) {
        packet.push(BYTES);
        packet.writeShort(0, sourcePort);
        packet.writeShort(DESTINATION, destinationPort);
        packet.writeShort(LENGTH, packet.length());
        packet.writeShort(CHECKSUM, 0);
        if (sum) {
            packet.writeShort(CHECKSUM, pseudoHeader(source, destination, packet.length()));
            packet.leaveChecksum(0, CHECKSUM);
        }
    }

    /** Whether a packet begins with a header that has sense (RFC 1122, 4.1.3.4); it is cut to the datagram then. */
    static boolean accept(PhysicalMemory memory, Packet packet, int source, int destination) {
        if (packet.length() < BYTES || !packet.gather(BYTES)) {
            return false;
        }
        int length = packet.readShort(LENGTH);
        if (length < BYTES || length > packet.length()) {
            return false;
        }
        packet.trim(length);
        if (packet.isVerified() || packet.readShort(CHECKSUM) == 0) {
            return true;
        }
        int sum = InternetChecksum.sum(memory, packet, 0, length);
        return InternetChecksum.add(sum, pseudoHeader(source, destination, length)) == ALL_ONES;
    }
}
