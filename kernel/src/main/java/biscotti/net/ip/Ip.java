package biscotti.net.ip;

import static biscotti.abi.Errno.EMSGSIZE;
import static biscotti.abi.Errno.ENETUNREACH;

import biscotti.abi.Errno;
import biscotti.driver.network.NetworkCard;
import biscotti.driver.network.Packet;
import biscotti.driver.network.PacketPool;
import biscotti.machine.Clock;
import biscotti.machine.Machine;
import biscotti.machine.Processors;
import biscotti.sched.Scheduler;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * IP, version 4, of a host (RFC 791; RFC 1122, 3): it does not forward. Packets that come go to their transport, on the thread that received them; what is sent goes to
 * its route's interface, on the caller's.
 */
public final class Ip implements IpOutput {
    private final PacketPool pool;
    private final Clock clock;
    private final Processors processors;
    private final Interfaces interfaces;
    private final RouteTable routes = new RouteTable();
    private final Reassembly reassembly = new Reassembly();
    private final Fragmentation fragmentation;
    private final Housekeeping housekeeping;
    private final Icmp icmp;
    private final Transport[] transports = new Transport[Protocols.COUNT];
    private final AtomicInteger identification;
    private final LoopbackInterface loopback;
    private volatile RawReceiver raw = RawReceiver.NONE;

    /** IP with the loopback interface, and no transport but ICMP. */
    public Ip(Machine machine, Scheduler scheduler, PacketPool pool) {
        this.pool = pool;
        clock = machine.clock();
        processors = machine.processors();
        fragmentation = new Fragmentation(pool);
        identification = new AtomicInteger((int) machine.entropy().nextLong());
        icmp = new Icmp(this, machine.memory());
        transports[Protocols.ICMP] = icmp;
        interfaces = new Interfaces();
        housekeeping = new Housekeeping(scheduler, this);
        loopback = new LoopbackInterface(scheduler, this, interfaces.nextIndex());
        loopback.configure(InternetAddress.LOOPBACK, Byte.SIZE);
        interfaces.add(loopback);
    }

    /**
     * Has packets be sent and received by a card, whose interface has no address yet, and starts it; at boot, on a kernel thread.
     *
     * @return its interface; none if there are too many
     */
    public Optional<NetworkInterface> attach(NetworkCard card) {
        if (!interfaces.hasRoom()) {
            return Optional.empty();
        }
        int index = interfaces.nextIndex();
        String name = "eth" + (index - loopback.index() - 1);
        EthernetInterface added = new EthernetInterface(this, processors, card, index, name);
        interfaces.add(added);
        card.start(added);
        return Optional.of(added);
    }

    /** How many kernel threads it has of its own. */
    public static int threads() {
        return 2;
    }

    /** All interfaces. */
    public Interfaces interfaces() {
        return interfaces;
    }

    /** All routes but those to this machine itself. */
    public RouteTable routes() {
        return routes;
    }

    /** Does each second what has to be done by time. */
    Housekeeping housekeeping() {
        return housekeeping;
    }

    /** The monotonic clock. */
    long now() {
        return clock.monotonicNanos();
    }

    /** A transport is there; at boot. */
    public void register(int protocol, Transport transport) {
        transports[protocol] = transport;
    }

    /** Somebody wants to see all packets; at boot. */
    public void setRawReceiver(RawReceiver receiver) {
        raw = receiver;
    }

    /** The transport of a protocol; one that takes nothing if there is none. */
    Transport transport(int protocol) {
        Transport found = transports[protocol];
        return found == null ? icmp : found;
    }

    @Override
    public Packet take() {
        return pool.take();
    }

    // Addresses and routes.

    @Override
    public boolean isLocal(int address) {
        return InternetAddress.isLoopback(address) || interfaces.hasAddress(address);
    }

    /** Whether an address is for all, here or on the link of an interface. */
    public boolean isBroadcast(int address) {
        return address == InternetAddress.BROADCAST || interfaces.isBroadcast(address);
    }

    /** Whether an address may be the source of a packet: it is of one host. */
    static boolean isOneHost(int address) {
        return address >>> 24 != 0 && !InternetAddress.isGroup(address) && address != InternetAddress.BROADCAST;
    }

    @Override
    public long sourceFor(int destination) {
        if (InternetAddress.isLoopback(destination)) {
            return InternetAddress.LOOPBACK;
        }
        if (isLocal(destination)) {
            return Integer.toUnsignedLong(destination);
        }
        Route route = routes.find(destination);
        return route == null
                ? -ENETUNREACH
                : Integer.toUnsignedLong(route.device().address());
    }

    @Override
    public int mtuTo(int destination) {
        if (isLocal(destination)) {
            return loopback.mtu();
        }
        Route route = routes.find(destination);
        return route == null ? -ENETUNREACH : route.device().mtu();
    }

    // Sending.

    @Override
    public int send(Packet packet, int protocol, int source, int destination, int service, int timeToLive, int flags) {
        boolean whole = (flags & DO_NOT_FRAGMENT) != 0;
        int number = whole ? 0 : identification.getAndIncrement();
        packet.push(IpHeader.BYTES);
        IpHeader.write(
                packet, service, number, whole ? IpHeader.DONT_FRAGMENT : 0, timeToLive, protocol, source, destination);
        return route(packet, destination, whole);
    }

    /**
     * Sends a packet that begins with a header of a program's making (raw(7)).
     *
     * @param source in place of one that it has not
     * @return as {@link #send}; -EINVAL for a header that has no sense
     */
    public int sendWithHeader(Packet packet, int source) {
        if (packet.headLength() < IpHeader.BYTES || IpHeader.length(packet, 0) > packet.headLength()) {
            packet.release();
            return -Errno.EINVAL;
        }
        IpHeader.complete(packet, source, identification.getAndIncrement());
        return route(packet, IpHeader.destination(packet, 0), true);
    }

    private int route(Packet packet, int destination, boolean whole) {
        if (isLocal(destination)) {
            return transmit(loopback, packet, destination, whole);
        }
        Route route = routes.find(destination);
        if (route == null && destination == InternetAddress.BROADCAST) {
            return broadcast(packet);
        }
        if (route == null) {
            packet.release();
            return -ENETUNREACH;
        }
        boolean all = destination == InternetAddress.BROADCAST || route.device().isBroadcast(destination);
        int nextHop = all
                ? InternetAddress.BROADCAST
                : InternetAddress.isGroup(destination) ? destination : route.nextHop(destination);
        return transmit(route.device(), packet, nextHop, whole);
    }

    /** To all, while there is no route yet: by the first interface that has a link of its own. */
    private int broadcast(Packet packet) {
        for (int i = 0; i < interfaces.count(); i++) {
            NetworkInterface each = interfaces.at(i);
            if ((each.flags() & InterfaceFlags.IFF_BROADCAST) != 0) {
                return transmit(each, packet, InternetAddress.BROADCAST, true);
            }
        }
        packet.release();
        return -ENETUNREACH;
    }

    /** Sends a packet that begins with its header by an interface, in fragments if need be and if it may. */
    private int transmit(NetworkInterface device, Packet packet, int nextHop, boolean whole) {
        if (packet.length() <= device.mtu() || packet.segmentSize() > 0) {
            return device.send(packet, nextHop);
        }
        if (whole) {
            packet.release();
            return -EMSGSIZE;
        }
        packet.fillChecksum();
        return fragmentation.send(device, packet, nextHop);
    }

    // Receiving.

    /** Takes a packet that came by an interface and begins with the header of IP; on a kernel thread, with no lock held. */
    void receive(NetworkInterface device, Packet packet) {
        if (!IpHeader.isSound(packet)) {
            packet.release();
            return;
        }
        packet.trim(IpHeader.totalLength(packet, 0));
        int source = IpHeader.source(packet, 0);
        int destination = IpHeader.destination(packet, 0);
        if (!isForUs(device, source, destination)) {
            packet.release();
            return;
        }
        int fragment = IpHeader.fragment(packet, 0);
        if ((fragment & (IpHeader.MORE_FRAGMENTS | IpHeader.FRAGMENT_OFFSET)) != 0) {
            Packet whole = reassembly.add(packet, now());
            housekeeping.want();
            if (!whole.isNone()) {
                deliver(whole, source, destination);
            }
            return;
        }
        deliver(packet, source, destination);
    }

    /** RFC 1122, 3.2.1.3: what nobody can have sent, or is for somebody else, is dropped. */
    private boolean isForUs(NetworkInterface device, int source, int destination) {
        boolean inside = device == loopback;
        boolean plausible = source == InternetAddress.ANY
                ? !inside && !isOneHost(destination)
                : isOneHost(source) && !isBroadcast(source);
        boolean leaked = !inside && (InternetAddress.isLoopback(source) || InternetAddress.isLoopback(destination));
        boolean ours = isLocal(destination) || isBroadcast(destination) || InternetAddress.isGroup(destination);
        return plausible && !leaked && ours;
    }

    private void deliver(Packet packet, int source, int destination) {
        int protocol = IpHeader.protocol(packet, 0);
        packet.setNetworkHeader();
        boolean seen = raw.see(packet, protocol);
        packet.pull(IpHeader.length(packet, 0));
        Transport transport = transports[protocol];
        if (transport != null) {
            transport.receive(packet, source, destination);
            return;
        }
        if (!seen) {
            icmp.unreachable(packet, Icmp.PROTOCOL);
        }
        packet.release();
    }

    /** A packet came to a port that nobody has: its sender is told. It stays the caller's. */
    public void portUnreachable(Packet packet) {
        icmp.unreachable(packet, Icmp.PORT);
    }

    /** A packet of this machine, which begins with its header, cannot reach the host on the link: its transport is told, and it is released. */
    void hostUnreachable(Packet packet) {
        int behind = IpHeader.length(packet, 0);
        if (packet.gather(behind + Long.BYTES)) {
            transport(IpHeader.protocol(packet, 0))
                    .failed(
                            IpHeader.source(packet, 0),
                            IpHeader.destination(packet, 0),
                            packet.readLong(behind),
                            Errno.EHOSTUNREACH,
                            false,
                            0);
        }
        packet.release();
    }

    /** Drops all fragments that wait for others. */
    void dropFragments() {
        reassembly.expire(Long.MAX_VALUE);
    }

    /** What is done each second; whether there is more to do. */
    boolean keepHouse() {
        long now = now();
        boolean more = reassembly.expire(now);
        for (int i = 0; i < interfaces.count(); i++) {
            if (interfaces.at(i) instanceof EthernetInterface ethernet) {
                more |= ethernet.keepHouse(now);
            }
        }
        return more;
    }
}
