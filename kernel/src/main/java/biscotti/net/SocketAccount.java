package biscotti.net;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the sockets that a process has made retain, wherever they are now: open, or on their way in a message. When memory is out,
 * that tells who has most.
 */
public final class SocketAccount {
    private final AtomicInteger sockets = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /** An account without sockets. */
    public SocketAccount() {}

    /** How many sockets there are. */
    public int sockets() {
        return sockets.get();
    }

    /** How many bytes they have sent that were not received yet, with what is charged for each message. */
    public long bytes() {
        return bytes.get();
    }

    /** A socket was made. */
    public void opened() {
        sockets.incrementAndGet();
    }

    /** A socket was closed. */
    public void closed() {
        sockets.decrementAndGet();
    }

    /** So much more is on its way; or less, if negative. */
    public void add(long delta) {
        bytes.addAndGet(delta);
    }
}
