package biscotti.net.unix;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPIPE;

import biscotti.abi.MessageFlags;
import biscotti.abi.Poll;
import biscotti.abi.SocketTypes;
import biscotti.net.Outgoing;
import biscotti.net.Party;
import biscotti.net.Requester;
import biscotti.net.SenderCredentials;
import biscotti.net.Socket;
import biscotti.net.SocketAccount;
import biscotti.net.SocketAddress;
import biscotti.net.SocketPaths;
import biscotti.sched.KernelThread;
import biscotti.sched.RankedLock;
import biscotti.sched.WaitQueue;
import biscotti.sched.Waiter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** What all types of Unix sockets have in common: a name, a queue of what was received, a buffer that sends are charged to. */
public abstract class UnixSocket extends Socket {
    /** {@link #shutdown}: nothing more is received. */
    static final int RECEIVING = 1;

    /** {@link #shutdown}: nothing more is sent. */
    static final int SENDING = 2;

    /** {@link #shutdown}: both. */
    static final int BOTH = RECEIVING | SENDING;

    private static final int CAP_SYS_ADMIN = 21;
    private static final int CAP_SYS_RESOURCE = 24;

    /** Writing is said to be possible while at most this part of the buffer is taken: a quarter, as on Linux. */
    private static final int WRITABLE_PART = 2;

    /** What is left out of a buffer for the largest message. */
    static final int MESSAGE_RESERVE = 32;

    private static final int EVERYTHING =
            Poll.READABLE | Poll.WRITABLE | Poll.POLLWRBAND | Poll.POLLRDHUP | Poll.POLLHUP | Poll.POLLERR;

    final UnixSockets system;
    final SocketAccount account;

    // Guarded by the lock of UnixSockets.
    int number;
    String abstractKey = "";
    SocketPaths.Binding binding = SocketPaths.Binding.NONE;
    private volatile SocketAddress name = UnixAddress.UNNAMED;

    /** Guards what follows; the two ends of a connection share it. */
    final RankedLock lock;

    final MessageQueue queue;
    /** Threads that wait for messages. */
    final WaitQueue receivers = new WaitQueue();

    /** Threads that wait for room in this socket's buffer; they look at it without the lock. */
    private final WaitQueue senders = new WaitQueue();

    /** The other end; null if there is none. It stays when that is closed. */
    volatile UnixSocket peer;

    volatile Party peerParty = Party.NOBODY;
    volatile int shutdown;
    volatile boolean closed;
    private volatile int error;

    /** How much of the buffer is taken. */
    private final AtomicInteger charged = new AtomicInteger();

    // Guarded by Flights.
    volatile int flights;
    Flight firstFlight;
    Cargo held;
    UnixSocket keeper;
    long visited;
    UnixSocket nextVisited;
    private volatile SocketFileOwners owners = SocketFileOwners.NO_FILE;

    UnixSocket(UnixSockets system, SocketAccount account, RankedLock lock) {
        super(false);
        this.system = system;
        this.account = account;
        this.lock = lock;
        this.queue = system.newQueue();
    }

    @Override
    public final int family() {
        return SocketTypes.AF_UNIX;
    }

    @Override
    public final int protocol() {
        return 0;
    }

    // Names.

    final boolean isNamed() {
        return name != UnixAddress.UNNAMED;
    }

    final void setName(SocketAddress address) {
        name = address;
    }

    @Override
    public final int bind(Requester who, SocketAddress address) {
        return system.bind(who, this, address);
    }

    /** Who receives this one's credentials has to be able to answer: it gets a name. */
    final int autobindForCredentials(Requester who) {
        return settings().passesCredentials() && !isNamed() ? system.autobind(who, this) : 0;
    }

    @Override
    public final SocketAddress name() {
        return name;
    }

    /** Where its messages come from: nowhere, if it has no name. */
    final SocketAddress source() {
        return isNamed() ? name : SocketAddress.NONE;
    }

    @Override
    public final SocketAddress peerName() {
        UnixSocket other = peer;
        return other == null ? SocketAddress.NONE : other.name;
    }

    @Override
    public final Party peer() {
        return peerParty;
    }

    // Errors and the end.

    @Override
    public final int takeError() {
        if (error == 0) {
            return 0;
        }
        lock.lock();
        try {
            int taken = error;
            error = 0;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Lets the next call fail; the lock is held. */
    final void fail(int errno) {
        error = errno;
    }

    @Override
    public final void setError(int errno) {
        lock.lock();
        fail(errno);
        lock.unlock();
    }

    final boolean hasError() {
        return error != 0;
    }

    /** State has changed in a way that concerns everybody who waits; the lock is held. */
    final void wakeAll() {
        receivers.wakeAll();
        senders.wakeAll();
        observer().changed(EVERYTHING);
    }

    /** The bits of shutdown(2) that a {@code how} sets. */
    static int shutdownBits(int how) {
        return how + 1;
    }

    static boolean isHow(int how) {
        return how >= SocketTypes.SHUT_RD && how <= SocketTypes.SHUT_RDWR;
    }

    /** Passes the files of messages that were taken off a closed queue on, and gives their senders' room back. No lock is held. */
    final void drop(Message first, Consumer<Cargo> left) {
        Message message = first;
        while (message != null) {
            message.sender.uncharge(message.length + Message.OVERHEAD);
            if (system.flights().arrive(message.cargo)) {
                left.accept(message.cargo);
                system.flights().cargoLost(message.cargo, left);
            }
            message = message.next;
        }
    }

    /** As {@link #drop}, when no file is being closed. */
    final void discard(Message first) {
        Message message = first;
        while (message != null) {
            message.sender.uncharge(message.length + Message.OVERHEAD);
            if (system.flights().arrive(message.cargo)) {
                message.cargo.discard();
            }
            message = message.next;
        }
    }

    // Owners: for Flights.

    /** An open file has it from now on. */
    public final void setOwners(SocketFileOwners file) {
        owners = file;
    }

    final boolean isOwnedByMessagesOnly() {
        return owners.owners() == flights;
    }

    /** Whether it is among the files of a message. */
    public final boolean isOnItsWay() {
        return system.flights().isFlying(this);
    }

    /**
     * Its file has lost an owner, maybe the last one that was no message.
     *
     * @param found takes over the files of messages that nobody will receive, and is no owner of them when it returns
     */
    public final void ownerLost(Consumer<Cargo> found) {
        system.flights().ownerLost(this, found);
    }

    // The buffer.

    final void charge(int amount) {
        charged.addAndGet(amount);
        account.add(amount);
    }

    /** A receiver has taken so much of what this socket has sent. */
    final void uncharge(int amount) {
        charged.addAndGet(-amount);
        account.add(-amount);
        if (hasRoom()) {
            senders.wakeAll();
            observer().changed(Poll.WRITABLE | Poll.POLLWRBAND);
        }
    }

    /** Whether poll(2) may say that writing is possible. */
    final boolean hasRoom() {
        return (long) charged.get() << WRITABLE_PART <= settings().sendBuffer();
    }

    private boolean mustWaitForRoom() {
        return charged.get() >= settings().sendBuffer() && error == 0 && (shutdown & SENDING) == 0;
    }

    /**
     * Waits until the buffer has room. No lock is held.
     *
     * @return 0; -EAGAIN, -EINTR; -EPIPE after shutdown(2); or the pending error
     */
    final int awaitRoom(long deadline) {
        while (true) {
            int pending = takeError();
            if (pending != 0) {
                return -pending;
            }
            if ((shutdown & SENDING) != 0) {
                return -EPIPE;
            }
            if (!mustWaitForRoom()) {
                return 0;
            }
            if (deadline == 0) {
                return -EAGAIN;
            }
            Waiter waiter = KernelThread.current().waiter();
            waiter.reset();
            senders.join(waiter.entry());
            int result = mustWaitForRoom() ? waiter.sleep(deadline) : 0;
            senders.leave(waiter.entry());
            if (result < 0) {
                return ended(result);
            }
        }
    }

    /** What a wait that ended without a wake-up means for a call. */
    static int ended(int result) {
        return result == Waiter.TIMED_OUT ? -EAGAIN : -EINTR;
    }

    @Override
    public final long unsent() {
        return charged.get();
    }

    // Messages.

    /**
     * Puts a message into this socket's queue. The lock is held; a stream's message may be put behind the last one.
     *
     * @param length how many of its bytes
     * @return 0; -ETOOMANYREFS for its files, -EFAULT, -ENOBUFS
     */
    final int enqueue(UnixSocket sender, Requester who, Outgoing message, int length, boolean joins) {
        SenderCredentials credentials = credentials(sender, who, message);
        Message last = queue.last();
        boolean urgent =
                message.has(MessageFlags.MSG_OOB) && length == message.bytes().remaining();
        // Files do not go with an urgent byte.
        Cargo cargo = urgent ? Cargo.NONE : message.cargo();
        if (joins
                && !urgent
                && cargo == Cargo.NONE
                && last != null
                && last.cargo == Cargo.NONE
                && !last.urgent
                && last.credentials.isSame(credentials)) {
            int failure = queue.extend(message.bytes(), length);
            if (failure < 0) {
                return failure;
            }
            sender.charge(length);
        } else {
            long time = !joins && settings().timestamps() != 0 ? system.timeOfDay() : 0;
            int failure = add(new Message(sender, credentials, cargo, urgent, time), who, message, length);
            if (failure < 0) {
                return failure;
            }
            sender.charge(length + Message.OVERHEAD);
        }
        receivers.handOverToOne();
        observer().changed(urgent ? Poll.READABLE | Poll.POLLPRI : Poll.READABLE);
        return 0;
    }

    private int add(Message added, Requester who, Outgoing message, int length) {
        Cargo cargo = added.cargo;
        if (cargo != Cargo.NONE) {
            boolean free = who.hasCapability(CAP_SYS_RESOURCE) || who.hasCapability(CAP_SYS_ADMIN);
            int most = free ? Integer.MAX_VALUE : who.openFilesLimit();
            int failure = system.flights().depart(cargo, this, who.credentials().user(), most);
            if (failure < 0) {
                return failure;
            }
        }
        int failure = queue.add(added, message.bytes(), length);
        if (failure < 0) {
            system.flights().arrive(cargo);
            return failure;
        }
        if (cargo != Cargo.NONE) {
            message.takeCargo();
        }
        return 0;
    }

    /** Whom a message says that it comes from: nobody knows, unless somebody wants to know, or the sender said so. */
    private SenderCredentials credentials(UnixSocket sender, Requester who, Outgoing message) {
        boolean wanted = sender.settings().passesCredentials() || settings().passesCredentials() || !isOpened();
        return wanted && message.credentials() == SenderCredentials.UNKNOWN ? who.credentials() : message.credentials();
    }

    /** Takes the first message away, of which nobody wants more; what it charged is given back. The lock is held. */
    final void removeFirst(int length) {
        Message first = queue.first();
        queue.removeFirst();
        first.sender.uncharge(length + Message.OVERHEAD);
    }

    @Override
    public long received() {
        lock.lock();
        try {
            return isListening() ? -EINVAL : queue.length();
        } finally {
            lock.unlock();
        }
    }

    /** socketpair(2) connects it with another one that nobody knows yet. */
    abstract void pairWith(UnixSocket other, Party party);
}
