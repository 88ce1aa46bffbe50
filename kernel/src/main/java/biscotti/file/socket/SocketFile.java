package biscotti.file.socket;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EPIPE;

import biscotti.abi.Ioctl;
import biscotti.abi.MessageFlags;
import biscotti.abi.Poll;
import biscotti.abi.Restart;
import biscotti.abi.SignalNumber;
import biscotti.file.Caller;
import biscotti.file.FileOwner;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Transfer;
import biscotti.file.Watchers;
import biscotti.net.Incoming;
import biscotti.net.Outgoing;
import biscotti.net.ReadinessObserver;
import biscotti.net.Socket;
import biscotti.net.unix.Cargo;
import biscotti.net.unix.SocketFileOwners;
import biscotti.net.unix.UnixSocket;
import biscotti.sched.KernelThread;
import biscotti.sched.Waiter;
import java.util.function.Consumer;

/**
 * An open socket (socket(7)). Every call that uses the socket is an owner of the file meanwhile, so nothing is closed under it.
 */
public final class SocketFile extends OpenFile implements ReadinessObserver, SocketFileOwners {
    private final Socket socket;
    private final Watchers watchers = new Watchers();

    SocketFile(Socket socket, Place place, int flags) {
        super(place, flags);
        this.socket = socket;
    }

    /** The socket is to know its file, whose number this is. */
    void opened(long number) {
        socket.opened(this, number);
        if (socket instanceof UnixSocket local) {
            local.setOwners(this);
        }
    }

    @Override
    public void changed(int events) {
        watchers.tell(events);
        if ((events & Poll.POLLPRI) != 0) {
            owner().ifPresent(FileOwner::noteUrgent);
        }
    }

    /** Lets go of files that nobody will receive, while others are being closed. */
    private record Remover(Closing closing) implements Consumer<Cargo> {
        @Override
        public void accept(Cargo cargo) {
            ((FileCargo) cargo).release(closing);
        }
    }

    /** The socket. */
    public Socket socket() {
        return socket;
    }

    /** Until when a receive waits: SO_RCVTIMEO, unless it must not wait at all. */
    public long receiveDeadline(int flags) {
        return deadline(flags, socket.settings().receiveTimeout());
    }

    /** Until when a send, or a connect, waits: SO_SNDTIMEO, unless it must not wait at all. */
    public long sendDeadline(int flags) {
        return deadline(flags, socket.settings().sendTimeout());
    }

    private long deadline(int flags, long timeout) {
        if (!blocking() || (flags & MessageFlags.MSG_DONTWAIT) != 0) {
            return 0;
        }
        if (timeout == 0) {
            return Waiter.FOREVER;
        }
        long end = KernelThread.current().scheduler().now() + timeout;
        return end < 0 ? Waiter.FOREVER : end;
    }

    /** What a call answers that a signal interrupted: with a timeout, it is not made again (signal(7)). */
    public static long interrupted(long result, long deadline) {
        return result == -EINTR && deadline != Waiter.FOREVER ? -Restart.EINTR_ALWAYS : result;
    }

    /** send(2) and its kin: as the socket does, with SIGPIPE where it belongs. The caller is an owner of this file. */
    public long send(Caller caller, Outgoing message) {
        return sent(caller, message, socket.send(caller, message));
    }

    private long sent(Caller caller, Outgoing message, long result) {
        if (result == -EPIPE && socket.breaksAsPipe() && !message.has(MessageFlags.MSG_NOSIGNAL)) {
            caller.raise(SignalNumber.SIGPIPE);
        }
        if (result == -EAGAIN) {
            owner().ifPresent(FileOwner::noteNoRoom);
        }
        return interrupted(result, message.deadline());
    }

    /** recv(2) and its kin. The caller is an owner of this file. */
    public long receive(Caller caller, Incoming message) {
        return interrupted(socket.receive(caller, message), message.deadline());
    }

    /** {@inheritDoc} Files that come with the bytes are let go. */
    @Override
    protected long doRead(Caller caller, Transfer to) {
        if (to.remaining() == 0) {
            return 0;
        }
        if (!tryRetain()) {
            return -EBADF;
        }
        Incoming message = new Incoming(to, 0, receiveDeadline(0));
        long result = receive(caller, message);
        message.cargo().discard();
        release();
        return result;
    }

    @Override
    protected long doWrite(Caller caller, Transfer from) {
        if (!tryRetain()) {
            return -EBADF;
        }
        Outgoing message = new Outgoing(from, 0, sendDeadline(0));
        long result = sent(caller, message, socket.write(caller, message));
        release();
        return result;
    }

    @Override
    public long control(Caller caller, int request, long argument) {
        return switch (request) {
            case Ioctl.FIONREAD -> tell(caller, argument, socket.received());
            case Ioctl.SIOCATMARK -> tell(caller, argument, socket.atMark());
            case Ioctl.TIOCOUTQ -> tell(caller, argument, socket.unsent());
            default -> DeviceRequests.control(caller, request, argument);
        };
    }

    private static long tell(Caller caller, long address, long value) {
        return value < 0 ? value : caller.memory().writeInt(address, (int) Math.min(value, Integer.MAX_VALUE));
    }

    @Override
    public int ownEvents() {
        return socket.events();
    }

    @Override
    public Watchers watchers() {
        return watchers;
    }

    @Override
    public FileOwner.Drive drive() {
        return FileOwner.Drive.SOCKET;
    }

    @Override
    protected boolean isOnItsWay() {
        return socket instanceof UnixSocket local && local.isOnItsWay();
    }

    @Override
    protected void ownerLost(Closing closing) {
        if (socket instanceof UnixSocket local) {
            local.ownerLost(new Remover(closing));
        }
    }

    @Override
    protected void closed(Closing others) {
        socket.close(new Remover(others));
    }
}
