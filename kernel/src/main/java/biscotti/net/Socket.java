package biscotti.net;

import static biscotti.abi.Errno.EOPNOTSUPP;

import biscotti.net.unix.Cargo;
import java.util.function.Consumer;

/**
 * A socket of any address family: what the system calls of socket(7) ask for. An open file has it a floor above.
 *
 * <p>Deadlines are times of the monotonic clock, {@link biscotti.sched.Waiter#FOREVER}, or 0 for calls that do not wait. What waits
 * ends with -EAGAIN at its deadline, with -EINTR when the thread is interrupted.
 */
public abstract class Socket {
    private final SocketSettings settings;
    private volatile ReadinessObserver observer = ReadinessObserver.NONE;
    private volatile long inode;

    /**
     * For protocols.
     *
     * @param sharesPorts whether SO_REUSEPORT means something
     */
    protected Socket(boolean sharesPorts) {
        settings = new SocketSettings(sharesPorts);
    }

    /** Its options of level SOL_SOCKET. */
    public final SocketSettings settings() {
        return settings;
    }

    /** Who is told when {@link #events} may have changed. */
    protected final ReadinessObserver observer() {
        return observer;
    }

    /** The number of its file: 0 before it has one. */
    public final long inode() {
        return inode;
    }

    /** An open file has it from now on. */
    public final void opened(ReadinessObserver file, long number) {
        observer = file;
        inode = number;
    }

    /** Whether it has an open file: a connection that was not accepted has none. */
    protected final boolean isOpened() {
        return observer != ReadinessObserver.NONE;
    }

    /** The address family: SO_DOMAIN. */
    public abstract int family();

    /** The type: SO_TYPE. */
    public abstract int type();

    /** The protocol: SO_PROTOCOL. */
    public abstract int protocol();

    /** bind(2): 0 or an errno. */
    public abstract int bind(Requester who, SocketAddress address);

    /** listen(2): 0 or an errno. */
    public abstract int listen(Requester who, int backlog);

    /** accept(2): 0 and the connection, or an errno. */
    public abstract int accept(long deadline, SocketSlot accepted);

    /** connect(2): 0 or an errno. */
    public abstract int connect(Requester who, SocketAddress address, long deadline);

    /** send(2): how many bytes were sent, or an errno. Cargo that was not sent stays the caller's. */
    public abstract long send(Requester who, Outgoing message);

    /** write(2): as {@link #send}, for a message without a destination. So it needs no part of the heap for finding one. */
    public long write(Requester who, Outgoing message) {
        return send(who, message);
    }

    /** recv(2): how many bytes were received, 0 at the end, or an errno. Cargo that was received is the caller's. */
    public abstract long receive(Requester who, Incoming message);

    /** Whether a send that finds its connection closed raises SIGPIPE. */
    public abstract boolean breaksAsPipe();

    /** shutdown(2), with a {@code how} of 0, 1 or 2: 0 or an errno. */
    public abstract int shutdown(int how);

    /** getsockname(2). */
    public abstract SocketAddress name();

    /** getpeername(2); {@link SocketAddress#NONE} if it is not connected. */
    public abstract SocketAddress peerName();

    /** SO_PEERCRED: who is at the other end. */
    public abstract Party peer();

    /** Whether it listens: SO_ACCEPTCONN. */
    public abstract boolean isListening();

    /** Whether it is connected. */
    public abstract boolean isConnected();

    /** What is ready now: {@link biscotti.abi.Poll} events. */
    public abstract int events();

    /** SO_ERROR: the pending error as a positive errno, which is cleared; 0 for none. */
    public abstract int takeError();

    /** Lets the next call fail with an error: what recvmmsg(2) could not tell. */
    public abstract void setError(int error);

    /** SIOCATMARK: 1 if the next byte is the urgent one, else 0; -EOPNOTSUPP if there are none. */
    public int atMark() {
        return -EOPNOTSUPP;
    }

    /** SIOCINQ: how many bytes can be received; -EINVAL if it listens. */
    public abstract long received();

    /** SIOCOUTQ: how much was sent that was not received yet, with what is charged for each message. */
    public abstract long unsent();

    /**
     * The open file is closed, and nobody uses the socket any more. No lock is held.
     *
     * @param left takes over the files in messages that nobody will receive, and is no owner of them when it returns
     */
    public abstract void close(Consumer<Cargo> left);
}
