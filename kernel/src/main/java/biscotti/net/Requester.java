package biscotti.net;

import biscotti.bounded.Rounds;

/** What protocols need to know of the thread behind a system call. */
public interface Requester {
    /** Capability to go beyond limits of sockets: CAP_NET_ADMIN of capabilities(7). */
    int CAP_NET_ADMIN = 12;

    /** Its process, and its real ids: what its messages say of it. */
    SenderCredentials credentials();

    /** Its process as the other end of a connection sees it. */
    Party party();

    /** Whether it has a capability. */
    boolean hasCapability(int capability);

    /** One more than the highest descriptor that it may have: RLIMIT_NOFILE. */
    int openFilesLimit();

    /** Where its sockets are counted. */
    SocketAccount socketAccount();

    /** How its paths name sockets; for one call. */
    SocketPaths socketPaths();

    /** How its long work goes on in rounds. */
    Rounds rounds();
}
