package biscotti.net.ip;

import biscotti.driver.network.InternetChecksum;
import biscotti.driver.network.Packet;

/** Fields of the header of IP (RFC 791, 3.1); offsets are relative to it. */
public final class IpHeader {
    /** Its bytes without options. */
    public static final int BYTES = 20;

    /** The most bytes of a datagram with its header. */
    public static final int MOST_DATAGRAM = 65535;

    /** In {@link #fragment}: do not fragment. */
    static final int DONT_FRAGMENT = 0x4000;

    /** In {@link #fragment}: more fragments follow. */
    static final int MORE_FRAGMENTS = 0x2000;

    /** In {@link #fragment}: where its payload belongs, in units of eight bytes. */
    static final int FRAGMENT_OFFSET = 0x1fff;

    private static final int VERSION = 4;
    private static final int SERVICE = 1;
    private static final int LENGTH = 2;
    private static final int IDENTIFICATION = 4;
    private static final int FRAGMENT = 6;
    private static final int TIME_TO_LIVE = 8;
    private static final int PROTOCOL = 9;
    private static final int CHECKSUM = 10;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;
    private static final int ALL_ONES = 0xffff;

    private IpHeader() {}

    /** Its bytes, with options. */
    public static int length(Packet packet, int at) {
        return (packet.readByte(at) & 0xf) * Integer.BYTES;
    }

    /** The type of service: DSCP and ECN. */
    public static int service(Packet packet, int at) {
        return packet.readByte(at + SERVICE);
    }

    /** The bytes of header and payload. */
    public static int totalLength(Packet packet, int at) {
        return packet.readShort(at + LENGTH);
    }

    /** What fragments of one datagram have in common. */
    static int identification(Packet packet, int at) {
        return packet.readShort(at + IDENTIFICATION);
    }

    /** Flags and offset of a fragment. */
    static int fragment(Packet packet, int at) {
        return packet.readShort(at + FRAGMENT);
    }

    /** How many routers it may still pass. */
    public static int timeToLive(Packet packet, int at) {
        return packet.readByte(at + TIME_TO_LIVE);
    }

    /** Of the payload. */
    public static int protocol(Packet packet, int at) {
        return packet.readByte(at + PROTOCOL);
    }

    /** Who sent it. */
    public static int source(Packet packet, int at) {
        return packet.readInt(at + SOURCE);
    }

    /** For whom it is. */
    public static int destination(Packet packet, int at) {
        return packet.readInt(at + DESTINATION);
    }

    /**
     * Whether a packet begins with a header that has sense: its version, its length, the packet's, and its checksum (RFC 1122, 3.2.1.1 and 3.2.1.2). The
     * header is in the packet's head then.
     */
    static boolean isSound(Packet packet) {
        if (packet.length() < BYTES || !packet.gather(BYTES) || packet.readByte(0) >>> 4 != VERSION) {
            return false;
        }
        int length = length(packet, 0);
        int total = totalLength(packet, 0);
        return length >= BYTES
                && total >= length
                && total <= packet.length()
                && packet.gather(length)
                && sum(packet, 0, length) == ALL_ONES;
    }

    private static int sum(Packet packet, int at, int length) {
        int sum = 0;
        for (int i = 0; i < length; i += Short.BYTES) {
            sum = InternetChecksum.add(sum, packet.readShort(at + i));
        }
        return sum;
    }

    /** Fills in a header without options, which the packet begins with. */
    static void write(
            Packet packet,
            int service,
            int identification,
            int fragment,
            int timeToLive,
            int protocol,
            int source,
            int destination) {
        packet.writeByte(0, VERSION << 4 | BYTES / Integer.BYTES);
        packet.writeByte(SERVICE, service);
        packet.writeShort(LENGTH, packet.length());
        packet.writeShort(IDENTIFICATION, identification);
        packet.writeShort(FRAGMENT, fragment);
        packet.writeByte(TIME_TO_LIVE, timeToLive);
        packet.writeByte(PROTOCOL, protocol);
        packet.writeInt(SOURCE, source);
        packet.writeInt(DESTINATION, destination);
        writeChecksum(packet);
    }

    /** The program's own header (IP_HDRINCL of raw(7)): IP fills in the length, the checksum, and what is 0 of source and identification. */
    static void complete(Packet packet, int source, int identification) {
        packet.writeShort(LENGTH, packet.length());
        if (source(packet, 0) == InternetAddress.ANY) {
            packet.writeInt(SOURCE, source);
        }
        if (identification(packet, 0) == 0) {
            packet.writeShort(IDENTIFICATION, identification);
        }
        writeChecksum(packet);
    }

    /** Notes that a datagram was put together: it is whole, and so long. */
    static void becomeWhole(Packet packet) {
        packet.writeShort(LENGTH, packet.length());
        packet.writeShort(FRAGMENT, 0);
        writeChecksum(packet);
    }

    private static void writeChecksum(Packet packet) {
        packet.writeShort(CHECKSUM, 0);
        packet.writeShort(CHECKSUM, InternetChecksum.finish(sum(packet, 0, length(packet, 0))));
    }
}
