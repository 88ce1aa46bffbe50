package biscotti.net.ip;

import biscotti.driver.network.Packet;

/** A message of ARP for IP over Ethernet (RFC 826). */
final class ArpMessage {
    /** Operation: who has the target's address? */
    static final int REQUEST = 1;

    /** Operation: the sender has. */
    static final int REPLY = 2;

    private static final int BYTES = 28;
    private static final int ETHERNET = 1;
    private static final int IP = 0x0800;
    private static final int LENGTHS = 0x0604;
    private static final int OPERATION = 6;
    private static final int SENDER_LINK = 8;
    private static final int SENDER = 14;
    private static final int TARGET_LINK = 18;
    private static final int TARGET = 24;

    private ArpMessage() {}

    /** Whether a packet is such a message; it is in the head then. */
    static boolean isSound(Packet packet) {
        return packet.length() >= BYTES
                && packet.gather(BYTES)
                && packet.readShort(0) == ETHERNET
                && packet.readShort(2) == IP
                && packet.readShort(4) == LENGTHS;
    }

    static int operation(Packet packet) {
        return packet.readShort(OPERATION);
    }

    static int sender(Packet packet) {
        return packet.readInt(SENDER);
    }

    static long senderLink(Packet packet) {
        return LinkAddress.read(packet, SENDER_LINK);
    }

    static int target(Packet packet) {
        return packet.readInt(TARGET);
    }

    /** Makes a message of an empty packet. */
    static void write(Packet packet, int operation, long senderLink, int sender, long targetLink, int target) {
        packet.extend(BYTES);
        packet.writeShort(0, ETHERNET);
        packet.writeShort(2, IP);
        packet.writeShort(4, LENGTHS);
        packet.writeShort(OPERATION, operation);
        LinkAddress.write(packet, SENDER_LINK, senderLink);
        packet.writeInt(SENDER, sender);
        LinkAddress.write(packet, TARGET_LINK, targetLink);
        packet.writeInt(TARGET, target);
    }
}
