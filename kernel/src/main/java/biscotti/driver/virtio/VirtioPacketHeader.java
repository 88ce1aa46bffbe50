package biscotti.driver.virtio;

import biscotti.driver.network.NetworkCard;
import biscotti.driver.network.Packet;
import biscotti.machine.PhysicalMemory;

/** What a virtio network card has before each packet (VIRTIO, 5.1.6): struct virtio_net_hdr. */
final class VirtioPacketHeader {
    /** How many bytes it has. */
    static final int BYTES = 12;

    private static final int FLAGS = 0;
    private static final int GSO_TYPE = 1;
    private static final int HDR_LEN = 2;
    private static final int GSO_SIZE = 4;
    private static final int CSUM_START = 6;
    private static final int CSUM_OFFSET = 8;
    private static final int NUM_BUFFERS = 10;

    private static final int F_NEEDS_CSUM = 1;
    private static final int F_DATA_VALID = 2;
    private static final int GSO_NONE = 0;
    private static final int GSO_TCPV4 = 1;
    private static final int GSO_TCPV6 = 4;

    private static final int ETHER_TYPE_IPV6 = 0x86dd;
    private static final int ETHER_TYPE = 12;

    /** Where the length of a header of TCP is, in its upper half in words (RFC 9293, 3.1). */
    private static final int TCP_DATA_OFFSET = 12;

    private VirtioPacketHeader() {}

    /** Puts a header before a packet that is sent. */
    static void push(PhysicalMemory memory, Packet packet) {
        boolean checksum = packet.needsChecksum();
        int start = checksum ? packet.checksumStart() : 0;
        int field = checksum ? packet.checksumField() : 0;
        int segment = packet.segmentSize();
        boolean wide = segment != 0 && packet.readShort(ETHER_TYPE) == ETHER_TYPE_IPV6;
        int headers = segment == 0 ? 0 : start + (packet.readByte(start + TCP_DATA_OFFSET) >>> 4) * Integer.BYTES;
        packet.push(BYTES);
        long at = packet.pieceAddress(0);
        memory.writeByte(at + FLAGS, (byte) (checksum ? F_NEEDS_CSUM : 0));
        memory.writeByte(at + GSO_TYPE, (byte) (segment == 0 ? GSO_NONE : wide ? GSO_TCPV6 : GSO_TCPV4));
        memory.writeShort(at + HDR_LEN, (short) headers);
        memory.writeShort(at + GSO_SIZE, (short) segment);
        memory.writeShort(at + CSUM_START, (short) start);
        memory.writeShort(at + CSUM_OFFSET, (short) (field - start));
        memory.writeShort(at + NUM_BUFFERS, (short) 0);
    }

    /** How many buffers a packet that has come lies in, whose header is its first bytes; at least 1. */
    static int buffers(PhysicalMemory memory, Packet packet) {
        return Math.max(memory.readShort(packet.pieceAddress(0) + NUM_BUFFERS) & 0xffff, 1);
    }

    /**
     * Takes the header from a packet that has come, and notes what it says of the checksum.
     *
     * @return false if that cannot be so
     */
    static boolean pull(PhysicalMemory memory, Packet packet) {
        long at = packet.pieceAddress(0);
        int flags = memory.readByte(at + FLAGS);
        int start = memory.readShort(at + CSUM_START) & 0xffff;
        int offset = memory.readShort(at + CSUM_OFFSET) & 0xffff;
        packet.pull(BYTES);
        if ((flags & F_DATA_VALID) != 0) {
            packet.setVerified();
        }
        if ((flags & F_NEEDS_CSUM) != 0) {
            if (start < NetworkCard.ETHERNET_HEADER || start + offset + Short.BYTES > packet.headLength()) {
                return false;
            }
            packet.leaveChecksum(start, start + offset); // from a neighbour on the same host: it never was on a wire
        }
        return true;
    }
}
