package biscotti.net.ip;

import static biscotti.abi.Errno.ENOBUFS;

import biscotti.driver.network.Packet;
import biscotti.driver.network.PacketQueue;
import biscotti.sched.InterruptThread;
import biscotti.sched.Scheduler;
import biscotti.sched.SpinLock;

/** The interface {@code lo}: what is sent comes back, on a kernel thread of its own. */
final class LoopbackInterface extends NetworkInterface {
    /** As on Linux. */
    private static final int MTU = 65536;

    private static final int ARPHRD_LOOPBACK = 772;

    /** The most packets on their way. */
    private static final int MOST_WAITING = 4096;

    private final Ip ip;
    private final SpinLock lock = new SpinLock();
    private final PacketQueue waiting = new PacketQueue();
    private final PacketQueue arrived = new PacketQueue();
    private final InterruptThread thread;

    LoopbackInterface(Scheduler scheduler, Ip ip, int index) {
        super(index, "lo", MTU);
        this.ip = ip;
        thread = new InterruptThread(scheduler, "lo", this::receive);
    }

    @Override
    public int flags() {
        return InterfaceFlags.IFF_UP | InterfaceFlags.IFF_LOOPBACK | InterfaceFlags.IFF_RUNNING;
    }

    @Override
    public int hardwareType() {
        return ARPHRD_LOOPBACK;
    }

    @Override
    public long hardwareAddress() {
        return 0;
    }

    @Override
    int send(Packet packet, int nextHop) {
        int bytes = packet.length();
        lock.acquire();
        boolean room = waiting.size() < MOST_WAITING;
        if (room) {
            waiting.add(packet);
        }
        lock.release();
        if (!room) {
            packet.release();
            countDropped();
            return -ENOBUFS;
        }
        countSent(bytes);
        thread.raise();
        return 0;
    }

    private void receive() {
        lock.acquire();
        arrived.addAll(waiting);
        lock.release();
        for (Packet packet = arrived.take(); !packet.isNone(); packet = arrived.take()) {
            countReceived(packet.length());
            packet.setInterfaceIndex(index());
            ip.receive(this, packet);
        }
    }
}
