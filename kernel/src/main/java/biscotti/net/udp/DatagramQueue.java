package biscotti.net.udp;

import biscotti.driver.network.Packet;
import biscotti.driver.network.PacketQueue;

/** Datagrams that wait to be received, with what is charged for each beside its bytes. Guarded by its socket's lock. */
final class DatagramQueue {
    /** Beside its bytes, as Linux charges for a small one. */
    private static final int OVERHEAD = 768;

    private final PacketQueue packets = new PacketQueue();
    private long bytes;

    /** What is charged for a datagram. */
    static int charge(Packet packet) {
        return OVERHEAD + packet.length();
    }

    /** How many packets of the pool a datagram takes at most. */
    static int packets(Packet packet) {
        return packet.pieces();
    }

    boolean isEmpty() {
        return packets.isEmpty();
    }

    /** What is charged for all. */
    long bytes() {
        return bytes;
    }

    Packet first() {
        return packets.first();
    }

    void add(Packet packet) {
        bytes += charge(packet);
        packets.add(packet);
    }

    Packet take() {
        Packet packet = packets.take();
        bytes -= charge(packet);
        return packet;
    }
}
