package biscotti.net.unix;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EOPNOTSUPP;

import biscotti.abi.MessageFlags;
import biscotti.net.Incoming;
import biscotti.sched.KernelThread;

/** Receives messages one at a time: what datagram and sequenced-packet sockets have in common. */
final class Packets {
    private Packets() {}

    /**
     * recv(2).
     *
     * @return how many bytes were put, with MSG_TRUNC how many the message had; 0 at the end; or an errno
     */
    static long receive(UnixSocket socket, Incoming in) {
        if (in.has(MessageFlags.MSG_OOB)) {
            return -EOPNOTSUPP;
        }
        socket.lock.lock();
        try {
            int error = await(socket, in);
            return error <= 0 ? error : take(socket, in);
        } finally {
            socket.lock.unlock();
        }
    }

    /** Waits for a message: 1 if there is one, 0 at the end, or an errno. */
    private static int await(UnixSocket socket, Incoming in) {
        while (true) {
            if (socket.hasError()) {
                return -socket.takeError();
            }
            if (find(socket, in) != null) {
                return 1;
            }
            boolean over = (socket.shutdown & UnixSocket.RECEIVING) != 0;
            if (in.deadline() == 0) {
                return over && socket instanceof SequencedSocket ? 0 : -EAGAIN;
            }
            if (over) {
                return 0;
            }
            int result = socket.receivers.await(KernelThread.current(), socket.lock, in.deadline());
            if (result < 0 && find(socket, in) == null) {
                return UnixSocket.ended(result);
            }
        }
    }

    /** How many bytes MSG_PEEK passes over: SO_PEEK_OFF. */
    private static int peekOffset(UnixSocket socket, Incoming in) {
        return in.has(MessageFlags.MSG_PEEK) ? Math.max(0, socket.settings().peekOffset()) : 0;
    }

    /** The message that is to be received; null if there is none. */
    private static Message find(UnixSocket socket, Incoming in) {
        long skip = peekOffset(socket, in);
        Message message = socket.queue.first();
        while (message != null && skip > 0 && skip >= message.length) {
            skip -= message.length;
            message = message.next;
        }
        return message;
    }

    private static long take(UnixSocket socket, Incoming in) {
        Message message = find(socket, in);
        boolean peek = in.has(MessageFlags.MSG_PEEK);
        long skip = peekOffset(socket, in);
        long within = skip;
        for (Message before = socket.queue.first(); before != message; before = before.next) {
            within -= before.length;
        }
        int there = (int) (message.length - within);
        int count = (int) Math.min(there, in.bytes().remaining());
        if (count < there) {
            in.setTruncated();
        }
        in.setSource(message.sender.source());
        in.setCredentials(message.credentials);
        if (socket.settings().timestamps() != 0) {
            in.setTime(message.time != 0 ? message.time : socket.system.timeOfDay());
        }
        long error = socket.queue.copy(skip, in.bytes(), count);
        if (peek) {
            socket.settings().peeked(count);
            in.setCargo(message.cargo.copy());
            socket.receivers.wakeOne();
        } else {
            remove(socket, message, in);
        }
        return error < 0 ? error : in.has(MessageFlags.MSG_TRUNC) ? there : count;
    }

    private static void remove(UnixSocket socket, Message message, Incoming in) {
        int length = message.length;
        if (socket.system.flights().arrive(message.cargo)) {
            in.setCargo(message.cargo);
        }
        socket.settings().peeked(-length);
        socket.removeFirst(length);
        if (socket instanceof DatagramSocket datagrams) {
            datagrams.roomMade();
        }
        if (!socket.queue.isEmpty()) {
            socket.receivers.wakeOne();
        }
    }
}
