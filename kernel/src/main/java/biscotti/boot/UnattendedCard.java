package biscotti.boot;

import biscotti.driver.network.PacketQueue;
import biscotti.driver.network.PacketReceiver;

/** Lets go of all packets that come by a network card, as no network is behind it yet. */
final class UnattendedCard implements PacketReceiver {
    /** One for any card. */
    UnattendedCard() {}

    @Override
    public void receive(int queue, PacketQueue packets) {
        packets.release();
    }

    @Override
    public void canSend(int queue) {}

    @Override
    public void linkChanged() {}
}
