package biscotti.driver.network;

/**
 * A row of packets, linked through themselves: a packet is in one row at most. Not guarded: it belongs to one thread, or to whoever holds its
 * owner's lock.
 */
public final class PacketQueue {
    private Packet first;
    private Packet last;
    private int size;

    /** An empty row. */
    public PacketQueue() {}

    /** Whether there is none. */
    public boolean isEmpty() {
        return first == null;
    }

    /** How many there are. */
    public int size() {
        return size;
    }

    /** The first one, or {@link Packet#NONE}. */
    public Packet first() {
        return first == null ? Packet.NONE : first;
    }

    /** The last one, or {@link Packet#NONE}. */
    public Packet last() {
        return last == null ? Packet.NONE : last;
    }

    /** The one that follows another, or {@link Packet#NONE}. */
    public Packet after(Packet packet) {
        return packet.next == null ? Packet.NONE : packet.next;
    }

    /** Adds one at the end. */
    public void add(Packet packet) {
        packet.next = null;
        if (last == null) {
            first = packet;
        } else {
            last.next = packet;
        }
        last = packet;
        size++;
    }

    /** Adds one at the front. */
    public void addFirst(Packet packet) {
        packet.next = first;
        first = packet;
        last = last == null ? packet : last;
        size++;
    }

    /** Adds one behind another that is here. */
    public void addAfter(Packet other, Packet packet) {
        packet.next = other.next;
        other.next = packet;
        last = last == other ? packet : last;
        size++;
    }

    /** Moves all of another row to the end of this one. */
    public void addAll(PacketQueue other) {
        if (other.first == null) {
            return;
        }
        if (last == null) {
            first = other.first;
        } else {
            last.next = other.first;
        }
        last = other.last;
        size += other.size;
        other.first = null;
        other.last = null;
        other.size = 0;
    }

    /** Takes the first one; {@link Packet#NONE} if there is none. */
    public Packet take() {
        Packet taken = first;
        if (taken == null) {
            return Packet.NONE;
        }
        first = taken.next;
        last = first == null ? null : last;
        taken.next = null;
        size--;
        return taken;
    }

    /** Takes the one that follows another, which is here; {@link Packet#NONE} if none does. */
    public Packet takeAfter(Packet other) {
        Packet taken = other.next;
        if (taken == null) {
            return Packet.NONE;
        }
        other.next = taken.next;
        last = last == taken ? other : last;
        taken.next = null;
        size--;
        return taken;
    }

    /** Gives all of them back to their pool. */
    public void release() {
        for (Packet each = take(); !each.isNone(); each = take()) {
            each.release();
        }
    }
}
