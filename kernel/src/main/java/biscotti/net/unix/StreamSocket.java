package biscotti.net.unix;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EISCONN;
import static biscotti.abi.Errno.ENOTCONN;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EPIPE;

import biscotti.abi.MessageFlags;
import biscotti.abi.SocketTypes;
import biscotti.net.Incoming;
import biscotti.net.Outgoing;
import biscotti.net.Requester;
import biscotti.net.SocketAccount;
import biscotti.sched.KernelThread;
import biscotti.sched.RankedLock;

/**
 * A stream. What is sent without files by the same sender joins the last message, so single bytes cost no more than many; messages
 * with files, or of senders who can be told apart, are received one at a time.
 */
final class StreamSocket extends ConnectionSocket {
    /** A send puts at most half a buffer at once, less this: there is room for another message then. */
    private static final int HALF_RESERVE = 64;

    /** The last byte that was sent with MSG_OOB, until it is received or read past; null if there is none. Guarded by the lock. */
    private Message urgent;

    StreamSocket(UnixSockets system, SocketAccount account, RankedLock lock) {
        super(system, account, lock);
    }

    @Override
    ConnectionSocket newEnd(SocketAccount owner) {
        return new StreamSocket(system, owner, lock);
    }

    @Override
    public int type() {
        return SocketTypes.SOCK_STREAM;
    }

    @Override
    public boolean breaksAsPipe() {
        return true;
    }

    @Override
    public long send(Requester who, Outgoing out) {
        boolean endsUrgent = out.has(MessageFlags.MSG_OOB);
        if (endsUrgent && out.bytes().remaining() == 0) {
            return -EOPNOTSUPP;
        }
        if (!out.destination().isEmpty()) {
            return isConnected() ? -EISCONN : -EOPNOTSUPP;
        }
        UnixSocket other = peer;
        if (other == null) {
            return -ENOTCONN;
        }
        if ((shutdown & SENDING) != 0) {
            return -EPIPE;
        }
        long total = out.bytes().remaining();
        long sent = 0;
        while (sent < total) {
            long ordinary = endsUrgent ? Math.max(1, total - sent - 1) : total - sent;
            long part = sendPart(who, out, (StreamSocket) other, ordinary);
            if (part < 0) {
                return sent > 0 ? sent : part;
            }
            sent += part;
            if (sent == total) {
                return sent;
            }
            if (!who.rounds().nextRound()) {
                return sent;
            }
        }
        return 0;
    }

    private long sendPart(Requester who, Outgoing out, StreamSocket other, long left) {
        int error = awaitRoom(out.deadline());
        if (error < 0) {
            return error;
        }
        lock.lock();
        try {
            if (other.closed || (other.shutdown & RECEIVING) != 0) {
                return -EPIPE;
            }
            int length = (int) Math.min(left, (settings().sendBuffer() >> 1) - HALF_RESERVE);
            boolean isLast = length == out.bytes().remaining();
            error = other.enqueue(this, who, out, length, true);
            if (error == 0 && isLast && out.has(MessageFlags.MSG_OOB)) {
                other.urgent = other.queue.last();
            }
            return error < 0 ? error : length;
        } finally {
            lock.unlock();
        }
    }

    /** How a receive stands. */
    private static final class Progress {
        final long wanted;
        final long enough;
        long done;
        /** What MSG_PEEK has passed over. */
        long position;
        /** Whether the first message was seen, and with it whose they are. */
        boolean begun;
        /** Whether no more is to be received. */
        boolean over;
        /** The files of what MSG_PEEK has seen last. */
        Cargo seen = Cargo.NONE;

        Progress(long wanted, long enough, long position) {
            this.wanted = wanted;
            this.enough = enough;
            this.position = position;
        }
    }

    @Override
    public long receive(Requester who, Incoming in) {
        if (in.has(MessageFlags.MSG_OOB)) {
            return receiveUrgent(in);
        }
        long wanted = in.bytes().remaining();
        long enough =
                in.has(MessageFlags.MSG_WAITALL) ? wanted : Math.min(settings().lowWater(), wanted);
        boolean peek = in.has(MessageFlags.MSG_PEEK);
        lock.lock();
        try {
            if (!isConnected()) {
                return -EINVAL;
            }
            long start = peek ? Math.max(0, settings().peekOffset()) : 0;
            Progress progress = new Progress(wanted, Math.max(1, enough), start);
            int error = 0;
            while (error == 0 && !progress.over) {
                error = await(in, progress);
                if (error == 0 && !progress.over) {
                    error = peek ? peek(in, progress) : take(in, progress);
                }
            }
            if (peek) {
                in.setCargo(progress.seen.copy());
            }
            if (!queue.isEmpty()) {
                receivers.wakeOne();
            }
            return progress.done > 0 ? progress.done : error;
        } finally {
            lock.unlock();
        }
    }

    /** Receives the urgent byte, and leaves a mark where it was: 1; -EINVAL if there is none, or it is received among the others. */
    private long receiveUrgent(Incoming in) {
        lock.lock();
        try {
            if (!isConnected() || urgent == null || settings().keepsUrgentInLine()) {
                return -EINVAL;
            }
            Message message = urgent;
            boolean peek = in.has(MessageFlags.MSG_PEEK);
            if (!peek) {
                urgent = null;
                queue.mark(message);
            }
            if (in.bytes().remaining() == 0) {
                return -EFAULT;
            }
            long before = 0;
            for (Message other = queue.first(); other != message; other = other.next) {
                before += other.length;
            }
            int error = queue.copy(before, in.bytes(), 1);
            if (error < 0) {
                return error;
            }
            in.setUrgent();
            return 1;
        } finally {
            lock.unlock();
        }
    }

    @Override
    boolean hasUrgent() {
        return urgent != null;
    }

    @Override
    public int atMark() {
        lock.lock();
        try {
            return urgent != null && queue.first() == urgent ? 1 : 0;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for bytes behind what was received: 0, or an errno. */
    private int await(Incoming in, Progress progress) {
        boolean peek = in.has(MessageFlags.MSG_PEEK);
        while (peek ? progress.position >= queue.end() : queue.isEmpty()) {
            if (progress.done >= progress.enough) {
                progress.over = true;
                return 0;
            }
            if (hasError()) {
                return -takeError();
            }
            if ((shutdown & RECEIVING) != 0) {
                progress.over = true;
                return 0;
            }
            if (in.deadline() == 0) {
                return -EAGAIN;
            }
            int result = receivers.await(KernelThread.current(), lock, in.deadline());
            if (result < 0) {
                return ended(result);
            }
        }
        return 0;
    }

    /** Whether a message may be received together with those before it. */
    private boolean goesOn(Message message, Incoming in, Progress progress) {
        if (!progress.begun) {
            progress.begun = true;
            in.setSource(message.sender.source());
            in.setCredentials(message.credentials);
            return true;
        }
        return !settings().passesCredentials() || message.credentials.isSame(in.credentials());
    }

    private int take(Incoming in, Progress progress) {
        Message message = queue.first();
        if (message == urgent || message.mark) {
            if (progress.done > 0) {
                progress.over = true;
                return 0;
            }
            if (passUrgent(message)) {
                return 0;
            }
        }
        if (!goesOn(message, in, progress)) {
            progress.over = true;
            return 0;
        }
        int count = (int) Math.min(message.length, progress.wanted - progress.done);
        int error = queue.copy(0, in.bytes(), count);
        if (error < 0) {
            return error;
        }
        progress.done += count;
        settings().peeked(-count);
        boolean hadFiles = system.flights().arrive(message.cargo);
        if (hadFiles) {
            in.setCargo(message.cargo);
            message.cargo = Cargo.NONE;
        }
        if (count == message.length) {
            queue.take(count);
            removeFirst(count);
        } else {
            queue.take(count);
            message.sender.uncharge(count);
        }
        progress.over = hadFiles || progress.done == progress.wanted;
        return 0;
    }

    /** Comes to the mark: whether nothing is to be read there. Then the byte, if it is not received yet, is lost. */
    private boolean passUrgent(Message message) {
        if (message == urgent) {
            urgent = null;
        }
        boolean gone = message.mark || !settings().keepsUrgentInLine();
        if (gone) {
            removeFirst(message.length);
        }
        return gone;
    }

    /** Looks at a message; never waits for more once there was something. */
    private int peek(Incoming in, Progress progress) {
        Message message = queue.first();
        long within = progress.position;
        while (within >= message.length) {
            within -= message.length;
            message = message.next;
        }
        if (message == urgent || message.mark) {
            if (progress.done > 0) {
                progress.over = true;
                return 0;
            }
            if (message.mark || !settings().keepsUrgentInLine()) {
                progress.position += message.length;
                return 0;
            }
        }
        if (!goesOn(message, in, progress)) {
            progress.over = true;
            return 0;
        }
        int count = (int) Math.min(message.length - within, progress.wanted - progress.done);
        int error = queue.copy(progress.position, in.bytes(), count);
        if (error < 0) {
            return error;
        }
        progress.done += count;
        progress.position += count;
        settings().peeked(count);
        progress.seen = message.cargo;
        boolean end = progress.position >= queue.end();
        progress.over = message.cargo != Cargo.NONE || end || progress.done == progress.wanted;
        return 0;
    }
}
