package biscotti.net.ip;

import biscotti.driver.network.Packet;
import biscotti.driver.network.PacketQueue;
import biscotti.sched.SpinLock;

/**
 * Which address on the link a neighbour has (RFC 826; RFC 1122, 2.3.2). An answer is believed for a minute; then the neighbour is asked again while
 * packets go on to where it was. A few packets wait for an answer that has not come.
 */
final class ArpTable {
    /** In what {@link #resolve} says: the neighbour's address on the link is in the low 48 bits. Else the packet waits for it. */
    static final long KNOWN = 1L << 48;

    /** In what {@link #resolve} says: the neighbour is to be asked. */
    static final long ASK = 1L << 49;

    private static final long UNKNOWN = -1;

    private static final int ENTRIES = 256;

    /** An address may be in this many places. */
    private static final int WAYS = 8;

    private static final int MOST_WAITING = 3;
    private static final int MOST_REQUESTS = 3;
    private static final long FRESH_NANOS = 60_000_000_000L;
    private static final int HASH = 0x9e37_79b1;

    /** A neighbour: known if it has a link address, asked for if there were requests. */
    private static final class Neighbour {
        private final PacketQueue waiting = new PacketQueue();
        private int address;
        private long link = UNKNOWN;
        private long confirmed;
        private long used;
        private int requests;

        boolean isFree() {
            return address == InternetAddress.ANY;
        }

        void forget() {
            waiting.release();
            address = InternetAddress.ANY;
            link = UNKNOWN;
            requests = 0;
        }
    }

    private final SpinLock lock = new SpinLock();
    private final Neighbour[] neighbours = new Neighbour[ENTRIES];

    ArpTable() {
        for (int i = 0; i < ENTRIES; i++) {
            neighbours[i] = new Neighbour();
        }
    }

    private static int place(int address, int way) {
        return (address * HASH >>> 16) + way & ENTRIES - 1;
    }

    /** The neighbour with an address; null if it is not here. The lock is held. */
    private Neighbour at(int address) {
        for (int way = 0; way < WAYS; way++) {
            Neighbour each = neighbours[place(address, way)];
            if (each.address == address) {
                return each;
            }
        }
        return null;
    }

    /** A place for a new one: a free one, or that of the one that was not used for longest. The lock is held. */
    private Neighbour add(int address) {
        Neighbour best = neighbours[place(address, 0)];
        for (int way = 1; way < WAYS && !best.isFree(); way++) {
            Neighbour each = neighbours[place(address, way)];
            if (each.isFree() || each.used < best.used) {
                best = each;
            }
        }
        best.forget();
        best.address = address;
        return best;
    }

    /**
     * For a packet to a neighbour: where that is, or was when it was last heard of. If that is not known, the packet waits here, and is
     * released when it waits in vain, or others come that wait, too.
     *
     * @return {@link #KNOWN} with the address, {@link #ASK}, both or neither
     */
    long resolve(Packet packet, int address, long now) {
        Packet tooMuch = Packet.NONE;
        lock.acquire();
        Neighbour neighbour = at(address);
        if (neighbour == null) {
            neighbour = add(address);
        }
        neighbour.used = now;
        long answer = neighbour.link == UNKNOWN ? 0 : KNOWN | neighbour.link;
        boolean fresh = answer != 0 && now - neighbour.confirmed < FRESH_NANOS;
        if (!fresh && neighbour.requests == 0) {
            neighbour.requests = 1;
            answer |= ASK;
        }
        if ((answer & KNOWN) == 0) {
            if (neighbour.waiting.size() == MOST_WAITING) {
                tooMuch = neighbour.waiting.take();
            }
            neighbour.waiting.add(packet);
        }
        lock.release();
        if (!tooMuch.isNone()) {
            tooMuch.release();
        }
        return answer;
    }

    /**
     * A neighbour has told its address.
     *
     * @param create whether one that is not here is noted
     * @param sendable gets the packets that have waited for it
     */
    void heard(int address, long link, boolean create, long now, PacketQueue sendable) {
        lock.acquire();
        Neighbour neighbour = at(address);
        if (neighbour == null && create) {
            neighbour = add(address);
            neighbour.used = now;
        }
        if (neighbour != null) {
            neighbour.link = link;
            neighbour.confirmed = now;
            neighbour.requests = 0;
            sendable.addAll(neighbour.waiting);
        }
        lock.release();
    }

    /** How many places there are, for {@link #dueAt}. */
    static int places() {
        return ENTRIES;
    }

    /**
     * Each second, for each place: the neighbour to be asked again.
     *
     * @param lost gets the packets for one that has not answered, and is forgotten
     * @return {@link InternetAddress#ANY} if none is to be asked there
     */
    int dueAt(int place, PacketQueue lost) {
        int due = InternetAddress.ANY;
        lock.acquire();
        Neighbour neighbour = neighbours[place];
        if (neighbour.requests >= MOST_REQUESTS) {
            lost.addAll(neighbour.waiting);
            neighbour.forget();
        } else if (neighbour.requests > 0) {
            neighbour.requests++;
            due = neighbour.address;
        }
        lock.release();
        return due;
    }

    /** The address of the neighbour at a place; {@link InternetAddress#ANY} if there is none. */
    int addressAt(int place) {
        return neighbours[place].address;
    }
}
