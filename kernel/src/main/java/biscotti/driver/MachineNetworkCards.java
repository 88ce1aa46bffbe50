package biscotti.driver;

import biscotti.bounded.BoundedList;
import biscotti.driver.intel.IntelCard;
import biscotti.driver.network.NetworkCard;
import biscotti.driver.network.PacketPool;
import biscotti.driver.pci.PciBus;
import biscotti.driver.pci.PciFunction;
import biscotti.driver.virtio.PciTransport;
import biscotti.driver.virtio.VirtioCard;
import biscotti.machine.Machine;
import biscotti.memory.FrameAllocator;
import biscotti.sched.KernelLog;
import biscotti.sched.Scheduler;
import java.util.Optional;

/** The network cards of the machine, in the order in which they were found. Made once, at boot. */
public final class MachineNetworkCards {
    /** The most cards that are used: each takes pending bits for its queues. */
    public static final int MOST_CARDS = 4;

    private final Machine machine;
    private final Scheduler scheduler;
    private final FrameAllocator frames;
    private final PacketPool pool;
    private final KernelLog log;
    private final BoundedList<NetworkCard> cards = new BoundedList<>(MOST_CARDS);
    private int threads;

    private MachineNetworkCards(
            Machine machine, Scheduler scheduler, FrameAllocator frames, PacketPool pool, KernelLog log) {
        this.machine = machine;
        this.scheduler = scheduler;
        this.frames = frames;
        this.pool = pool;
        this.log = log;
    }

    /** Whether there is a card on the bus, so that packets are needed. */
    public static boolean areOn(PciBus bus) {
        for (int i = 0; i < bus.count(); i++) {
            if (isCard(bus.function(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isCard(PciFunction function) {
        return PciTransport.isNetworkCard(function) || IntelCard.isCard(function);
    }

    /** Sets up all cards that are on the bus; on a kernel thread, as that waits for them. */
    public static MachineNetworkCards find(
            PciBus bus, Machine machine, Scheduler scheduler, FrameAllocator frames, PacketPool pool, KernelLog log) {
        MachineNetworkCards all = new MachineNetworkCards(machine, scheduler, frames, pool, log);
        for (int i = 0; i < bus.count(); i++) {
            all.open(bus.function(i));
        }
        return all;
    }

    /** How many there are. */
    public int count() {
        return cards.size();
    }

    /** One of them. */
    public NetworkCard card(int index) {
        return cards.get(index);
    }

    /** How many kernel threads serve them. */
    public int threads() {
        return threads;
    }

    private void open(PciFunction function) {
        if (!isCard(function) || !hasRoom()) {
            return;
        }
        if (PciTransport.isNetworkCard(function)) {
            openVirtio(function);
        } else {
            IntelCard.open(machine, function, name(), scheduler, frames, pool, log)
                    .ifPresent(this::add);
        }
    }

    private void openVirtio(PciFunction function) {
        Optional<PciTransport> transport = PciTransport.of(machine, function);
        if (transport.isEmpty()) {
            log.warning("virtio network card at " + function + ": of the time before VIRTIO 1.0, not supported");
        } else {
            VirtioCard.open(transport.get(), name(), scheduler, frames, pool, log)
                    .ifPresent(this::add);
        }
    }

    private String name() {
        return "net" + cards.size();
    }

    private boolean hasRoom() {
        boolean room = cards.size() < MOST_CARDS;
        if (!room) {
            log.warning("more than " + MOST_CARDS + " network cards: the others are not used");
        }
        return room;
    }

    private void add(NetworkCard card) {
        cards.add(card);
        threads += card.threads();
        log.information("network card " + card.description() + ", address " + text(card.hardwareAddress()) + ", "
                + card.features().queues() + (card.features().queues() == 1 ? " queue" : " queues"));
    }

    private static String text(long address) {
        String text = "";
        for (int shift = 40; shift >= 0; shift -= Byte.SIZE) {
            String part = Integer.toHexString(0x100 | (int) (address >>> shift) & 0xff)
                    .substring(1);
            text += shift == 0 ? part : part + ":";
        }
        return text;
    }
}
