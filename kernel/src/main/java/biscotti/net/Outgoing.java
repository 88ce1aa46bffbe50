package biscotti.net;

import biscotti.abi.MessageFlags;
import biscotti.net.unix.Cargo;

/** A message to send, and how: send(2), sendmsg(2). Made for one call. */
public final class Outgoing extends Transfer {
    private SocketAddress destination = SocketAddress.NONE;

    /**
     * A message without anything beside its bytes.
     *
     * @param flags of {@link MessageFlags}
     * @param deadline on the monotonic clock, {@link biscotti.sched.Waiter#FOREVER}, or 0 to not wait
     */
    public Outgoing(Payload bytes, int flags, long deadline) {
        super(bytes, flags, deadline);
    }

    /** Where to; {@link SocketAddress#NONE} for where the socket is connected to. */
    public SocketAddress destination() {
        return destination;
    }

    /** Says where to. */
    public void setDestination(SocketAddress address) {
        destination = address;
    }

    /** The files that go with it, which its caller takes over. */
    public Cargo takeCargo() {
        Cargo taken = cargo();
        setCargo(Cargo.NONE);
        return taken;
    }
}
