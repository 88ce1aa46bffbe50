package biscotti.net.udp;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EADDRINUSE;
import static biscotti.abi.Errno.EADDRNOTAVAIL;
import static biscotti.abi.Errno.EAFNOSUPPORT;
import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EDESTADDRREQ;
import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EMSGSIZE;
import static biscotti.abi.Errno.ENOBUFS;
import static biscotti.abi.Errno.ENOTCONN;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EPIPE;

import biscotti.abi.MessageFlags;
import biscotti.abi.Poll;
import biscotti.abi.SocketOptions;
import biscotti.abi.SocketTypes;
import biscotti.driver.network.Packet;
import biscotti.machine.PhysicalMemory;
import biscotti.net.Incoming;
import biscotti.net.Outgoing;
import biscotti.net.Party;
import biscotti.net.Payload;
import biscotti.net.Requester;
import biscotti.net.Socket;
import biscotti.net.SocketAccount;
import biscotti.net.SocketAddress;
import biscotti.net.SocketSlot;
import biscotti.net.ip.InternetAddress;
import biscotti.net.ip.Ip;
import biscotti.net.ip.IpHeader;
import biscotti.net.ip.IpSettings;
import biscotti.net.ip.Protocols;
import biscotti.net.unix.Cargo;
import biscotti.sched.KernelThread;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.WaitQueue;
import biscotti.sched.Waiter;
import java.util.function.Consumer;

/** A socket of UDP (udp(7), ip(7)). What is sent goes at once, or fails: nobody waits for room to send. */
public final class UdpSocket extends Socket {
    /** {@link #interest}: the socket does not want a datagram. */
    static final int NOT = -1;

    private static final int CAP_NET_BIND_SERVICE = 10;
    private static final int UNPRIVILEGED_PORTS = 1024;
    private static final int NO_PEER = 0;
    private static final int RECEIVING = 1;
    private static final int SENDING = 2;
    private static final int BOTH = RECEIVING | SENDING;

    private final Udp udp;
    private final SocketAccount account;
    private final int user;
    private final IpSettings ipSettings = new IpSettings();

    // Its place among the sockets with ports: written under the lock of Udp, read without.
    volatile int address;
    volatile int port;
    volatile UdpSocket next;

    /** Whether bind(2) has given the address, and the port, which stay then. */
    private volatile boolean addressBound;

    private volatile boolean portBound;

    /** Where it is connected to: the address above the port; {@link #NO_PEER}. */
    private volatile long peer;

    private final RankedLock lock = new RankedLock(LockRank.SOCKET);
    private final WaitQueue receivers = new WaitQueue();
    private final DatagramQueue queue = new DatagramQueue();
    private volatile int shutdown;
    private volatile int error;
    private volatile boolean closed;

    UdpSocket(Udp udp, SocketAccount account, int user) {
        super(true);
        this.udp = udp;
        this.account = account;
        this.user = user;
    }

    /** Its options of level IPPROTO_IP. */
    public IpSettings ipSettings() {
        return ipSettings;
    }

    @Override
    public int family() {
        return SocketTypes.AF_INET;
    }

    @Override
    public int type() {
        return SocketTypes.SOCK_DGRAM;
    }

    @Override
    public int protocol() {
        return Protocols.UDP;
    }

    // Names.

    private static long pair(int address, int port) {
        return Integer.toUnsignedLong(address) << Short.SIZE | port;
    }

    private static int addressOf(long pair) {
        return (int) (pair >>> Short.SIZE);
    }

    private static int portOf(long pair) {
        return (int) pair & 0xffff;
    }

    /** Whether another one may not have the same port with an address: socket(7), SO_REUSEADDR and SO_REUSEPORT. */
    boolean excludes(UdpSocket other, int otherAddress) {
        boolean apart =
                address != InternetAddress.ANY && otherAddress != InternetAddress.ANY && address != otherAddress;
        return !apart
                && !(has(SocketOptions.SO_REUSEADDR) && other.has(SocketOptions.SO_REUSEADDR))
                && !(has(SocketOptions.SO_REUSEPORT) && other.has(SocketOptions.SO_REUSEPORT) && user == other.user);
    }

    private boolean has(int option) {
        return settings().get(option) == 1;
    }

    /** How much it wants a datagram: the more, the more of both addresses it has asked for; {@link #NOT}. */
    int interest(int source, int sourcePort, int destination, int destinationPort) {
        int own = address;
        long connected = peer;
        boolean wanted = port == destinationPort
                && (own == InternetAddress.ANY || own == destination)
                && (connected == NO_PEER || connected == pair(source, sourcePort));
        return wanted ? (own == InternetAddress.ANY ? 0 : 1) + (connected == NO_PEER ? 0 : 2) : NOT;
    }

    @Override
    public int bind(Requester who, SocketAddress name) {
        int wrong = InternetAddress.check(name);
        if (wrong == -EAFNOSUPPORT
                && name.family() == SocketTypes.AF_UNSPEC
                && InternetAddress.address(name) == InternetAddress.ANY) {
            wrong = 0;
        }
        if (wrong < 0) {
            return wrong;
        }
        int wanted = InternetAddress.address(name);
        int wantedPort = InternetAddress.port(name);
        Ip ip = udp.ip();
        boolean there = wanted == InternetAddress.ANY
                || ip.isLocal(wanted)
                || ip.isBroadcast(wanted)
                || InternetAddress.isGroup(wanted);
        if (!there) {
            return -EADDRNOTAVAIL;
        }
        if (wantedPort != 0 && wantedPort < UNPRIVILEGED_PORTS && !who.hasCapability(CAP_NET_BIND_SERVICE)) {
            return -EACCES;
        }
        if (port != 0) {
            return -EINVAL;
        }
        int refused = udp.claim(this, wanted, wantedPort);
        if (refused < 0) {
            return refused == -EAGAIN ? -EADDRINUSE : refused;
        }
        addressBound = wanted != InternetAddress.ANY;
        portBound = wantedPort != 0;
        return 0;
    }

    private int autobind() {
        return port != 0 ? 0 : udp.claim(this, address, 0);
    }

    /** {@inheritDoc} The family AF_UNSPEC undoes it. */
    @Override
    public int connect(Requester who, SocketAddress name, long deadline) {
        if (name.length() < SocketTypes.ADDRESS_DATA) {
            return -EINVAL;
        }
        if (name.family() == SocketTypes.AF_UNSPEC) {
            disconnect();
            return 0;
        }
        int wrong = InternetAddress.check(name);
        if (wrong < 0) {
            return wrong;
        }
        int to = destination(InternetAddress.address(name));
        long source = udp.ip().sourceFor(to);
        if (source < 0) {
            return (int) source;
        }
        if (udp.ip().isBroadcast(to) && !has(SocketOptions.SO_BROADCAST)) {
            return -EACCES;
        }
        int refused = autobind();
        if (refused == 0) {
            if (!addressBound) {
                address = (int) source;
            }
            peer = pair(to, InternetAddress.port(name));
        }
        return refused;
    }

    private void disconnect() {
        peer = NO_PEER;
        if (!addressBound) {
            address = InternetAddress.ANY;
        }
        if (!portBound) {
            udp.release(this);
        }
    }

    /** To send to INADDR_ANY is to send to oneself, as on Linux. */
    private static int destination(int given) {
        return given == InternetAddress.ANY ? InternetAddress.LOOPBACK : given;
    }

    @Override
    public SocketAddress name() {
        return InternetAddress.of(address, port);
    }

    @Override
    public SocketAddress peerName() {
        long to = peer;
        return to == NO_PEER ? SocketAddress.NONE : InternetAddress.of(addressOf(to), portOf(to));
    }

    @Override
    public Party peer() {
        return Party.NOBODY;
    }

    @Override
    public boolean isConnected() {
        return peer != NO_PEER;
    }

    @Override
    public boolean isListening() {
        return false;
    }

    @Override
    public int listen(Requester who, int backlog) {
        return -EOPNOTSUPP;
    }

    @Override
    public int accept(long deadline, SocketSlot accepted) {
        return -EOPNOTSUPP;
    }

    // Sending.

    @Override
    public boolean breaksAsPipe() {
        return false;
    }

    @Override
    public long send(Requester who, Outgoing out) {
        SocketAddress name = out.destination();
        if (name.isEmpty()) {
            return write(who, out);
        }
        int wrong = InternetAddress.check(name);
        if (wrong == -EAFNOSUPPORT && name.family() == SocketTypes.AF_UNSPEC) {
            wrong = 0; // as Linux forgives
        }
        if (wrong == 0 && InternetAddress.port(name) == 0) {
            wrong = -EINVAL;
        }
        return wrong < 0 ? wrong : send(out, destination(InternetAddress.address(name)), InternetAddress.port(name));
    }

    @Override
    public long write(Requester who, Outgoing out) {
        long to = peer;
        return to == NO_PEER ? -EDESTADDRREQ : send(out, addressOf(to), portOf(to));
    }

    private long send(Outgoing out, int to, int toPort) {
        long length = out.bytes().remaining();
        int refused = refusal(out, length, to);
        if (refused == 0) {
            refused = autobind();
        }
        Ip ip = udp.ip();
        long source = address == InternetAddress.ANY || InternetAddress.isGroup(address) || ip.isBroadcast(address)
                ? ip.sourceFor(to)
                : Integer.toUnsignedLong(address);
        int mtu = ip.mtuTo(to);
        if (refused == 0 && (source < 0 || mtu < 0)) {
            refused = source < 0 ? (int) source : mtu;
        }
        int bytes = (int) length + UdpHeader.BYTES + IpHeader.BYTES;
        if (refused == 0 && bytes > mtu && !ipSettings.mayFragment()) {
            refused = -EMSGSIZE;
        }
        if (refused < 0) {
            return refused;
        }
        Packet packet = ip.take();
        int filled = packet.isNone() ? -ENOBUFS : fill(packet, out.bytes(), (int) length);
        if (filled < 0) {
            return filled;
        }
        UdpHeader.push(packet, (int) source, port, to, toPort, !has(SocketOptions.SO_NO_CHECK));
        int flags = ipSettings.flagsFor(bytes, mtu);
        int failure =
                ip.send(packet, Protocols.UDP, (int) source, to, ipSettings.service(), ipSettings.timeToLive(), flags);
        return failure < 0 ? failure : length;
    }

    private int refusal(Outgoing out, long length, int to) {
        if (length > UdpHeader.MOST_PAYLOAD) {
            return -EMSGSIZE;
        }
        if (out.has(MessageFlags.MSG_OOB)) {
            return -EOPNOTSUPP;
        }
        int pending = takeError();
        if (pending != 0) {
            return -pending;
        }
        if ((shutdown & SENDING) != 0) {
            return -EPIPE;
        }
        return udp.ip().isBroadcast(to) && !has(SocketOptions.SO_BROADCAST) ? -EACCES : 0;
    }

    /** Copies a payload into an empty packet: its head, then frames. A packet that cannot be filled is released. */
    private int fill(Packet packet, Payload bytes, int length) {
        int head = Math.min(length, packet.tailRoom());
        packet.extend(head);
        int failure = head == 0 ? 0 : bytes.toPhysical(packet.addressAt(0), head);
        int done = head;
        while (failure == 0 && done < length) {
            int part = Math.min(length - done, PhysicalMemory.FRAME_SIZE);
            long frame = udp.frames().allocate();
            if (frame < 0) {
                failure = -ENOBUFS;
            } else {
                failure = bytes.toPhysical(frame, part);
                packet.add(frame, part);
                udp.frames().release(frame);
                done += part;
            }
        }
        if (failure < 0) {
            packet.release();
        }
        return failure;
    }

    // Receiving.

    /** A datagram has come, whose header was pulled; it is dropped when there is no room. */
    void deliver(Packet packet) {
        lock.lock();
        boolean taken = !closed
                && queue.bytes() + DatagramQueue.charge(packet) <= settings().receiveBuffer()
                && udp.reserve(DatagramQueue.packets(packet));
        if (taken) {
            if (packet.time() == 0) {
                packet.setTime(KernelThread.current().scheduler().now());
            }
            queue.add(packet);
            receivers.wakeOne();
        }
        lock.unlock();
        if (taken) {
            account.add(DatagramQueue.charge(packet));
            observer().changed(Poll.READABLE);
        } else {
            packet.release();
        }
    }

    /** A datagram that was sent to where this socket is connected did not arrive. */
    void sendFailed(int to, int toPort, int errno) {
        if (peer == pair(to, toPort)) {
            setError(errno);
            lock.lock();
            receivers.wakeAll();
            lock.unlock();
            observer().changed(Poll.POLLERR | Poll.READABLE | Poll.WRITABLE);
        }
    }

    @Override
    public long receive(Requester who, Incoming message) {
        boolean peek = message.has(MessageFlags.MSG_PEEK);
        lock.lock();
        try {
            int failure = await(message.deadline());
            if (failure != 0) {
                return failure == -EPIPE ? 0 : failure;
            }
            Packet packet = queue.first();
            long result = copy(packet, message);
            if (!peek) {
                queue.take();
                udp.unreserve(DatagramQueue.packets(packet));
                account.add(-DatagramQueue.charge(packet));
                packet.release();
            }
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a datagram is there: 0; -EPIPE at the end, -EAGAIN, -EINTR, or the pending error. The lock is held. */
    private int await(long deadline) {
        while (queue.isEmpty()) {
            int pending = error;
            if (pending != 0) {
                error = 0;
                return -pending;
            }
            if ((shutdown & RECEIVING) != 0) {
                return -EPIPE;
            }
            if (deadline == 0) {
                return -EAGAIN;
            }
            int result = receivers.await(KernelThread.current(), lock, deadline);
            if (result < 0) {
                return result == Waiter.TIMED_OUT ? -EAGAIN : -EINTR;
            }
        }
        return 0;
    }

    private long copy(Packet packet, Incoming message) {
        Payload to = message.bytes();
        int length = (int) Math.min(packet.length(), to.remaining());
        int done = 0;
        while (done < length) {
            int run = Math.min(packet.runAt(done), length - done);
            int failure = to.fromPhysical(packet.addressAt(done), run);
            if (failure < 0) {
                return failure;
            }
            done += run;
        }
        if (length < packet.length()) {
            message.setTruncated();
        }
        if (settings().timestamps() != 0) {
            message.setTime(
                    udp.timeOfDay(packet, KernelThread.current().scheduler().now()));
        }
        message.setSource(InternetAddress.of(
                IpHeader.source(packet, packet.networkHeader()), UdpHeader.sourcePort(packet, -UdpHeader.BYTES)));
        return message.has(MessageFlags.MSG_TRUNC) ? packet.length() : length;
    }

    @Override
    public long received() {
        lock.lock();
        try {
            return queue.isEmpty() ? 0 : queue.first().length();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long unsent() {
        return 0;
    }

    // Errors and the end.

    @Override
    public int events() {
        lock.lock();
        try {
            int events = Poll.WRITABLE | Poll.POLLWRBAND;
            events |= error != 0 ? Poll.POLLERR : 0;
            events |= (shutdown & RECEIVING) != 0 ? Poll.READABLE | Poll.POLLRDHUP : 0;
            events |= shutdown == BOTH ? Poll.POLLHUP : 0;
            return queue.isEmpty() ? events : events | Poll.READABLE;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int takeError() {
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

    @Override
    public void setError(int errno) {
        lock.lock();
        error = errno;
        lock.unlock();
    }

    /** {@inheritDoc} As on Linux, a socket that is not connected is told so, and shut down all the same. */
    @Override
    public int shutdown(int how) {
        if (how < SocketTypes.SHUT_RD || how > SocketTypes.SHUT_RDWR) {
            return -EINVAL;
        }
        lock.lock();
        shutdown = shutdown | how + 1;
        receivers.wakeAll();
        lock.unlock();
        observer().changed(Poll.READABLE | Poll.POLLRDHUP | Poll.POLLHUP);
        return isConnected() ? 0 : -ENOTCONN;
    }

    @Override
    public void close(Consumer<Cargo> left) {
        udp.release(this);
        lock.lock();
        closed = true;
        while (!queue.isEmpty()) {
            Packet packet = queue.take();
            udp.unreserve(DatagramQueue.packets(packet));
            account.add(-DatagramQueue.charge(packet));
            packet.release();
        }
        lock.unlock();
        account.closed();
    }
}
