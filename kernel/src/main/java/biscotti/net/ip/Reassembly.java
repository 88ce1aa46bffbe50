package biscotti.net.ip;

import biscotti.driver.network.Packet;
import biscotti.driver.network.PacketQueue;
import biscotti.sched.SpinLock;

/**
 * Puts datagrams together that came in fragments (RFC 791, 3.2; RFC 815). A datagram whose fragments overlap is dropped (RFC 5722 has it so for the other
 * version of IP; attacks are the same). The number of datagrams that wait is bounded: the oldest one goes for a new one.
 */
final class Reassembly {
    /** How long fragments wait for the others: Linux's net.ipv4.ipfrag_time. */
    static final long TIMEOUT_NANOS = 30_000_000_000L;

    private static final int MOST_DATAGRAMS = 32;
    private static final int UNIT = 8;

    /** One datagram: its fragments, without headers but for the first, in order; the tag of each is where its payload begins. */
    private static final class Datagram {
        private final PacketQueue pieces = new PacketQueue();
        private boolean used;
        private int source;
        private int destination;
        private int identification;
        private int protocol;
        private long since;
        private int payload;
        private int end;

        boolean is(Packet packet) {
            return used
                    && source == IpHeader.source(packet, 0)
                    && destination == IpHeader.destination(packet, 0)
                    && identification == IpHeader.identification(packet, 0)
                    && protocol == IpHeader.protocol(packet, 0);
        }

        void begin(Packet packet, long now) {
            used = true;
            source = IpHeader.source(packet, 0);
            destination = IpHeader.destination(packet, 0);
            identification = IpHeader.identification(packet, 0);
            protocol = IpHeader.protocol(packet, 0);
            since = now;
            payload = 0;
            end = -1;
        }

        void drop() {
            pieces.release();
            used = false;
        }
    }

    private final SpinLock lock = new SpinLock();
    private final Datagram[] datagrams = new Datagram[MOST_DATAGRAMS];

    Reassembly() {
        for (int i = 0; i < datagrams.length; i++) {
            datagrams[i] = new Datagram();
        }
    }

    /**
     * Takes a fragment, which begins with its header.
     *
     * @return the whole datagram, if this was what it lacked; else {@link Packet#NONE}
     */
    Packet add(Packet packet, long now) {
        lock.acquire();
        Datagram datagram = find(packet, now);
        Packet whole = Packet.NONE;
        if (!insert(datagram, packet)) {
            packet.release();
            datagram.drop();
        } else if (datagram.payload == datagram.end) {
            whole = join(datagram);
        }
        lock.release();
        return whole;
    }

    /** Drops what has waited too long; says whether something still waits. */
    boolean expire(long now) {
        boolean waiting = false;
        lock.acquire();
        for (Datagram each : datagrams) {
            if (each.used && now - each.since >= TIMEOUT_NANOS) {
                each.drop();
            }
            waiting |= each.used;
        }
        lock.release();
        return waiting;
    }

    private Datagram find(Packet packet, long now) {
        Datagram oldest = datagrams[0];
        for (Datagram each : datagrams) {
            if (each.is(packet)) {
                return each;
            }
            if (oldest.used && (!each.used || each.since < oldest.since)) {
                oldest = each;
            }
        }
        oldest.drop();
        oldest.begin(packet, now);
        return oldest;
    }

    /** Puts a fragment where it belongs; false if it makes no sense. */
    private static boolean insert(Datagram datagram, Packet packet) {
        int fragment = IpHeader.fragment(packet, 0);
        int header = IpHeader.length(packet, 0);
        int start = (fragment & IpHeader.FRAGMENT_OFFSET) * UNIT;
        int length = packet.length() - header;
        int end = start + length;
        boolean last = (fragment & IpHeader.MORE_FRAGMENTS) == 0;
        if (length == 0
                || !last && length % UNIT != 0
                || end > IpHeader.MOST_DATAGRAM - header
                || datagram.end >= 0 && (last || end > datagram.end)) {
            return false;
        }
        Packet before = Packet.NONE;
        Packet after = datagram.pieces.first();
        while (!after.isNone() && after.tag() < start) {
            before = after;
            after = datagram.pieces.after(after);
        }
        boolean overlaps = !before.isNone() && before.tag() + payloadOf(before) > start
                || !after.isNone() && (last || after.tag() < end);
        if (overlaps) {
            return false;
        }
        if (start > 0) {
            packet.pull(header);
        }
        packet.setTag(start);
        if (before.isNone()) {
            datagram.pieces.addFirst(packet);
        } else {
            datagram.pieces.addAfter(before, packet);
        }
        datagram.payload += length;
        if (last) {
            datagram.end = end;
        }
        return true;
    }

    private static long payloadOf(Packet piece) {
        return piece.tag() == 0 ? piece.length() - IpHeader.length(piece, 0) : piece.length();
    }

    /** Makes one packet of all pieces; none if they are too many for one. */
    private static Packet join(Datagram datagram) {
        Packet whole = datagram.pieces.take();
        boolean fits = true;
        while (!datagram.pieces.isEmpty()) {
            Packet piece = datagram.pieces.take();
            if (!fits || !whole.absorb(piece)) {
                piece.release();
                fits = false;
            }
        }
        datagram.used = false;
        if (!fits) {
            whole.release();
            return Packet.NONE;
        }
        whole.setTag(0);
        IpHeader.becomeWhole(whole);
        return whole;
    }
}
