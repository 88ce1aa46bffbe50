package biscotti.net.unix;

import static biscotti.abi.Errno.EADDRINUSE;
import static biscotti.abi.Errno.ECONNREFUSED;
import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENFILE;
import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.EPROTONOSUPPORT;
import static biscotti.abi.Errno.EPROTOTYPE;
import static biscotti.abi.Errno.ESOCKTNOSUPPORT;

import biscotti.abi.SocketTypes;
import biscotti.bounded.BoundedMap;
import biscotti.bounded.Hash;
import biscotti.bounded.IdTable;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import biscotti.net.Requester;
import biscotti.net.SocketAddress;
import biscotti.net.SocketPaths;
import biscotti.net.SocketSlot;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** All Unix sockets of the machine: makes them, and knows their names. */
public final class UnixSockets {
    private static final int MOST_DATAGRAMS = 10;

    /** The most sockets. */
    private static final int MOST = 1 << 22;

    /** How many numbers autobind has for names: those of five digits. */
    private static final int AUTOBIND_NAMES = 1 << 20;

    /** For a socket that never received anything. */
    private static final Consumer<Cargo> NO_CARGO = cargo -> {};

    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final LongSupplier wallClock;
    private final Flights flights = new Flights();

    /** Guards the tables, and which socket has a name. */
    private final RankedLock lock = new RankedLock(LockRank.SOCKET_NAMES);

    private final BoundedMap<String, Optional<UnixSocket>> abstractNames;
    private final IdTable<Optional<UnixSocket>> sockets = new IdTable<>(MOST, Optional.empty());
    private int lastNumber;
    private volatile int mostDatagrams = MOST_DATAGRAMS;

    /**
     * No sockets yet.
     *
     * @param frames where messages are kept
     * @param hash for abstract names
     * @param wallClock the time of day in nanoseconds
     */
    public UnixSockets(PhysicalMemory memory, FrameAllocator frames, Hash<String> hash, LongSupplier wallClock) {
        this.wallClock = wallClock;
        this.memory = memory;
        this.frames = frames;
        this.abstractNames = new BoundedMap<>(MOST, hash, Optional.empty());
    }

    /** The time of day in nanoseconds since 1970. */
    long timeOfDay() {
        return wallClock.getAsLong();
    }

    Flights flights() {
        return flights;
    }

    MessageQueue newQueue() {
        return new MessageQueue(new ByteChain(memory, frames));
    }

    /** How many messages wait at a datagram socket that is made now, before its senders do: the sysctl net.unix.max_dgram_qlen. */
    public int mostDatagrams() {
        return mostDatagrams;
    }

    /** Sets {@link #mostDatagrams}. */
    public void setMostDatagrams(int most) {
        mostDatagrams = most;
    }

    /**
     * socket(2).
     *
     * @return 0; -EPROTONOSUPPORT, -ESOCKTNOSUPPORT, -ENFILE
     */
    public int create(Requester who, int type, int protocol, SocketSlot made) {
        if (protocol != 0 && protocol != SocketTypes.AF_UNIX) {
            return -EPROTONOSUPPORT;
        }
        return switch (type) {
            case SocketTypes.SOCK_STREAM -> register(new StreamSocket(this, who.socketAccount(), newLock()), made);
            case SocketTypes.SOCK_SEQPACKET ->
                register(new SequencedSocket(this, who.socketAccount(), newLock()), made);
            case SocketTypes.SOCK_DGRAM, SocketTypes.SOCK_RAW ->
                register(new DatagramSocket(this, who.socketAccount()), made);
            default -> -ESOCKTNOSUPPORT;
        };
    }

    private static RankedLock newLock() {
        return new RankedLock(LockRank.SOCKET);
    }

    /** socketpair(2): as {@link #create}, two that are connected. */
    public int createPair(Requester who, int type, int protocol, SocketSlot one, SocketSlot other) {
        int error = create(who, type, protocol, one);
        if (error < 0) {
            return error;
        }
        if (one.get() instanceof ConnectionSocket first) {
            error = register(first.newEnd(who.socketAccount()), other);
        } else {
            error = create(who, type, protocol, other);
        }
        if (error < 0) {
            one.get().close(NO_CARGO);
            return error;
        }
        ((UnixSocket) one.get()).pairWith((UnixSocket) other.get(), who.party());
        return 0;
    }

    /** Gives a socket a number in the table of all: 0, or -ENFILE, and it is to be forgotten. */
    int register(UnixSocket socket, SocketSlot made) {
        lock.lock();
        try {
            int number = sockets.firstFree(1, MOST);
            if (number < 0) {
                return -ENFILE;
            }
            sockets.put(number, Optional.of(socket));
            socket.number = number;
        } finally {
            lock.unlock();
        }
        socket.account.opened();
        return made.put(socket);
    }

    /** A socket is closed: nothing leads to it any more. */
    void forget(UnixSocket socket) {
        lock.lock();
        try {
            sockets.remove(socket.number);
            if (!socket.abstractKey.isEmpty()) {
                abstractNames.remove(socket.abstractKey);
            }
        } finally {
            lock.unlock();
        }
        socket.account.closed();
        socket.binding.end();
    }

    /** The number of the first socket from one on; -1 if there is none. Takes no lock. */
    public int next(int from) {
        return sockets.next(from);
    }

    /** The socket with a number, which may have been closed. Takes no lock. */
    public Optional<UnixSocket> get(int number) {
        return sockets.get(number);
    }

    /** bind(2). */
    int bind(Requester who, UnixSocket socket, SocketAddress address) {
        if (UnixAddress.isForAutobind(address)) {
            return autobind(who, socket);
        }
        int error = UnixAddress.check(address);
        if (error < 0) {
            return error;
        }
        return UnixAddress.isAbstract(address) ? bindAbstract(socket, address) : bindPath(who, socket, address);
    }

    private int bindPath(Requester who, UnixSocket socket, SocketAddress address) {
        String path = UnixAddress.path(address);
        SocketPaths paths = who.socketPaths();
        int error = paths.make(path, socket);
        if (error < 0) {
            return error == -EEXIST ? -EADDRINUSE : error;
        }
        boolean named;
        lock.lock();
        try {
            named = socket.isNamed();
            if (!named) {
                socket.binding = paths.made();
                socket.setName(UnixAddress.ofPath(path));
            }
        } finally {
            lock.unlock();
        }
        if (named) {
            paths.made().undo();
            return -EINVAL;
        }
        return 0;
    }

    private int bindAbstract(UnixSocket socket, SocketAddress address) {
        lock.lock();
        try {
            return socket.isNamed() ? -EINVAL : claim(socket, address);
        } finally {
            lock.unlock();
        }
    }

    /** Gives a socket an abstract name that is free; the lock is held. */
    private int claim(UnixSocket socket, SocketAddress address) {
        String key = UnixAddress.key(address, socket.type());
        if (abstractNames.get(key).isPresent()) {
            return -EADDRINUSE;
        }
        if (!abstractNames.put(key, Optional.of(socket))) {
            return -ENOSPC;
        }
        socket.abstractKey = key;
        socket.setName(address);
        return 0;
    }

    /** Gives a socket a name that nobody has, unless it has one: 0; -ENOSPC, -ENOMEM. */
    int autobind(Requester who, UnixSocket socket) {
        lock.lock();
        try {
            if (socket.isNamed()) {
                return 0;
            }
            int number = lastNumber + 1 & AUTOBIND_NAMES - 1;
            while (number != lastNumber && !isFree(number, socket.type())) {
                number = number + 1 & AUTOBIND_NAMES - 1;
                if (!who.rounds().nextRound()) {
                    return -ENOMEM;
                }
            }
            if (number == lastNumber) {
                return -ENOSPC;
            }
            lastNumber = number;
            return claim(socket, UnixAddress.numbered(number));
        } finally {
            lock.unlock();
        }
    }

    private boolean isFree(int number, int type) {
        return abstractNames
                .get(UnixAddress.key(UnixAddress.numbered(number), type))
                .isEmpty();
    }

    /**
     * Finds the socket of an address that {@link UnixAddress#check} has allowed.
     *
     * @param type which it is to have
     * @return 0; -ECONNREFUSED, -EPROTOTYPE, or what walking the path says
     */
    int find(Requester who, SocketAddress address, int type, SocketSlot found) {
        if (UnixAddress.isAbstract(address)) {
            Optional<UnixSocket> named = abstractNames.get(UnixAddress.key(address, type));
            return named.isEmpty() ? -ECONNREFUSED : found.put(named.get());
        }
        int error = who.socketPaths().find(UnixAddress.path(address), found);
        if (error < 0) {
            return error;
        }
        return found.get().type() == type ? 0 : -EPROTOTYPE;
    }
}
