package biscotti.net;

import biscotti.abi.MessageFlags;
import biscotti.net.unix.Cargo;

/** How to receive, and what came with the bytes: recv(2), recvmsg(2). Made for one call. */
public final class Incoming {
    private final Payload bytes;
    private final int flags;
    private final long deadline;
    private boolean truncated;
    private SocketAddress source = SocketAddress.NONE;
    private SenderCredentials credentials = SenderCredentials.UNKNOWN;
    private Cargo cargo = Cargo.NONE;

    /**
     * Room for a message.
     *
     * @param flags of {@link MessageFlags}
     * @param deadline on the monotonic clock, {@link biscotti.sched.Waiter#FOREVER}, or 0 to not wait
     */
    public Incoming(Payload bytes, int flags, long deadline) {
        this.bytes = bytes;
        this.flags = flags;
        this.deadline = deadline;
    }

    /** Where the bytes go. */
    public Payload bytes() {
        return bytes;
    }

    /** Whether there is a flag of {@link MessageFlags}. */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Until when to wait. */
    public long deadline() {
        return deadline;
    }

    /** Whether the message was longer than the room. */
    public boolean truncated() {
        return truncated;
    }

    /** Notes that the message was longer than the room. */
    public void setTruncated() {
        truncated = true;
    }

    /** Where it came from. */
    public SocketAddress source() {
        return source;
    }

    /** Notes where it came from. */
    public void setSource(SocketAddress address) {
        source = address;
    }

    /** Who has sent it. */
    public SenderCredentials credentials() {
        return credentials;
    }

    /** Notes who has sent it. */
    public void setCredentials(SenderCredentials sender) {
        credentials = sender;
    }

    /** The files that came with it, which are the receiver's now. */
    public Cargo cargo() {
        return cargo;
    }

    /** Hands over files that came with it. */
    public void setCargo(Cargo files) {
        cargo = files;
    }
}
