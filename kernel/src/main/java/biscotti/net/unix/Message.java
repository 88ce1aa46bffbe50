package biscotti.net.unix;

import biscotti.net.SenderCredentials;

/** What a {@link MessageQueue} knows of one message; its bytes are in the queue's chain. Guarded by the receiver's lock. */
final class Message {
    /** What a message charges its sender's buffer beside its bytes: about what a small one does on Linux. */
    static final int OVERHEAD = 768;

    final UnixSocket sender;
    final SenderCredentials credentials;
    /** Whether it is a byte that was sent with MSG_OOB. Others never join it. */
    final boolean urgent;
    /** When it came, in nanoseconds since 1970; 0 if the receiver did not want to know. */
    final long time;
    /** How many bytes are left of it. */
    int length;

    /** Whether it is a byte that was received with MSG_OOB: what is left of it is the mark where it was. */
    boolean mark;

    Cargo cargo;
    Message next;

    Message(UnixSocket sender, SenderCredentials credentials, Cargo cargo, boolean urgent, long time) {
        this.sender = sender;
        this.credentials = credentials;
        this.cargo = cargo;
        this.urgent = urgent;
        this.time = time;
    }
}
