package biscotti.net.ip;

import biscotti.driver.network.Packet;

/** Sees all packets that come for this machine, before their transports do: raw sockets. */
@FunctionalInterface
public interface RawReceiver {
    /** Where there are no raw sockets. */
    RawReceiver NONE = (packet, protocol) -> false;

    /**
     * Looks at a packet, which begins with the header of IP and stays the caller's. Called on a kernel thread, with no lock held.
     *
     * @return whether somebody wanted it
     */
    boolean see(Packet packet, int protocol);
}
