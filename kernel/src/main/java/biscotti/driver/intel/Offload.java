package biscotti.driver.intel;

import biscotti.driver.network.InternetChecksum;
import biscotti.driver.network.NetworkCard;
import biscotti.driver.network.Packet;

/** What a packet leaves to the card, in the terms of Intel's context descriptors. Belongs to a ring; {@link #read} sets it for the next packet. */
final class Offload {
    private static final int ETHER_TYPE = 12;
    private static final int ETHER_TYPE_IPV4 = 0x0800;

    // Headers of IPv4 (RFC 791), IPv6 (RFC 8200) and TCP (RFC 9293).
    private static final int IPV4_TOTAL_LENGTH = 2;
    private static final int IPV4_CHECKSUM = 10;
    private static final int IPV6_PAYLOAD_LENGTH = 4;
    private static final int TCP_DATA_OFFSET = 12;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;

    private boolean checksum;
    private boolean segments;
    private boolean ipv4;
    private boolean tcp;
    private int transport;
    private int field;
    private int transportLength;
    private int segmentSize;
    private int payload;
    private int length;

    /** Reads what the next packet leaves to the card. A checksum that is not of TCP or UDP is filled in here. */
    void read(Packet packet) {
        length = packet.length();
        segmentSize = packet.segmentSize();
        segments = segmentSize != 0;
        checksum = packet.needsChecksum();
        if (!checksum) {
            return;
        }
        transport = packet.checksumStart();
        field = packet.checksumField();
        tcp = field - transport == TCP_CHECKSUM;
        if (!tcp && field - transport != UDP_CHECKSUM) {
            packet.fillChecksum();
            checksum = false;
            return;
        }
        ipv4 = packet.readShort(ETHER_TYPE) == ETHER_TYPE_IPV4;
        if (segments) {
            prepareSegments(packet);
        }
    }

    /**
     * The card adds the lengths of each segment to its headers: there are none before (8254x, 3.5.4; 82599, 7.2.4.2).
     */
    private void prepareSegments(Packet packet) {
        int ip = NetworkCard.ETHERNET_HEADER;
        transportLength = (packet.readByte(transport + TCP_DATA_OFFSET) >>> 4) * Integer.BYTES;
        payload = length - transport - transportLength;
        if (ipv4) {
            packet.writeShort(ip + IPV4_TOTAL_LENGTH, 0);
            packet.writeShort(ip + IPV4_CHECKSUM, 0);
        } else {
            packet.writeShort(ip + IPV6_PAYLOAD_LENGTH, 0);
        }
        int without = InternetChecksum.finish(length - transport); // one's complement: takes the length from the sum
        packet.writeShort(field, InternetChecksum.add(packet.readShort(field), without));
    }

    /** Whether there is anything, so that a context descriptor is due. */
    boolean isAny() {
        return checksum;
    }

    boolean segments() {
        return segments;
    }

    boolean isIpv4() {
        return ipv4;
    }

    boolean isTcp() {
        return tcp;
    }

    /** Where the transport's header begins. */
    int transport() {
        return transport;
    }

    /** Bytes of the header of IP, with its options or extensions. */
    int networkLength() {
        return transport - NetworkCard.ETHERNET_HEADER;
    }

    /** Bytes of the header of TCP, if segments are made. */
    int transportLength() {
        return transportLength;
    }

    /** Where the checksum is. */
    int field() {
        return field;
    }

    int segmentSize() {
        return segmentSize;
    }

    /** Bytes behind the header of TCP, if segments are made. */
    int payload() {
        return payload;
    }

    /** Bytes of the whole packet. */
    int length() {
        return length;
    }
}
