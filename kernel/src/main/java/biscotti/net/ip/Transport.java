package biscotti.net.ip;

import biscotti.driver.network.Packet;

/** A protocol above IP. Both methods are called on kernel threads of the network, several at a time, with no lock held, and must not sleep. */
public interface Transport {
    /**
     * Takes a packet that came for this machine, or for a group or everybody. Its first byte is the transport's header, its length is that of the
     * datagram's payload; the IP header is noted as the {@linkplain Packet#networkHeader network header}. The packet is the transport's from now on.
     *
     * @param source who sent it
     * @param destination for whom it is
     */
    void receive(Packet packet, int source, int destination);

    /**
     * Is told by ICMP that a packet of this machine did not arrive (RFC 1122, 3.2.2.1; RFC 1191).
     *
     * @param source of the packet: an address of this machine
     * @param destination of the packet
     * @param header the first eight bytes of the transport's header, the first byte highest
     * @param error a positive errno
     * @param hard whether trying again is in vain
     * @param mtu for EMSGSIZE, the most bytes that a packet may have on its way; else 0
     */
    void failed(int source, int destination, long header, int error, boolean hard, int mtu);
}
