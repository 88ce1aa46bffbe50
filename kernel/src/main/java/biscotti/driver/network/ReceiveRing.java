package biscotti.driver.network;

/**
 * Empty packets that one queue of a card receives into, for its kernel thread alone. The ring is always full: what has come is exchanged for an empty
 * packet, and if the pool has none, it is dropped, and its packet stays.
 */
public abstract class ReceiveRing {
    private final PacketPool pool;
    private volatile long missed;
    private volatile long damaged;

    /** A ring of packets of a pool. */
    protected ReceiveRing(PacketPool pool) {
        this.pool = pool;
    }

    /**
     * Takes what has come.
     *
     * @param into where to
     * @param most how many packets, at most
     */
    protected abstract void receive(PacketQueue into, int most);

    /** Takes an empty packet in exchange for one that has come; {@link Packet#NONE} if there is none, and that is counted. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the ring's thread only
    protected final Packet exchange() {
        Packet packet = pool.take();
        missed += packet.isNone() ? 1 : 0;
        return packet;
    }

    /** A packet came that is not as it was sent. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the ring's thread only
    protected final void countDamaged() {
        damaged++;
    }

    /** How many packets were dropped as the pool was empty. */
    public final long missed() {
        return missed;
    }

    /** How many packets came damaged. */
    public final long damaged() {
        return damaged;
    }
}
