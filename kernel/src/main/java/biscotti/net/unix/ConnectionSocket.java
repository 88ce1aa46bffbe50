package biscotti.net.unix;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.ECONNREFUSED;
import static biscotti.abi.Errno.ECONNRESET;
import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EISCONN;

import biscotti.abi.Poll;
import biscotti.abi.SocketTypes;
import biscotti.net.Party;
import biscotti.net.Requester;
import biscotti.net.SocketAccount;
import biscotti.net.SocketAddress;
import biscotti.net.SocketSlot;
import biscotti.sched.KernelThread;
import biscotti.sched.RankedLock;
import biscotti.sched.WaitQueue;
import java.util.function.Consumer;

/**
 * A socket that connects or listens: a stream, or sequenced packets.
 *
 * <p>Who connects makes the other end himself, with the lock of his own end, and puts it into the queue of the socket that listens. It
 * is connected then, and can be sent to; accepting it only gives it a file.
 */
abstract class ConnectionSocket extends UnixSocket {
    private enum State {
        FREE,
        CONNECTING,
        CONNECTED,
        LISTENING,
        CLOSED
    }

    private volatile State state = State.FREE;

    // Connections that wait to be accepted, linked; guarded by the lock of the socket that listens.
    private ConnectionSocket firstWaiting;
    private ConnectionSocket lastWaiting;
    private ConnectionSocket nextWaiting;
    private int waiting;
    private int backlog;

    /** Threads that wait for room among those. */
    private final WaitQueue connectors = new WaitQueue();

    ConnectionSocket(UnixSockets system, SocketAccount account, RankedLock lock) {
        super(system, account, lock);
    }

    /** A socket of this type that is to be the other end of this one. */
    abstract ConnectionSocket newEnd(SocketAccount owner);

    /** Whether there is an urgent byte; the lock is held. */
    boolean hasUrgent() {
        return false;
    }

    @Override
    public final boolean isListening() {
        return state == State.LISTENING;
    }

    @Override
    public final boolean isConnected() {
        return state == State.CONNECTED;
    }

    @Override
    final void pairWith(UnixSocket other, Party party) {
        ConnectionSocket second = (ConnectionSocket) other;
        join(second);
        second.join(this);
        peerParty = party;
        second.peerParty = party;
    }

    private void join(ConnectionSocket other) {
        peer = other;
        state = State.CONNECTED;
    }

    @Override
    public final int listen(Requester who, int wanted) {
        if (!isNamed()) {
            return -EINVAL;
        }
        lock.lock();
        try {
            if (state != State.FREE && state != State.LISTENING) {
                return -EINVAL;
            }
            backlog = Integer.compareUnsigned(wanted, SocketTypes.SOMAXCONN) > 0 ? SocketTypes.SOMAXCONN : wanted;
            connectors.wakeAll();
            state = State.LISTENING;
            peerParty = who.party();
            return 0;
        } finally {
            lock.unlock();
        }
    }

    // Connecting.

    @Override
    public final int connect(Requester who, SocketAddress address, long deadline) {
        int error = UnixAddress.check(address);
        if (error == 0) {
            error = autobindForCredentials(who);
        }
        if (error < 0) {
            return error;
        }
        ConnectionSocket end = newEnd(who.socketAccount());
        error = system.register(end, new SocketSlot());
        if (error == 0) {
            error = connect(who, address, end, deadline);
            if (error < 0) {
                end.state = State.CLOSED;
                system.forget(end);
            }
        }
        return error;
    }

    private int connect(Requester who, SocketAddress address, ConnectionSocket end, long deadline) {
        while (true) {
            SocketSlot found = new SocketSlot();
            int error = system.find(who, address, type(), found);
            if (error < 0) {
                return error;
            }
            ConnectionSocket listener = (ConnectionSocket) found.get();
            error = listener.awaitPlace(deadline);
            if (error == 0) {
                error = begin(end, who.party());
            }
            if (error < 0) {
                return error;
            }
            end.setName(listener.name());
            end.keeper = listener;
            boolean admitted = listener.admit(end);
            concludeWith(admitted, listener.peerParty);
            if (admitted) {
                return 0;
            }
            if (!who.rounds().awaitRound()) {
                return -EINTR;
            }
        }
    }

    /** Waits until one more connection may wait here: 0; -ECONNREFUSED, -EAGAIN, -EINTR. */
    private int awaitPlace(long deadline) {
        lock.lock();
        try {
            while (true) {
                if (state != State.LISTENING || (shutdown & RECEIVING) != 0) {
                    return -ECONNREFUSED;
                }
                if (waiting <= backlog) {
                    return 0;
                }
                if (deadline == 0) {
                    return -EAGAIN;
                }
                int result = connectors.await(KernelThread.current(), lock, deadline);
                if (result < 0) {
                    return ended(result);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Begins to connect to the end that was made for it: 0; -EISCONN, -EINVAL. */
    private int begin(ConnectionSocket end, Party party) {
        lock.lock();
        try {
            if (state != State.FREE) {
                return state == State.CONNECTED ? -EISCONN : -EINVAL;
            }
            state = State.CONNECTING;
            peer = end;
            end.join(this);
            end.peerParty = party;
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** Ends what {@link #begin} began. */
    private void concludeWith(boolean admitted, Party party) {
        lock.lock();
        if (admitted) {
            peerParty = party;
            state = State.CONNECTED;
        } else {
            peer = null;
            state = State.FREE;
        }
        lock.unlock();
    }

    /** Lets a connection wait here, if there is still a place. */
    private boolean admit(ConnectionSocket end) {
        lock.lock();
        try {
            if (state != State.LISTENING || (shutdown & RECEIVING) != 0 || waiting > backlog) {
                return false;
            }
            if (firstWaiting == null) {
                firstWaiting = end;
            } else {
                lastWaiting.nextWaiting = end;
            }
            lastWaiting = end;
            waiting++;
            receivers.wakeOne();
            observer().changed(Poll.READABLE);
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public final int accept(long deadline, SocketSlot accepted) {
        ConnectionSocket end;
        lock.lock();
        try {
            while (true) {
                if (state != State.LISTENING) {
                    return -EINVAL;
                }
                if (firstWaiting != null) {
                    end = takeWaiting();
                    break;
                }
                if (deadline == 0) {
                    return -EAGAIN;
                }
                if ((shutdown & RECEIVING) != 0) {
                    return -EINVAL;
                }
                int result = receivers.await(KernelThread.current(), lock, deadline);
                if (result < 0) {
                    return ended(result);
                }
            }
        } finally {
            lock.unlock();
        }
        system.flights().adopt(end);
        end.settings().inherit(settings());
        return accepted.put(end);
    }

    private ConnectionSocket takeWaiting() {
        ConnectionSocket end = firstWaiting;
        firstWaiting = end.nextWaiting;
        end.nextWaiting = null;
        waiting--;
        connectors.wakeOne();
        if (firstWaiting != null) {
            receivers.wakeOne();
        }
        return end;
    }

    // The end.

    @Override
    public final int shutdown(int how) {
        if (!isHow(how)) {
            return -EINVAL;
        }
        lock.lock();
        try {
            int bits = shutdownBits(how);
            shutdown = shutdown | bits;
            connectors.wakeAll();
            wakeAll();
            if (peer != null) {
                int others = ((bits & RECEIVING) != 0 ? SENDING : 0) | ((bits & SENDING) != 0 ? RECEIVING : 0);
                peer.shutdown = peer.shutdown | others;
                peer.wakeAll();
            }
            return 0;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public final void close(Consumer<Cargo> left) {
        ConnectionSocket refused = close(left, false);
        while (refused != null) {
            ConnectionSocket next = refused.nextWaiting;
            refused.nextWaiting = null;
            refused.close(left, true);
            refused = next;
        }
    }

    /** Closes this one; the connections that waited here, linked. */
    private ConnectionSocket close(Consumer<Cargo> left, boolean refused) {
        Message unread;
        ConnectionSocket others;
        lock.lock();
        try {
            closed = true;
            state = State.CLOSED;
            shutdown = BOTH;
            UnixSocket other = peer;
            peer = null;
            boolean lost = refused || !queue.isEmpty();
            unread = queue.removeAll();
            others = firstWaiting;
            firstWaiting = null;
            waiting = 0;
            connectors.wakeAll();
            if (other != null) {
                other.shutdown = BOTH;
                if (lost) {
                    other.fail(ECONNRESET);
                }
                other.wakeAll();
            }
        } finally {
            lock.unlock();
        }
        drop(unread, left);
        system.forget(this);
        return others;
    }

    @Override
    public final int events() {
        lock.lock();
        try {
            int events = hasError() ? Poll.POLLERR : 0;
            events |= shutdown == BOTH ? Poll.POLLHUP : 0;
            events |= (shutdown & RECEIVING) != 0 ? Poll.READABLE | Poll.POLLRDHUP : 0;
            events |= queue.isEmpty() && firstWaiting == null ? 0 : Poll.READABLE;
            events |= hasUrgent() ? Poll.POLLPRI : 0;
            if (state == State.LISTENING) {
                return events;
            }
            events |= state == State.CONNECTED ? 0 : Poll.POLLHUP;
            return hasRoom() ? events | Poll.WRITABLE | Poll.POLLWRBAND : events;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the other end takes messages; the lock is held. */
    final boolean isReceiving() {
        return !closed && (shutdown & RECEIVING) == 0;
    }
}
