package biscotti.driver.network;

import static biscotti.abi.Errno.ENETDOWN;

import biscotti.sched.InterruptThread;
import biscotti.sched.Scheduler;
import java.util.Optional;

/** A card that sends and receives by {@link CardQueue}s, and has a kernel thread more for its link. */
public abstract class RingCard extends NetworkCard {
    /** The least MTU that can be set: every network of IPv4 has it (RFC 791, 3.2). */
    protected static final int LEAST_MTU = 68;

    /** The greatest MTU that can be set, if the card has no smaller one. */
    protected static final int JUMBO_MTU = 9000;

    /**
     * What is known of a card when it starts.
     *
     * @param description see {@link NetworkCard#description}
     * @param hardwareAddress see {@link NetworkCard#hardwareAddress}
     * @param features see {@link NetworkCard#features}
     */
    public record Identity(String description, long hardwareAddress, CardFeatures features) {}

    private final Identity identity;
    private final CardQueue[] queues;
    private final InterruptThread linkThread;
    private volatile Optional<PacketReceiver> receiver = Optional.empty();
    private volatile boolean linkUp;
    private volatile int linkSpeed;

    /** Whether the receiver has heard of the link: it does once after the start, and then of changes. */
    private boolean told;

    /** A card that does not receive yet. */
    protected RingCard(Scheduler scheduler, String name, Identity identity, CardQueue... queues) {
        this.identity = identity;
        this.queues = queues.clone();
        this.linkThread = new InterruptThread(scheduler, name + "-link", this::attendLink);
    }

    /** The pending bit of interrupts that tell of the link. */
    protected final int linkBit() {
        return linkThread.bit();
    }

    /** Has the link be looked at soon. */
    protected final void lookAtLink() {
        linkThread.raise();
    }

    /** Reads the state of the link from the card, for {@link #setLink}. Called on one thread at a time. */
    protected abstract void readLink();

    /** Notes whether there is a link, and its speed in Mb/s, 0 if that is not known. */
    protected final void setLink(boolean up, int speed) {
        linkSpeed = up ? speed : 0;
        linkUp = up;
    }

    private void attendLink() {
        boolean before = linkUp;
        readLink();
        if (receiver.isPresent() && (before != linkUp || !told)) {
            told = true;
            receiver.get().linkChanged();
        }
    }

    @Override
    public final int threads() {
        return queues.length + 1;
    }

    /** One of its queues. */
    protected final CardQueue queue(int index) {
        return queues[index];
    }

    @Override
    public final String description() {
        return identity.description;
    }

    @Override
    public final long hardwareAddress() {
        return identity.hardwareAddress;
    }

    @Override
    public final CardFeatures features() {
        return identity.features;
    }

    @Override
    public final void start(PacketReceiver newReceiver) {
        receiver = Optional.of(newReceiver);
        for (CardQueue each : queues) {
            each.start(newReceiver);
        }
        lookAtLink();
    }

    @Override
    public final int send(int queue, Packet packet, boolean more) {
        return linkUp ? queues[queue].transmitRing().send(packet, more) : -ENETDOWN;
    }

    @Override
    public final boolean linkUp() {
        return linkUp;
    }

    @Override
    public final int linkSpeed() {
        return linkSpeed;
    }

    @Override
    public final CardCounters counters() {
        long missed = 0;
        long damaged = 0;
        long unsent = 0;
        for (CardQueue each : queues) {
            missed += each.receiveRing().missed();
            damaged += each.receiveRing().damaged();
            unsent += each.transmitRing().unsent();
        }
        return new CardCounters(missed, damaged, unsent);
    }
}
