package biscotti.net.udp;

import static biscotti.abi.Errno.EADDRINUSE;
import static biscotti.abi.Errno.EAGAIN;

import biscotti.driver.network.Packet;
import biscotti.driver.network.PacketPool;
import biscotti.machine.Machine;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import biscotti.net.Requester;
import biscotti.net.SocketSlot;
import biscotti.net.ip.InternetAddress;
import biscotti.net.ip.Ip;
import biscotti.net.ip.Transport;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/**
 * UDP: which socket has which port. Looking for the socket of a datagram takes no lock: sockets with ports are linked in rows, one for each
 * hash of a port, and one that has left its row still leads on to those behind it.
 */
public final class Udp implements Transport {
    private static final int ROWS = 1024;
    private static final int PORTS = 1 << Short.SIZE;
    private static final int FIRST_EPHEMERAL = 32768;

    /** How many ephemeral ports there are: up to 60999, as on Linux (net.ipv4.ip_local_port_range). */
    private static final int EPHEMERAL = 28232;

    /** A factor of a linear congruence that spreads well. */
    private static final int SPREAD = 0x0019_660d;

    private final Ip ip;
    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final LongSupplier wallClock;
    private final long secret;

    /** Guards the rows, and who has which port. */
    private final RankedLock lock = new RankedLock(LockRank.SOCKET_NAMES);

    private final AtomicReferenceArray<UdpSocket> rows = new AtomicReferenceArray<>(ROWS);
    private final AtomicInteger queued = new AtomicInteger();
    private final int mostQueued;
    private int lastEphemeral;

    /**
     * UDP without sockets; the caller registers it with IP.
     *
     * @param pool of which all sockets together hold at most half
     * @param wallClock the time of day in nanoseconds
     */
    public Udp(Machine machine, Ip ip, PacketPool pool, FrameAllocator frames, LongSupplier wallClock) {
        this.ip = ip;
        this.memory = machine.memory();
        this.frames = frames;
        this.wallClock = wallClock;
        this.secret = machine.entropy().nextLong();
        this.mostQueued = pool.size() / 2;
        this.lastEphemeral = (int) (secret >>> 1) % EPHEMERAL;
    }

    Ip ip() {
        return ip;
    }

    PhysicalMemory memory() {
        return memory;
    }

    FrameAllocator frames() {
        return frames;
    }

    /** The time of day when a packet came in, in nanoseconds since 1970. */
    long timeOfDay(Packet packet, long now) {
        return wallClock.getAsLong() - (now - packet.time());
    }

    /** socket(2): 0, as there is no limit but memory. */
    public int create(Requester who, SocketSlot made) {
        who.socketAccount().opened();
        return made.put(
                new UdpSocket(this, who.socketAccount(), who.credentials().user()));
    }

    // What waits at all sockets.

    /** Whether so many packets more may wait to be received. */
    boolean reserve(int packets) {
        if (queued.addAndGet(packets) <= mostQueued) {
            return true;
        }
        queued.addAndGet(-packets);
        return false;
    }

    void unreserve(int packets) {
        queued.addAndGet(-packets);
    }

    // Ports.

    private static int row(int port) {
        return port & ROWS - 1;
    }

    /**
     * Gives a socket a port, unless it has one.
     *
     * @param port 0 for any that is free
     * @return 0; -EADDRINUSE; -EAGAIN if none is free
     */
    int claim(UdpSocket socket, int address, int port) {
        lock.lock();
        try {
            if (socket.port != 0) {
                return 0;
            }
            int chosen = port == 0 ? findFree(socket, address) : port;
            if (chosen == 0) {
                return -EAGAIN;
            }
            if (port != 0 && !isFree(socket, address, port)) {
                return -EADDRINUSE;
            }
            socket.address = address;
            socket.port = chosen;
            socket.next = rows.get(row(chosen));
            rows.set(row(chosen), socket);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** A port that nobody has, from a place that is hard to foresee (RFC 6056); 0 if there is none. The lock is held. */
    private int findFree(UdpSocket socket, int address) {
        int start = (int) Integer.toUnsignedLong(lastEphemeral * SPREAD + (int) secret) & Integer.MAX_VALUE;
        for (int i = 0; i < EPHEMERAL; i++) {
            int offset = (start + i & Integer.MAX_VALUE) % EPHEMERAL;
            if (isFree(socket, address, FIRST_EPHEMERAL + offset)) {
                lastEphemeral = start + i;
                return FIRST_EPHEMERAL + offset;
            }
        }
        return 0;
    }

    private boolean isFree(UdpSocket socket, int address, int port) {
        UdpSocket each = rows.get(row(port));
        while (each != null) {
            if (each.port == port && each.excludes(socket, address)) {
                return false;
            }
            each = each.next;
        }
        return true;
    }

    /** A socket has no port any more. */
    void release(UdpSocket socket) {
        lock.lock();
        try {
            if (socket.port != 0) {
                unlink(socket);
                socket.port = 0;
            }
        } finally {
            lock.unlock();
        }
    }

    private void unlink(UdpSocket socket) {
        int row = row(socket.port);
        UdpSocket each = rows.get(row);
        if (each == socket) {
            rows.set(row, socket.next);
            return;
        }
        while (each.next != socket) {
            each = each.next;
        }
        each.next = socket.next;
    }

    // Receiving.

    @Override
    public void receive(Packet packet, int source, int destination) {
        if (!UdpHeader.accept(memory, packet, source, destination)) {
            packet.release();
            return;
        }
        int sourcePort = UdpHeader.sourcePort(packet, 0);
        int port = UdpHeader.destinationPort(packet, 0);
        if (!ip.isLocal(destination)) {
            receiveForAll(packet, source, sourcePort, destination, port);
            return;
        }
        UdpSocket socket = find(source, sourcePort, destination, port);
        if (socket == null) {
            ip.portUnreachable(packet);
            packet.release();
            return;
        }
        packet.pull(UdpHeader.BYTES);
        socket.deliver(packet);
    }

    /** The socket that wants a datagram most; several that want it equally much share the senders (SO_REUSEPORT). */
    private UdpSocket find(int source, int sourcePort, int destination, int port) {
        UdpSocket best = null;
        int most = UdpSocket.NOT;
        int equals = 0;
        int hash = (int) (((long) source << Short.SIZE ^ sourcePort ^ secret) * SPREAD >>> Short.SIZE);
        UdpSocket each = rows.get(row(port));
        while (each != null) {
            int interest = each.interest(source, sourcePort, destination, port);
            if (interest > most) {
                best = each;
                most = interest;
                equals = 1;
            } else if (interest == most && interest != UdpSocket.NOT) {
                equals++;
                hash *= SPREAD;
                if (Integer.remainderUnsigned(hash, equals) == 0) {
                    best = each;
                }
            }
            each = each.next;
        }
        return best;
    }

    /** A datagram for all on the link: each socket gets its own. Those for groups nobody has joined. */
    private void receiveForAll(Packet packet, int source, int sourcePort, int destination, int port) {
        UdpSocket each = InternetAddress.isGroup(destination) ? null : rows.get(row(port));
        while (each != null) {
            if (each.interest(source, sourcePort, destination, port) != UdpSocket.NOT) {
                Packet copy = copyOf(packet);
                if (!copy.isNone()) {
                    copy.pull(UdpHeader.BYTES);
                    each.deliver(copy);
                }
            }
            each = each.next;
        }
        packet.release();
    }

    /** A packet with the same bytes and headers; none if there are not enough. */
    private Packet copyOf(Packet packet) {
        int header = -packet.networkHeader();
        Packet whole = ip.take();
        if (whole.isNone()) {
            return whole;
        }
        whole.setTime(packet.time());
        whole.setInterfaceIndex(packet.interfaceIndex());
        int length = header + packet.length();
        int done = Math.min(length, Packet.MOST_HEAD);
        whole.extend(done);
        packet.copyTo(-header, whole, 0, done);
        while (done < length) {
            Packet more = ip.take();
            int part = Math.min(length - done, Packet.MOST_HEAD);
            if (more.isNone()) {
                whole.release();
                return more;
            }
            more.extend(part);
            packet.copyTo(done - header, more, 0, part);
            if (!whole.absorb(more)) {
                more.release();
                whole.release();
                return Packet.NONE;
            }
            done += part;
        }
        whole.setNetworkHeader();
        whole.pull(header);
        return whole;
    }

    @Override
    public void failed(int source, int destination, long header, int error, boolean hard, int mtu) {
        int port = (int) (header >>> 48) & PORTS - 1;
        int otherPort = (int) (header >>> 32) & PORTS - 1;
        UdpSocket socket = find(destination, otherPort, source, port);
        if (socket != null && hard) {
            socket.sendFailed(destination, otherPort, error);
        }
    }
}
