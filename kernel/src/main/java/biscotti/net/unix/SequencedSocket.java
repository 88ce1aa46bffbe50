package biscotti.net.unix;

import static biscotti.abi.Errno.EMSGSIZE;
import static biscotti.abi.Errno.ENOTCONN;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EPIPE;

import biscotti.abi.MessageFlags;
import biscotti.abi.SocketTypes;
import biscotti.net.Incoming;
import biscotti.net.Outgoing;
import biscotti.net.Requester;
import biscotti.net.SocketAccount;
import biscotti.sched.RankedLock;

/** Sequenced packets: a connection that keeps messages apart. A destination is not looked at. */
final class SequencedSocket extends ConnectionSocket {
    SequencedSocket(UnixSockets system, SocketAccount account, RankedLock lock) {
        super(system, account, lock);
    }

    @Override
    ConnectionSocket newEnd(SocketAccount owner) {
        return new SequencedSocket(system, owner, lock);
    }

    @Override
    public int type() {
        return SocketTypes.SOCK_SEQPACKET;
    }

    /** {@inheritDoc} On Linux only a stream does. */
    @Override
    public boolean breaksAsPipe() {
        return false;
    }

    @Override
    public long send(Requester who, Outgoing out) {
        int pending = takeError();
        if (pending != 0) {
            return -pending;
        }
        UnixSocket other = peer;
        if (!isConnected() || other == null) {
            return -ENOTCONN;
        }
        if (out.has(MessageFlags.MSG_OOB)) {
            return -EOPNOTSUPP;
        }
        long length = out.bytes().remaining();
        if (length > settings().sendBuffer() - MESSAGE_RESERVE) {
            return -EMSGSIZE;
        }
        int error = awaitRoom(out.deadline());
        if (error < 0) {
            return error;
        }
        lock.lock();
        try {
            if (other.closed || (other.shutdown & RECEIVING) != 0) {
                return -EPIPE;
            }
            error = other.enqueue(this, who, out, (int) length, false);
            return error < 0 ? error : length;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long receive(Requester who, Incoming in) {
        return isConnected() ? Packets.receive(this, in) : -ENOTCONN;
    }
}
