package biscotti.net.ip;

import biscotti.driver.network.CardCounters;
import biscotti.driver.network.CardFeatures;
import biscotti.driver.network.NetworkCard;
import biscotti.driver.network.Packet;
import biscotti.driver.network.PacketPool;
import biscotti.driver.network.PacketQueue;
import biscotti.driver.network.PacketReceiver;
import biscotti.sched.InterruptThread;
import biscotti.sched.Scheduler;
import biscotti.sched.SpinLock;

/** A card at one end of a wire: what is sent is received at the other end, on a kernel thread of that. */
public final class WireCard extends NetworkCard {
    private static final int MOST_PIECES = 64;

    private final long address;
    private final PacketPool pool;
    private final SpinLock lock = new SpinLock();
    private final PacketQueue waiting = new PacketQueue();
    private final PacketQueue arrived = new PacketQueue();
    private final InterruptThread thread;
    private volatile WireCard other;
    private volatile PacketReceiver receiver;

    /** An end of a wire that is not joined yet. */
    public WireCard(Scheduler scheduler, PacketPool pool, long address) {
        this.address = address;
        this.pool = pool;
        thread = new InterruptThread(scheduler, "wire", this::serve);
    }

    /** Joins two ends; a card that is not joined sends into nowhere. */
    public static void join(WireCard one, WireCard two) {
        one.other = two;
        two.other = one;
    }

    private void serve() {
        lock.acquire();
        arrived.addAll(waiting);
        lock.release();
        receiver.receive(0, arrived);
    }

    @Override
    public String description() {
        return "wire";
    }

    @Override
    public long hardwareAddress() {
        return address;
    }

    @Override
    public CardFeatures features() {
        return new CardFeatures(1, false, false, false, USUAL_MTU, MOST_PIECES);
    }

    @Override
    public void start(PacketReceiver newReceiver) {
        receiver = newReceiver;
    }

    @Override
    public int send(int queue, Packet packet, boolean more) {
        WireCard to = other;
        Packet copy = to == null ? Packet.NONE : pool.take();
        if (!copy.isNone()) {
            byte[] bytes = new byte[packet.length()];
            packet.copyOut(0, bytes, 0, bytes.length);
            copy.extend(bytes.length);
            copy.copyIn(0, bytes, 0, bytes.length);
            to.lock.acquire();
            to.waiting.add(copy);
            to.lock.release();
            to.thread.raise();
        }
        packet.release();
        return 0;
    }

    @Override
    public boolean linkUp() {
        return true;
    }

    @Override
    public int linkSpeed() {
        return 0;
    }

    @Override
    public void setPromiscuous(boolean on) {}

    @Override
    public int setMtu(int bytes) {
        return 0;
    }

    @Override
    public int threads() {
        return 1;
    }

    @Override
    public CardCounters counters() {
        throw new AssertionError("nobody asks a wire");
    }
}
