package biscotti.net.ip;

import biscotti.driver.network.Packet;

/** What a transport sends by. All methods may be called by any thread, with a socket's lock held, and do not sleep. */
public interface IpOutput {
    /** The TTL of packets that nobody has set another for (RFC 1340). */
    int USUAL_TIME_TO_LIVE = 64;

    /** {@link #send}: the packet must not be sent in fragments. */
    int DO_NOT_FRAGMENT = 1;

    /** An empty packet with room for all headers before it; {@link Packet#NONE} if there is none. */
    Packet take();

    /**
     * The address that a packet to a destination is sent from, as an unsigned number.
     *
     * @return -ENETUNREACH without a route
     */
    long sourceFor(int destination);

    /**
     * The most bytes, with IP's header, of a packet to a destination that are sent in one piece, as far as is known.
     *
     * @return -ENETUNREACH without a route
     */
    int mtuTo(int destination);

    /** Whether an address is one of this machine's. */
    boolean isLocal(int address);

    /**
     * Sends a packet, whose first byte is the transport's header. Its checksum is filled in or {@linkplain Packet#leaveChecksum left to the card}.
     * The packet is IP's, also if it is not sent.
     *
     * @param protocol of the transport (RFC 5237)
     * @param service the type of service: DSCP and ECN
     * @param flags {@link #DO_NOT_FRAGMENT}
     * @return 0; -ENETUNREACH, -EMSGSIZE, -ENOBUFS, -ENETDOWN. That it arrives is not said
     */
    int send(Packet packet, int protocol, int source, int destination, int service, int timeToLive, int flags);
}
