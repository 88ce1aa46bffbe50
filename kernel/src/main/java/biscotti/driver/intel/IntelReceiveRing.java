package biscotti.driver.intel;

import biscotti.driver.network.NetworkCard;
import biscotti.driver.network.Packet;
import biscotti.driver.network.PacketPool;
import biscotti.driver.network.PacketQueue;
import biscotti.driver.network.ReceiveRing;
import biscotti.machine.PhysicalMemory;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;

/**
 * A ring of receive descriptors, each with an empty packet (8254x, 3.2.6; 82599, 7.1.9). The card has those from its head up to, but not including, the
 * tail: all but one. A packet that is longer than a buffer absorbs those after its first.
 */
final class IntelReceiveRing extends ReceiveRing {
    /** Guards the ring, which {@link #rearm} changes under the feet of its thread. */
    private final RankedLock lock = new RankedLock(LockRank.DEVICE);

    private final PhysicalMemory memory;
    private final DescriptorRing ring;
    private final ReceiveFormat format;
    private final Packet[] posted = new Packet[DescriptorRing.COUNT];

    /** The descriptor that the card fills next. */
    private int next;

    /** The packet that is received, of which more is to come. */
    private Packet begun = Packet.NONE;

    /** Whether what comes up to the end of a packet is dropped. */
    private boolean dropping;

    /** A ring whose descriptors are in a frame. */
    IntelReceiveRing(
            PhysicalMemory memory, PacketPool pool, RingRegisters registers, ReceiveFormat format, long frame) {
        super(pool);
        this.memory = memory;
        this.ring = new DescriptorRing(registers, frame);
        this.format = format;
    }

    RingRegisters registers() {
        return ring.registers();
    }

    /** Takes packets to receive into; false if there are not enough. */
    boolean fill() {
        for (int i = 0; i < DescriptorRing.COUNT; i++) {
            posted[i] = exchange();
            if (posted[i].isNone()) {
                return false;
            }
        }
        return true;
    }

    /** Gives the packets back of a ring that the card does not look at. */
    void empty() {
        for (int i = 0; i < DescriptorRing.COUNT; i++) {
            if (posted[i] != null && !posted[i].isNone()) {
                posted[i].release();
            }
        }
    }

    /** Begins anew with the first descriptor, while the card does not look at the ring. */
    void rearm() {
        lock.lock();
        try {
            drop();
            dropping = false;
            next = 0;
            for (int i = 0; i < DescriptorRing.COUNT; i++) {
                arm(i);
            }
            ring.place();
        } finally {
            lock.unlock();
        }
    }

    /** Gives the card its descriptors, after the ring was enabled (82599, 4.6.7). */
    void open() {
        ring.registers().setTail(DescriptorRing.LAST);
    }

    private void arm(int index) {
        memory.writeLong(ring.at(index) + Long.BYTES, 0);
        memory.writeLong(ring.at(index), posted[index].pieceAddress(0));
    }

    @Override
    protected void receive(PacketQueue into, int most) {
        lock.lock();
        try {
            int first = next;
            int status = status();
            while ((status & ReceiveFormat.DD) != 0 && into.size() < most) {
                take(status, into);
                status = status();
            }
            if (next != first) {
                ring.registers().setTail(DescriptorRing.before(next));
            }
        } finally {
            lock.unlock();
        }
    }

    private int status() {
        return memory.readIntVolatile(ring.at(next) + format.statusAt());
    }

    private void take(int status, PacketQueue into) {
        boolean last = (status & ReceiveFormat.EOP) != 0;
        int length = memory.readShort(ring.at(next) + format.lengthAt()) & 0xffff;
        Packet filled = posted[next];
        Packet fresh = exchange();
        if (fresh.isNone() || length > filled.tailRoom()) {
            if (!fresh.isNone()) {
                fresh.release();
                countDamaged();
            }
            drop();
            dropping = true;
        } else {
            posted[next] = fresh;
            filled.extend(length);
            append(filled);
        }
        arm(next);
        next = DescriptorRing.after(next);
        if (last) {
            end(status, into);
        }
    }

    private void append(Packet part) {
        if (dropping) {
            part.release();
        } else if (begun.isNone()) {
            begun = part;
        } else if (!begun.absorb(part)) {
            part.release();
            countDamaged();
            drop();
            dropping = true;
        }
    }

    private void end(int status, PacketQueue into) {
        if (!begun.isNone() && (format.isDamaged(status) || begun.length() < NetworkCard.ETHERNET_HEADER)) {
            countDamaged();
            drop();
        }
        if (!begun.isNone()) {
            if (format.isVerified(status)) {
                begun.setVerified();
            }
            into.add(begun);
        }
        begun = Packet.NONE;
        dropping = false;
    }

    private void drop() {
        if (!begun.isNone()) {
            begun.release();
            begun = Packet.NONE;
        }
    }
}
