package biscotti.net.ip;

import static biscotti.abi.Errno.EAGAIN;

import biscotti.driver.network.NetworkCard;
import biscotti.driver.network.Packet;
import biscotti.driver.network.PacketQueue;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;

/** Packets that wait until a queue of a card has room: in their order, and not too many. */
final class TransmitBacklog {
    /** As Linux's txqueuelen. */
    private static final int MOST = 1000;

    private final NetworkCard card;
    private final int queue;
    private final RankedLock lock = new RankedLock(LockRank.TRANSMIT);
    private final PacketQueue waiting = new PacketQueue();

    TransmitBacklog(NetworkCard card, int queue) {
        this.card = card;
        this.queue = queue;
    }

    /**
     * Sends a packet now or later. It is taken in any case.
     *
     * @return 0; -EAGAIN if too many wait, -ENETDOWN, -EMSGSIZE
     */
    int send(Packet packet) {
        lock.lock();
        int error = waiting.isEmpty() ? card.send(queue, packet, false) : -EAGAIN;
        if (error == -EAGAIN && waiting.size() < MOST) {
            waiting.add(packet);
            error = 0;
        }
        lock.unlock();
        if (error < 0) {
            packet.release();
        }
        return error;
    }

    /** The card has room again. */
    void drain() {
        lock.lock();
        boolean room = true;
        while (room && !waiting.isEmpty()) {
            Packet packet = waiting.take();
            int error = card.send(queue, packet, !waiting.isEmpty());
            room = error != -EAGAIN;
            if (!room) {
                waiting.addFirst(packet);
            } else if (error < 0) {
                packet.release();
            }
        }
        lock.unlock();
    }
}
