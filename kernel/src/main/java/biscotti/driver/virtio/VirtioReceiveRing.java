package biscotti.driver.virtio;

import biscotti.driver.network.NetworkCard;
import biscotti.driver.network.Packet;
import biscotti.driver.network.PacketPool;
import biscotti.driver.network.PacketQueue;
import biscotti.driver.network.ReceiveRing;
import biscotti.machine.PhysicalMemory;

/**
 * The packets that a virtio network card receives into (VIRTIO, 5.1.6.3 and 5.1.6.4): a descriptor for each. A packet that lies in several buffers
 * (MRG_RXBUF) absorbs those after the first.
 */
final class VirtioReceiveRing extends ReceiveRing {
    private static final int BUFFER_BYTES = VirtioPacketHeader.BYTES + Packet.MOST_HEAD;

    private final PhysicalMemory memory;
    private final VirtioTransport transport;
    private final int number;
    private final SplitQueue queue;
    private final boolean several;
    private final Packet[] posted;
    private boolean bell;

    /** The packet that is received, of which more buffers are to come. */
    private Packet begun = Packet.NONE;

    private int missing;

    /** A ring by a queue, whose packets may lie in {@code several} buffers, or not. */
    VirtioReceiveRing(
            PhysicalMemory memory,
            PacketPool pool,
            VirtioTransport transport,
            int number,
            SplitQueue queue,
            boolean several) {
        super(pool);
        this.memory = memory;
        this.transport = transport;
        this.number = number;
        this.queue = queue;
        this.several = several;
        posted = new Packet[queue.size()];
    }

    SplitQueue queue() {
        return queue;
    }

    /** Fills the ring; false if there are not enough packets. The device is told by {@link #tell}. */
    boolean fill() {
        for (int slot = 0; slot < posted.length; slot++) {
            Packet packet = exchange();
            if (packet.isNone()) {
                return false;
            }
            post(slot, packet);
        }
        return true;
    }

    /** Gives back the packets of a ring that the device never looked at. */
    void empty() {
        for (int slot = 0; slot < posted.length; slot++) {
            if (posted[slot] != null) {
                posted[slot].release();
                posted[slot] = null;
            }
        }
    }

    /** Tells the device of packets that it may receive into. */
    void tell() {
        if (bell) {
            bell = false;
            transport.notifyDevice(number);
        }
    }

    private void post(int slot, Packet packet) {
        packet.reserve(Packet.HEAD_ROOM - VirtioPacketHeader.BYTES);
        posted[slot] = packet;
        queue.describe(queue.descriptors(), slot, packet.pieceAddress(0), BUFFER_BYTES, true, true);
        bell |= queue.offer(slot);
    }

    @Override
    protected void receive(PacketQueue into, int most) {
        int slot = into.size() < most ? queue.take() : -1;
        while (slot >= 0 && slot < posted.length) {
            take(slot, queue.takenLength(), into);
            slot = into.size() < most ? queue.take() : -1;
        }
        tell();
    }

    private void take(int slot, int length, PacketQueue into) {
        Packet filled = posted[slot];
        Packet fresh = exchange();
        if (fresh.isNone() || length < 0 || length > BUFFER_BYTES) {
            skip(slot, filled, fresh);
            return;
        }
        post(slot, fresh);
        filled.extend(length);
        if (missing == 0) {
            begin(filled);
        } else {
            goOn(filled);
        }
        if (missing == 0 && !begun.isNone()) {
            into.add(begun);
            begun = Packet.NONE;
        }
    }

    /** Leaves a buffer where it is, and drops the packet that it is part of. */
    private void skip(int slot, Packet filled, Packet fresh) {
        if (!fresh.isNone()) {
            fresh.release();
            countDamaged();
        }
        missing = missing > 0 ? missing - 1 : several ? VirtioPacketHeader.buffers(memory, filled) - 1 : 0;
        drop();
        post(slot, filled);
    }

    private void begin(Packet first) {
        boolean whole = first.length() >= VirtioPacketHeader.BYTES + NetworkCard.ETHERNET_HEADER;
        missing = whole && several ? VirtioPacketHeader.buffers(memory, first) - 1 : 0;
        begun = first;
        if (!whole || !VirtioPacketHeader.pull(memory, first)) {
            countDamaged();
            drop();
        }
    }

    private void goOn(Packet part) {
        missing--;
        if (begun.isNone()) {
            part.release();
        } else if (!begun.absorb(part)) {
            part.release();
            countDamaged();
            drop();
        }
    }

    /** Drops what has come of a packet; the rest will be dropped, too. */
    private void drop() {
        if (!begun.isNone()) {
            begun.release();
            begun = Packet.NONE;
        }
    }
}
