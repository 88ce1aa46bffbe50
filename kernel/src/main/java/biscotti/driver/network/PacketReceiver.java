package biscotti.driver.network;

/** What a card tells, and to whom it gives the packets that come: on the kernel threads of its queues, with none of the card's locks held. */
public interface PacketReceiver {
    /**
     * Takes packets that have come, all of them, in their order: each an Ethernet frame without its check sequence, whose first
     * bytes up to the transport's header are in the head.
     *
     * @param queue the card's queue that they came by; calls for one queue come one at a time
     */
    void receive(int queue, PacketQueue packets);

    /** A queue that was full can take packets to send again. */
    void canSend(int queue);

    /** The link has come or gone, or the card has just started: {@link NetworkCard#linkUp}. */
    void linkChanged();
}
