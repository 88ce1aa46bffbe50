package biscotti.net.ip;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.ENOBUFS;

import biscotti.driver.network.NetworkCard;
import biscotti.driver.network.Packet;
import biscotti.driver.network.PacketQueue;
import biscotti.driver.network.PacketReceiver;
import biscotti.machine.Processors;

/** An interface by a network card: IP and ARP over Ethernet (RFC 894, RFC 826). */
final class EthernetInterface extends NetworkInterface implements PacketReceiver {
    private static final int ARPHRD_ETHER = 1;
    private static final int HEADER = NetworkCard.ETHERNET_HEADER;
    private static final int SOURCE = 6;
    private static final int TYPE = 12;
    private static final int TYPE_IP = 0x0800;
    private static final int TYPE_ARP = 0x0806;
    private static final long ALL = 0xffff_ffff_ffffL;

    /** The bit of an address's first byte that says that it is a group's. */
    private static final long GROUP = 1L << 40;

    /** What the addresses of groups begin with (RFC 1112, 6.4), and the bits of the group that follow. */
    private static final long GROUP_PREFIX = 0x0100_5e00_0000L;

    private static final int GROUP_BITS = 0x7f_ffff;

    private final Ip ip;
    private final NetworkCard card;
    private final Processors processors;
    private final ArpTable neighbours = new ArpTable();
    private final TransmitBacklog[] backlogs;

    /** The interface of a card that is not started yet. */
    EthernetInterface(Ip ip, Processors processors, NetworkCard card, int index, String name) {
        super(index, name, NetworkCard.USUAL_MTU);
        this.ip = ip;
        this.processors = processors;
        this.card = card;
        backlogs = new TransmitBacklog[card.features().queues()];
        for (int i = 0; i < backlogs.length; i++) {
            backlogs[i] = new TransmitBacklog(card, i);
        }
    }

    @Override
    public int flags() {
        return InterfaceFlags.IFF_UP
                | InterfaceFlags.IFF_BROADCAST
                | InterfaceFlags.IFF_MULTICAST
                | (card.linkUp() ? InterfaceFlags.IFF_RUNNING : 0);
    }

    @Override
    public int hardwareType() {
        return ARPHRD_ETHER;
    }

    @Override
    public long hardwareAddress() {
        return card.hardwareAddress();
    }

    // Sending.

    @Override
    int send(Packet packet, int nextHop) {
        if (nextHop == InternetAddress.BROADCAST) {
            return transmit(packet, ALL, TYPE_IP);
        }
        if (InternetAddress.isGroup(nextHop)) {
            return transmit(packet, GROUP_PREFIX | nextHop & GROUP_BITS, TYPE_IP);
        }
        long answer = neighbours.resolve(packet, nextHop, ip.now());
        if ((answer & ArpTable.ASK) != 0) {
            ask(nextHop);
        }
        return (answer & ArpTable.KNOWN) == 0 ? 0 : transmit(packet, answer & ALL, TYPE_IP);
    }

    private void ask(int address) {
        ip.housekeeping().want();
        Packet request = ip.take();
        if (!request.isNone()) {
            ArpMessage.write(request, ArpMessage.REQUEST, hardwareAddress(), address(), 0, address);
            transmit(request, ALL, TYPE_ARP);
        }
    }

    /** Puts the header of Ethernet before a packet, and gives it to the card. */
    private int transmit(Packet packet, long destination, int type) {
        if (!card.features().checksum()) {
            packet.fillChecksum();
        }
        packet.push(HEADER);
        LinkAddress.write(packet, 0, destination);
        LinkAddress.write(packet, SOURCE, hardwareAddress());
        packet.writeShort(TYPE, type);
        int bytes = packet.length();
        int error = backlogs[processors.current() % backlogs.length].send(packet);
        if (error == 0) {
            countSent(bytes);
            return 0;
        }
        countDropped();
        return error == -EAGAIN ? -ENOBUFS : error;
    }

    @Override
    public void canSend(int queue) {
        backlogs[queue].drain();
    }

    @Override
    public void linkChanged() {}

    // Receiving.

    @Override
    public void receive(int queue, PacketQueue packets) {
        for (Packet packet = packets.take(); !packet.isNone(); packet = packets.take()) {
            countReceived(packet.length());
            packet.setInterfaceIndex(index());
            receive(packet);
        }
    }

    private void receive(Packet packet) {
        if (packet.length() <= HEADER || !packet.gather(HEADER) || !isForUs(packet)) {
            packet.release();
            return;
        }
        int type = packet.readShort(TYPE);
        packet.setLinkHeader();
        packet.pull(HEADER);
        switch (type) {
            case TYPE_IP -> ip.receive(this, packet);
            case TYPE_ARP -> receiveArp(packet);
            default -> packet.release();
        }
    }

    private boolean isForUs(Packet packet) {
        long destination = LinkAddress.read(packet, 0);
        return destination == hardwareAddress() || (destination & GROUP) != 0;
    }

    /** RFC 826, "Packet Reception". */
    private void receiveArp(Packet packet) {
        if (!ArpMessage.isSound(packet)) {
            packet.release();
            return;
        }
        int sender = ArpMessage.sender(packet);
        long link = ArpMessage.senderLink(packet);
        boolean forUs = address() != InternetAddress.ANY && ArpMessage.target(packet) == address();
        boolean request = ArpMessage.operation(packet) == ArpMessage.REQUEST;
        if (Ip.isOneHost(sender) && sender != address() && (link & GROUP) == 0) {
            PacketQueue sendable = new PacketQueue();
            neighbours.heard(sender, link, forUs && request, ip.now(), sendable);
            for (Packet each = sendable.take(); !each.isNone(); each = sendable.take()) {
                transmit(each, link, TYPE_IP);
            }
        }
        if (forUs && request) {
            packet.trim(0);
            ArpMessage.write(packet, ArpMessage.REPLY, hardwareAddress(), address(), link, sender);
            transmit(packet, link, TYPE_ARP);
            return;
        }
        packet.release();
    }

    /** Each second: asks again who has not answered; whether somebody still has not. */
    boolean keepHouse(long now) {
        boolean more = false;
        PacketQueue lost = new PacketQueue();
        for (int place = 0; place < ArpTable.places(); place++) {
            int address = neighbours.dueAt(place, lost);
            if (address != InternetAddress.ANY) {
                ask(address);
                more = true;
            }
        }
        for (Packet each = lost.take(); !each.isNone(); each = lost.take()) {
            ip.hostUnreachable(each);
        }
        return more;
    }
}
