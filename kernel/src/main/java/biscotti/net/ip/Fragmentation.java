package biscotti.net.ip;

import static biscotti.abi.Errno.ENOBUFS;

import biscotti.driver.network.Packet;
import biscotti.driver.network.PacketPool;

/** Sends datagrams in fragments that are longer than what their interface takes (RFC 791, 3.2). */
final class Fragmentation {
    private static final int UNIT = 8;

    private final PacketPool pool;

    Fragmentation(PacketPool pool) {
        this.pool = pool;
    }

    /**
     * Sends a datagram, which begins with its header and whose checksums are filled in.
     *
     * @return 0; -ENOBUFS, -ENETDOWN
     */
    int send(NetworkInterface device, Packet packet, int nextHop) {
        int header = IpHeader.length(packet, 0);
        int most = Math.min(device.mtu(), Packet.MOST_HEAD) - header & -UNIT;
        int length = packet.length() - header;
        int error = 0;
        for (int start = 0; start < length && error == 0; start += most) {
            error = send(device, packet, nextHop, start, Math.min(most, length - start));
        }
        packet.release();
        return error;
    }

    private int send(NetworkInterface device, Packet packet, int nextHop, int start, int length) {
        Packet piece = pool.take();
        if (piece.isNone()) {
            return -ENOBUFS;
        }
        int header = IpHeader.length(packet, 0);
        piece.extend(IpHeader.BYTES + length);
        packet.copyTo(header + start, piece, IpHeader.BYTES, length);
        boolean last = header + start + length == packet.length();
        IpHeader.write(
                piece,
                IpHeader.service(packet, 0),
                IpHeader.identification(packet, 0),
                start / UNIT | (last ? 0 : IpHeader.MORE_FRAGMENTS),
                IpHeader.timeToLive(packet, 0),
                IpHeader.protocol(packet, 0),
                IpHeader.source(packet, 0),
                IpHeader.destination(packet, 0));
        return device.send(piece, nextHop);
    }
}
