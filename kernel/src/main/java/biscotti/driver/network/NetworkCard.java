package biscotti.driver.network;

/**
 * A network card for Ethernet. Its driver has a kernel thread for each queue, which an interrupt wakes; packets that are received go from there to the
 * {@link PacketReceiver}. Sending is done on the caller's thread. All methods may be called by several threads.
 */
public abstract class NetworkCard {
    /** Bytes of the header of an Ethernet frame. */
    public static final int ETHERNET_HEADER = 14;

    /** Bytes before a packet that is sent, which a card may need. */
    public static final int HEAD_ROOM = 16;

    /** The MTU of a card that nobody has set another for. */
    public static final int USUAL_MTU = 1500;

    /** For subclasses. */
    protected NetworkCard() {}

    /** What it is and where it was found, for the log: {@code 82574L at 00:02.0}. */
    public abstract String description();

    /** Its own address, in the low 48 bits, the first byte highest. */
    public abstract long hardwareAddress();

    /** What it can do. */
    public abstract CardFeatures features();

    /** Begins to receive. Once, before the first {@link #send}, on a kernel thread. */
    public abstract void start(PacketReceiver receiver);

    /**
     * Sends a packet, an Ethernet frame without its check sequence. On success the packet is the card's.
     *
     * @param queue less than {@link CardFeatures#queues}
     * @param more whether the caller sends another by this queue right after this one: the card may be told only then
     * @return 0; -EAGAIN if the queue is full ({@link PacketReceiver#canSend} tells when it is no more); -ENETDOWN without a link; -EMSGSIZE for a
     *     packet that has more bytes or pieces than the card takes, or less than {@link #HEAD_ROOM} before it
     */
    public abstract int send(int queue, Packet packet, boolean more);

    /** Whether there is a link to another end. */
    public abstract boolean linkUp();

    /** The speed of the link in Mb/s; 0 if it is not known, or there is none. */
    public abstract int linkSpeed();

    /** Has packets be received for anybody's address, or for the card's own and groups' only, as at first. */
    public abstract void setPromiscuous(boolean on);

    /**
     * Has packets with up to so many bytes behind the Ethernet header be received.
     *
     * @return 0; -EINVAL if the card cannot
     */
    public abstract int setMtu(int bytes);

    /** How many kernel threads serve it. */
    public abstract int threads();

    /** What it has counted since it started. */
    public abstract CardCounters counters();
}
