package biscotti.net.unix;

import biscotti.net.SenderCredentials;

/** What a {@link MessageQueue} knows of one message; its bytes are in the queue's chain. Guarded by the receiver's lock. */
final class Message {
    /** What a message charges its sender's buffer beside its bytes: about what a small one does on Linux. */
    static final int OVERHEAD = 768;

    final UnixSocket sender;
    final SenderCredentials credentials;
    /** How many bytes are left of it. */
    int length;

    Cargo cargo;
    Message next;

    Message(UnixSocket sender, SenderCredentials credentials, Cargo cargo) {
        this.sender = sender;
        this.credentials = credentials;
        this.cargo = cargo;
    }
}
