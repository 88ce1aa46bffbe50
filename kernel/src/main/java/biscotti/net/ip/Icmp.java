package biscotti.net.ip;

import biscotti.abi.Errno;
import biscotti.driver.network.InternetChecksum;
import biscotti.driver.network.Packet;
import biscotti.machine.PhysicalMemory;

/** ICMP (RFC 792; RFC 1122, 3.2.2): answers echoes, tells senders and transports what cannot be delivered. */
final class Icmp implements Transport {
    private static final int ECHO_REPLY = 0;
    private static final int UNREACHABLE = 3;
    private static final int ECHO = 8;
    private static final int TIME_EXCEEDED = 11;
    private static final int PARAMETER_PROBLEM = 12;
    private static final int MOST_ERROR_TYPE = 12;

    /** Code of {@link #UNREACHABLE}. */
    static final int HOST = 1;

    /** Code of {@link #UNREACHABLE}. */
    static final int PROTOCOL = 2;

    /** Code of {@link #UNREACHABLE}. */
    static final int PORT = 3;

    private static final int FRAGMENTATION_NEEDED = 4;

    private static final int HEADER = 8;
    private static final int CHECKSUM = 2;
    private static final int MTU = 6;
    private static final int QUOTED = 8;
    private static final int ALL_ONES = 0xffff;

    /** The most bytes of an error with its IP header (RFC 1812, 4.3.2.3). */
    private static final int MOST_ERROR = 576;

    /** Type of service: internetwork control (RFC 1812, 4.3.2.5). */
    private static final int CONTROL = 0xc0;

    /** Errors in the long run: a thousand a second, as on Linux (net.ipv4.icmp_msgs_per_sec). */
    private static final long NANOS_PER_ERROR = 1_000_000;

    private static final int BURST = 50;

    private final Ip ip;
    private final PhysicalMemory memory;
    private final RateLimit limit = new RateLimit(NANOS_PER_ERROR, BURST);

    Icmp(Ip ip, PhysicalMemory memory) {
        this.ip = ip;
        this.memory = memory;
    }

    @Override
    public void receive(Packet packet, int source, int destination) {
        if (packet.length() < HEADER
                || !packet.gather(HEADER)
                || InternetChecksum.sum(memory, packet, 0, packet.length()) != ALL_ONES) {
            packet.release();
            return;
        }
        int type = packet.readByte(0);
        if (type == ECHO && ip.isLocal(destination)) {
            answer(packet, source, destination);
            return;
        }
        if (type == UNREACHABLE || type == TIME_EXCEEDED || type == PARAMETER_PROBLEM) {
            tell(packet, type, packet.readByte(1));
        }
        packet.release();
    }

    /** An error of ICMP is never answered, and what was sent by it is sent once. */
    @Override
    public void failed(int source, int destination, long header, int error, boolean hard, int mtu) {}

    private void answer(Packet packet, int source, int destination) {
        int service = IpHeader.service(packet, packet.networkHeader());
        int before = packet.readShort(0);
        packet.writeByte(0, ECHO_REPLY);
        packet.writeShort(CHECKSUM, InternetChecksum.updated(packet.readShort(CHECKSUM), before, packet.readShort(0)));
        ip.send(packet, Protocols.ICMP, destination, source, service, IpOutput.USUAL_TIME_TO_LIVE, 0);
    }

    /** Tells the transport of the packet that an error quotes. */
    private void tell(Packet packet, int type, int code) {
        int quoted = HEADER + IpHeader.BYTES;
        if (packet.length() < quoted + QUOTED || !packet.gather(quoted + QUOTED)) {
            return;
        }
        int header = IpHeader.length(packet, HEADER);
        int behind = HEADER + header;
        if (header < IpHeader.BYTES || packet.length() < behind + QUOTED || !packet.gather(behind + QUOTED)) {
            return;
        }
        int source = IpHeader.source(packet, HEADER);
        if (!ip.isLocal(source)) {
            return;
        }
        int mtu = type == UNREACHABLE && code == FRAGMENTATION_NEEDED ? packet.readShort(MTU) : 0;
        int error = type == UNREACHABLE
                ? unreachableError(code)
                : type == TIME_EXCEEDED ? Errno.EHOSTUNREACH : Errno.EPROTO;
        boolean hard = type == PARAMETER_PROBLEM || type == UNREACHABLE && isHard(code);
        ip.transport(IpHeader.protocol(packet, HEADER))
                .failed(source, IpHeader.destination(packet, HEADER), packet.readLong(behind), error, hard, mtu);
    }

    /** As Linux has it. */
    private static int unreachableError(int code) {
        return switch (code) {
            case 0, 6, 9, 11 -> Errno.ENETUNREACH;
            case PROTOCOL -> Errno.ENOPROTOOPT;
            case PORT -> Errno.ECONNREFUSED;
            case FRAGMENTATION_NEEDED -> Errno.EMSGSIZE;
            case 5 -> Errno.EOPNOTSUPP;
            case 7 -> Errno.EHOSTDOWN;
            case 8 -> Errno.ENONET;
            default -> Errno.EHOSTUNREACH;
        };
    }

    /** RFC 1122, 4.2.3.9, and Linux for the later codes. */
    private static boolean isHard(int code) {
        return code == PROTOCOL || code == PORT || code >= 6 && code <= 10 || code >= 13;
    }

    /**
     * Tells the sender of a packet that came here and is still the caller's, whose IP header was pulled, that nobody takes it: not of errors, groups, later fragments, or
     * what was for all (RFC 1122, 3.2.2).
     */
    void unreachable(Packet packet, int code) {
        int at = packet.networkHeader();
        int source = IpHeader.source(packet, at);
        if (!ip.isLocal(IpHeader.destination(packet, at)) || !Ip.isOneHost(source) || isError(packet, at)) {
            return;
        }
        if (limit.allows(ip.now())) {
            quote(packet, at, code, source);
        }
    }

    private static boolean isError(Packet packet, int at) {
        return IpHeader.protocol(packet, at) == Protocols.ICMP
                && packet.length() > 0
                && packet.readByte(0) != ECHO
                && packet.readByte(0) <= MOST_ERROR_TYPE;
    }

    private void quote(Packet packet, int at, int code, int source) {
        Packet error = ip.take();
        if (error.isNone()) {
            return;
        }
        int length = Math.min(packet.length() - at, MOST_ERROR - IpHeader.BYTES - HEADER);
        error.extend(HEADER + length);
        error.writeLong(0, 0);
        error.writeByte(0, UNREACHABLE);
        error.writeByte(1, code);
        packet.copyTo(at, error, HEADER, length);
        int sum = InternetChecksum.sum(memory, error, 0, error.length());
        error.writeShort(CHECKSUM, InternetChecksum.finish(sum));
        int own = IpHeader.destination(packet, at);
        ip.send(error, Protocols.ICMP, own, source, CONTROL, IpOutput.USUAL_TIME_TO_LIVE, 0);
    }
}
