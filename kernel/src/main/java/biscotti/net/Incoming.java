package biscotti.net;

import biscotti.abi.MessageFlags;

/** How to receive, and what came with the bytes: recv(2), recvmsg(2). Its cargo is the receiver's. Made for one call. */
public final class Incoming extends Transfer {
    private boolean truncated;
    private boolean urgent;
    private long time;
    private SocketAddress source = SocketAddress.NONE;

    /**
     * Room for a message.
     *
     * @param flags of {@link MessageFlags}
     * @param deadline on the monotonic clock, {@link biscotti.sched.Waiter#FOREVER}, or 0 to not wait
     */
    public Incoming(Payload bytes, int flags, long deadline) {
        super(bytes, flags, deadline);
    }

    /** Whether the message was longer than the room. */
    public boolean truncated() {
        return truncated;
    }

    /** Notes that the message was longer than the room. */
    public void setTruncated() {
        truncated = true;
    }

    /** Whether it is the urgent byte. */
    public boolean urgent() {
        return urgent;
    }

    /** Notes that it is the urgent byte. */
    public void setUrgent() {
        urgent = true;
    }

    /** When it came, in nanoseconds since 1970; 0 if that was not asked for. */
    public long time() {
        return time;
    }

    /** Notes when it came. */
    public void setTime(long nanos) {
        time = nanos;
    }

    /** Where it came from. */
    public SocketAddress source() {
        return source;
    }

    /** Notes where it came from. */
    public void setSource(SocketAddress address) {
        source = address;
    }
}
