package biscotti.net;

import biscotti.abi.MessageFlags;
import biscotti.net.unix.Cargo;

/** A message to send, and how: send(2), sendmsg(2). Made for one call. */
public final class Outgoing {
    private final Payload bytes;
    private final int flags;
    private final long deadline;
    private SocketAddress destination = SocketAddress.NONE;
    private SenderCredentials credentials = SenderCredentials.UNKNOWN;
    private Cargo cargo = Cargo.NONE;

    /**
     * A message without anything beside its bytes.
     *
     * @param flags of {@link MessageFlags}
     * @param deadline on the monotonic clock, {@link biscotti.sched.Waiter#FOREVER}, or 0 to not wait
     */
    public Outgoing(Payload bytes, int flags, long deadline) {
        this.bytes = bytes;
        this.flags = flags;
        this.deadline = deadline;
    }

    /** Its bytes. */
    public Payload bytes() {
        return bytes;
    }

    /** Whether it has a flag of {@link MessageFlags}. */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Until when to wait. */
    public long deadline() {
        return deadline;
    }

    /** Where to; {@link SocketAddress#NONE} for where the socket is connected to. */
    public SocketAddress destination() {
        return destination;
    }

    /** Says where to. */
    public void setDestination(SocketAddress address) {
        destination = address;
    }

    /** What its sender says who he is; {@link SenderCredentials#UNKNOWN} if he does not. */
    public SenderCredentials credentials() {
        return credentials;
    }

    /** Says who sends it. */
    public void setCredentials(SenderCredentials sender) {
        credentials = sender;
    }

    /** The files that go with it. */
    public Cargo cargo() {
        return cargo;
    }

    /** Lets files go with it. */
    public void setCargo(Cargo files) {
        cargo = files;
    }

    /** The files that go with it, which its caller takes over. */
    public Cargo takeCargo() {
        Cargo taken = cargo;
        cargo = Cargo.NONE;
        return taken;
    }
}
