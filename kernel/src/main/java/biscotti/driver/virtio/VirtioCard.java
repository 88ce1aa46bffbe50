package biscotti.driver.virtio;

import static biscotti.abi.Errno.EINVAL;

import biscotti.driver.network.CardFeatures;
import biscotti.driver.network.CardQueue;
import biscotti.driver.network.NetworkCard;
import biscotti.driver.network.PacketPool;
import biscotti.driver.network.RingCard;
import biscotti.machine.DeviceRegisters;
import biscotti.machine.Entropy;
import biscotti.memory.FrameAllocator;
import biscotti.sched.KernelLog;
import biscotti.sched.Scheduler;
import java.util.Optional;

/** A virtio network card (VIRTIO, 5.1). */
public final class VirtioCard extends RingCard {
    // Device configuration: VIRTIO, 5.1.4.
    private static final int CONFIG_MAC = 0;
    private static final int CONFIG_STATUS = 6;
    private static final int CONFIG_MAX_VIRTQUEUE_PAIRS = 8;
    private static final int CONFIG_MTU = 10;
    private static final int CONFIG_SPEED = 12;
    private static final int STATUS_LINK_UP = 1;

    private static final int ADDRESS_BYTES = 6;

    /** The bits of the first byte of an address that nobody gave out (IEEE 802, 8.2): local, of one station. */
    private static final long LOCAL_BIT = 0x02L << 40;

    private static final long GROUP_BIT = 0x01L << 40;
    private static final long ADDRESS_MASK = (1L << 48) - 1;

    private final VirtioTransport transport;
    private final long features;
    private final Optional<VirtioControl> control;

    private VirtioCard(
            Scheduler scheduler,
            String name,
            Identity identity,
            VirtioTransport transport,
            long features,
            Optional<VirtioControl> control,
            CardQueue... queues) {
        super(scheduler, name, identity, queues);
        this.transport = transport;
        this.features = features;
        this.control = control;
    }

    /**
     * Sets a card up, on a kernel thread.
     *
     * @param name what its kernel threads are called after
     * @return the card; nothing, and a line on the log, if the device cannot be used
     */
    public static Optional<NetworkCard> open(
            VirtioTransport transport,
            String name,
            Scheduler scheduler,
            FrameAllocator frames,
            PacketPool pool,
            KernelLog log) {
        long features = transport.negotiate(scheduler.machine().clock(), NetworkFeatures::wanted);
        if (features == 0) {
            return refuse(transport, log, "cannot agree with the device on how to speak");
        }
        int most = (features & NetworkFeatures.MQ) != 0
                ? transport.configuration().readShort(CONFIG_MAX_VIRTQUEUE_PAIRS)
                : 1;
        int cpus = Math.min(scheduler.machine().processors().count(), VirtioPairs.MOST_PAIRS);
        int pairs = Math.clamp(transport.interrupts() - 1, 1, Math.min(most, cpus));
        VirtioPairs queues = new VirtioPairs(scheduler.machine(), transport, features, frames, pool);
        if (!queues.make(pairs)) {
            Optional<NetworkCard> none = refuse(transport, log, "no memory for its queues");
            queues.giveBack();
            return none;
        }
        CardQueue[] cardQueues = new CardQueue[pairs];
        for (int i = 0; i < pairs; i++) {
            cardQueues[i] = new CardQueue(scheduler, name + "-" + i, i, queues.receive(i), queues.transmit(i), queues);
        }
        Identity identity = new Identity(
                "virtio at " + transport.place(),
                address(features, transport.configuration(), scheduler.machine().entropy()),
                describe(features, transport.configuration(), pairs));
        VirtioCard card =
                new VirtioCard(scheduler, name, identity, transport, features, queues.control(2 * most), cardQueues);
        if (!card.begin(queues, pairs, most)) {
            Optional<NetworkCard> none = refuse(transport, log, "it refuses its interrupts or commands");
            queues.giveBack();
            return none;
        }
        return Optional.of(card);
    }

    private static Optional<NetworkCard> refuse(VirtioTransport transport, KernelLog log, String why) {
        transport.refuse();
        log.warning("virtio network card at " + transport.place() + ": " + why);
        return Optional.empty();
    }

    private static long address(long features, DeviceRegisters configuration, Entropy entropy) {
        if ((features & NetworkFeatures.MAC) == 0) {
            return entropy.nextLong() & ADDRESS_MASK & ~GROUP_BIT | LOCAL_BIT;
        }
        long address = 0;
        for (int i = 0; i < ADDRESS_BYTES; i++) {
            address = address << Byte.SIZE | configuration.readByte(CONFIG_MAC + i);
        }
        return address;
    }

    private static CardFeatures describe(long features, DeviceRegisters configuration, int pairs) {
        boolean several = (features & NetworkFeatures.MRG_RXBUF) != 0;
        int mtu = several ? JUMBO_MTU : USUAL_MTU;
        if ((features & NetworkFeatures.MTU) != 0) {
            mtu = Math.min(configuration.readShort(CONFIG_MTU), mtu);
        }
        return new CardFeatures(
                pairs,
                (features & NetworkFeatures.CSUM) != 0,
                NetworkFeatures.segments(features),
                NetworkFeatures.segments(features),
                mtu,
                VirtioTransmitRing.mostPieces((features & VirtioFeatures.INDIRECT_DESCRIPTORS) != 0));
    }

    /** Gives the device its queues and interrupts, and has it begin; false if it does not do so. */
    private boolean begin(VirtioPairs queues, int pairs, int most) {
        boolean own = transport.interrupts() > pairs;
        for (int i = 0; i < pairs; i++) {
            if (!transport.routeInterrupt(i, queue(i).cpu(), queue(i).bit()) || !queues.enable(i, i)) {
                return false;
            }
        }
        if (own && (!transport.routeInterrupt(pairs, 0, linkBit()) || !transport.assignConfigurationInterrupt(pairs))) {
            return false;
        }
        transport.start();
        for (int i = 0; i < pairs; i++) {
            queues.receive(i).tell();
        }
        readLink();
        return (pairs == 1 && most == 1 || control.isPresent() && control.get().setPairs(pairs)) && filter();
    }

    /** Has packets for its own address and for groups be received, and no others, if the device can tell them apart. */
    private boolean filter() {
        return (features & NetworkFeatures.CTRL_RX) == 0
                || control.isPresent()
                        && control.get().setPromiscuous(false)
                        && control.get().setAllMulticast(true);
    }

    @Override
    protected void readLink() {
        DeviceRegisters configuration = transport.configuration();
        boolean up = (features & NetworkFeatures.STATUS) == 0
                || (configuration.readShort(CONFIG_STATUS) & STATUS_LINK_UP) != 0;
        int speed = (features & NetworkFeatures.SPEED_DUPLEX) != 0 ? configuration.readInt(CONFIG_SPEED) : 0;
        setLink(up, Math.max(speed, 0)); // an unknown one is -1
    }

    @Override
    public void setPromiscuous(boolean on) {
        if ((features & NetworkFeatures.CTRL_RX) != 0 && control.isPresent()) {
            control.get().setPromiscuous(on);
        }
    }

    @Override
    public int setMtu(int bytes) {
        return bytes < LEAST_MTU || bytes > features().mostMtu() ? -EINVAL : 0;
    }
}
