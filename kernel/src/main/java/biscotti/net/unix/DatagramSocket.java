package biscotti.net.unix;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.ECONNREFUSED;
import static biscotti.abi.Errno.ECONNRESET;
import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EMSGSIZE;
import static biscotti.abi.Errno.ENOTCONN;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.EPIPE;

import biscotti.abi.MessageFlags;
import biscotti.abi.Poll;
import biscotti.abi.SocketTypes;
import biscotti.net.Incoming;
import biscotti.net.Outgoing;
import biscotti.net.Party;
import biscotti.net.Requester;
import biscotti.net.SocketAccount;
import biscotti.net.SocketAddress;
import biscotti.net.SocketSlot;
import biscotti.sched.KernelThread;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.WaitQueue;
import java.util.function.Consumer;

/**
 * A datagram socket. Datagrams are never lost: a sender waits while the receiver's queue is full, unless the receiver has connected
 * back to it.
 */
final class DatagramSocket extends UnixSocket {
    /** What delivering answers: the receiver is closed. */
    private static final int GONE = 1;

    /** Instead of a length: the other socket is closed. */
    private static final long CLOSED = Long.MIN_VALUE;

    /** How many messages wait here before their senders do. */
    private final int mostWaiting;

    /** Threads that wait for room in this socket's queue; guarded by this socket's lock. */
    private final WaitQueue queueRoom = new WaitQueue();

    // Those that were told by poll(2) to wait for room in this socket's queue, linked; and where this socket is linked
    // so.
    // Guarded by the receiver's lock.
    private DatagramSocket firstTold;
    private DatagramSocket nextTold;
    private DatagramSocket previousTold;
    private volatile DatagramSocket toldBy;

    DatagramSocket(UnixSockets system, SocketAccount account) {
        super(system, account, new RankedLock(LockRank.SOCKET));
        mostWaiting = system.mostDatagrams();
    }

    @Override
    public int type() {
        return SocketTypes.SOCK_DGRAM;
    }

    @Override
    public boolean breaksAsPipe() {
        return false;
    }

    @Override
    public boolean isListening() {
        return false;
    }

    @Override
    public boolean isConnected() {
        return peer != null;
    }

    @Override
    public int listen(Requester who, int backlog) {
        return -EOPNOTSUPP;
    }

    @Override
    public int accept(long deadline, SocketSlot accepted) {
        return -EOPNOTSUPP;
    }

    // Connecting.

    @Override
    void pairWith(UnixSocket other, Party party) {
        peer = other;
        other.peer = this;
        peerParty = party;
        other.peerParty = party;
    }

    /** {@inheritDoc} The family AF_UNSPEC undoes it. */
    @Override
    public int connect(Requester who, SocketAddress address, long deadline) {
        if (address.length() < SocketTypes.ADDRESS_DATA) {
            return -EINVAL;
        }
        DatagramSocket other = null;
        if (address.family() != SocketTypes.AF_UNSPEC) {
            int error = UnixAddress.check(address);
            if (error == 0) {
                error = autobindForCredentials(who);
            }
            SocketSlot found = new SocketSlot();
            if (error == 0) {
                error = system.find(who, address, type(), found);
            }
            if (error < 0) {
                return error;
            }
            other = (DatagramSocket) found.get();
            if (!mayReach(other)) {
                return -EPERM;
            }
        }
        UnixSocket before;
        lock.lock();
        before = peer;
        peer = other;
        lock.unlock();
        if (before != null && before != other) {
            disconnected((DatagramSocket) before);
        }
        return 0;
    }

    /** Whether another socket accepts messages from this one: it is not connected to a third. */
    private boolean mayReach(DatagramSocket other) {
        UnixSocket its = other.peer;
        return its == null || its == this;
    }

    /** It is no longer connected to another: what was received is lost, and who thinks otherwise is told. */
    private void disconnected(DatagramSocket other) {
        forgetTold(other);
        Message lost;
        lock.lock();
        lost = queue.removeAll();
        queueRoom.wakeAll();
        lock.unlock();
        if (lost == null) {
            return;
        }
        discard(lost);
        other.lock.lock();
        if (!other.closed && other.peer == this) {
            other.fail(ECONNRESET);
            other.wakeAll();
        }
        other.lock.unlock();
    }

    // Sending.

    @Override
    public long send(Requester who, Outgoing out) {
        if (out.destination().isEmpty()) {
            return write(who, out);
        }
        int error = prepare(who, out, UnixAddress.check(out.destination()));
        if (error < 0) {
            return error;
        }
        do {
            SocketSlot found = new SocketSlot();
            error = system.find(who, out.destination(), type(), found);
            if (error < 0) {
                return error;
            }
            DatagramSocket other = (DatagramSocket) found.get();
            long result = deliver(other, who, out);
            if (result != CLOSED) {
                return result;
            }
            if (leave(other)) {
                return -ECONNREFUSED;
            }
        } while (who.rounds().awaitRound());
        return -EINTR;
    }

    @Override
    public long write(Requester who, Outgoing out) {
        int error = prepare(who, out, peer == null ? -ENOTCONN : 0);
        if (error < 0) {
            return error;
        }
        UnixSocket other = peer;
        if (other == null) {
            return -ECONNRESET;
        }
        long result = deliver((DatagramSocket) other, who, out);
        if (result == CLOSED) {
            return leave((DatagramSocket) other) ? -ECONNREFUSED : -ECONNRESET;
        }
        return result;
    }

    /** Whether a message may be sent, once there is room in the buffer: 0 or an errno. */
    private int prepare(Requester who, Outgoing out, int destinationError) {
        if (out.has(MessageFlags.MSG_OOB)) {
            return -EOPNOTSUPP;
        }
        int error = destinationError == 0 ? autobindForCredentials(who) : destinationError;
        if (error < 0) {
            return error;
        }
        boolean tooLong = out.bytes().remaining() > settings().sendBuffer() - MESSAGE_RESERVE;
        return tooLong ? -EMSGSIZE : awaitRoom(out.deadline());
    }

    /** The other one is closed: whether this was connected to it. */
    private boolean leave(DatagramSocket other) {
        lock.lock();
        boolean connected = peer == other;
        if (connected) {
            peer = null;
        }
        lock.unlock();
        if (connected) {
            disconnected(other);
        }
        return connected;
    }

    /** Sends to another: the message's length, {@link #CLOSED}, or an errno. */
    private long deliver(DatagramSocket other, Requester who, Outgoing out) {
        int length = (int) out.bytes().remaining();
        other.lock.lock();
        try {
            int result = awaitQueueRoom(other, out.deadline());
            if (result == 0) {
                result = other.enqueue(this, who, out, length, false);
            }
            return result == GONE ? CLOSED : result < 0 ? result : length;
        } finally {
            if (!other.isFull()) {
                other.queueRoom.wakeOne();
            }
            other.lock.unlock();
        }
    }

    /** Waits until the other's queue has room; its lock is held: 0, {@link #GONE}, or an errno. */
    private int awaitQueueRoom(DatagramSocket other, long deadline) {
        while (true) {
            if (!mayReach(other)) {
                return -EPERM;
            }
            if (other.closed) {
                return GONE;
            }
            if ((other.shutdown & RECEIVING) != 0) {
                return -EPIPE;
            }
            if (!isHeldUpBy(other)) {
                return 0;
            }
            if (deadline == 0) {
                return -EAGAIN;
            }
            int result = other.queueRoom.await(KernelThread.current(), other.lock, deadline);
            if (result < 0) {
                return ended(result);
            }
        }
    }

    private boolean isFull() {
        return queue.count() > mostWaiting;
    }

    /** Whether the other's queue is full, and the other has not connected back: then its receiving makes room for others, too. */
    private boolean isHeldUpBy(DatagramSocket other) {
        return other != this && other.peer != this && other.isFull();
    }

    /** A message was taken; the lock is held. */
    void roomMade() {
        if (isFull()) {
            return;
        }
        queueRoom.wakeOne();
        while (firstTold != null) {
            DatagramSocket told = firstTold;
            unlinkTold(told);
            told.observer().changed(Poll.WRITABLE | Poll.POLLWRBAND);
        }
    }

    // Receiving.

    @Override
    public long receive(Requester who, Incoming in) {
        return Packets.receive(this, in);
    }

    /** {@inheritDoc} Of the first message. */
    @Override
    public long received() {
        lock.lock();
        try {
            return queue.isEmpty() ? 0 : queue.first().length;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int shutdown(int how) {
        if (!isHow(how)) {
            return -EINVAL;
        }
        lock.lock();
        try {
            shutdown = shutdown | shutdownBits(how);
            queueRoom.wakeAll();
            wakeAll();
            return 0;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int events() {
        int events = 0;
        lock.lock();
        try {
            events |= hasError() ? Poll.POLLERR : 0;
            events |= (shutdown & RECEIVING) != 0 ? Poll.READABLE | Poll.POLLRDHUP : 0;
            events |= shutdown == BOTH ? Poll.POLLHUP : 0;
            events |= queue.isEmpty() ? 0 : Poll.READABLE;
        } finally {
            lock.unlock();
        }
        return hasRoom() && isPeerReady() ? events | Poll.WRITABLE | Poll.POLLWRBAND : events;
    }

    /** Whether the other one's queue has room; if not, this one's observer is told when it has. */
    private boolean isPeerReady() {
        if (!(peer instanceof DatagramSocket other) || other == this) {
            return true;
        }
        other.lock.lock();
        try {
            if (other.closed || !isHeldUpBy(other)) {
                return true;
            }
            if (toldBy == null) {
                other.linkTold(this);
            }
            return toldBy != other;
        } finally {
            other.lock.unlock();
        }
    }

    private void linkTold(DatagramSocket told) {
        told.toldBy = this;
        told.previousTold = null;
        told.nextTold = firstTold;
        if (firstTold != null) {
            firstTold.previousTold = told;
        }
        firstTold = told;
    }

    private void unlinkTold(DatagramSocket told) {
        if (told.previousTold == null) {
            firstTold = told.nextTold;
        } else {
            told.previousTold.nextTold = told.nextTold;
        }
        if (told.nextTold != null) {
            told.nextTold.previousTold = told.previousTold;
        }
        told.nextTold = null;
        told.previousTold = null;
        told.toldBy = null;
    }

    /** This one need not be told any more when another has room. */
    private void forgetTold(DatagramSocket other) {
        other.lock.lock();
        if (toldBy == other) {
            other.unlinkTold(this);
        }
        other.lock.unlock();
        observer().changed(Poll.WRITABLE | Poll.POLLWRBAND);
    }

    @Override
    public void close(Consumer<Cargo> left) {
        Message unread;
        UnixSocket other;
        lock.lock();
        closed = true;
        shutdown = BOTH;
        other = peer;
        peer = null;
        unread = queue.removeAll();
        queueRoom.wakeAll();
        while (firstTold != null) {
            DatagramSocket told = firstTold;
            unlinkTold(told);
            told.observer().changed(Poll.WRITABLE | Poll.POLLWRBAND);
        }
        lock.unlock();
        if (other != null) {
            forgetTold((DatagramSocket) other);
        }
        drop(unread, left);
        system.forget(this);
    }
}
