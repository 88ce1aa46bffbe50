package biscotti.net;

import biscotti.abi.MessageFlags;
import biscotti.net.unix.Cargo;

/** What one call sends or receives through a socket, and how. */
public abstract sealed class Transfer permits Incoming, Outgoing {
    private final Payload bytes;
    private final int flags;
    private final long deadline;
    private SenderCredentials credentials = SenderCredentials.UNKNOWN;
    private Cargo cargo = Cargo.NONE;

    Transfer(Payload bytes, int flags, long deadline) {
        this.bytes = bytes;
        this.flags = flags;
        this.deadline = deadline;
    }

    /** Where the bytes come from, or go. */
    public final Payload bytes() {
        return bytes;
    }

    /** Whether there is a flag of {@link MessageFlags}. */
    public final boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Until when to wait: on the monotonic clock, {@link biscotti.sched.Waiter#FOREVER}, or 0 to not wait. */
    public final long deadline() {
        return deadline;
    }

    /** Who sends it; {@link SenderCredentials#UNKNOWN} if nobody has said so. */
    public final SenderCredentials credentials() {
        return credentials;
    }

    /** Says who sends it. */
    public final void setCredentials(SenderCredentials sender) {
        credentials = sender;
    }

    /** The files that go with the bytes. */
    public final Cargo cargo() {
        return cargo;
    }

    /** Lets files go with the bytes. */
    public final void setCargo(Cargo files) {
        cargo = files;
    }
}
