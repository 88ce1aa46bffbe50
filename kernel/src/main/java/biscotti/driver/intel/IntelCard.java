package biscotti.driver.intel;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EIO;

import biscotti.driver.network.CardFeatures;
import biscotti.driver.network.CardQueue;
import biscotti.driver.network.NetworkCard;
import biscotti.driver.network.PacketPool;
import biscotti.driver.network.RingCard;
import biscotti.driver.pci.PciFunction;
import biscotti.machine.Clock;
import biscotti.machine.DeviceRegisters;
import biscotti.machine.Machine;
import biscotti.memory.FrameAllocator;
import biscotti.sched.KernelLog;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.Scheduler;
import java.util.Optional;

/** One of Intel's cards: an {@link IntelChip} with its rings and interrupts. */
public final class IntelCard extends RingCard {
    private static final int VENDOR = 0x8086;
    private static final int DEVICE_82540EM = 0x100e;
    private static final int DEVICE_82574L = 0x10d3;
    private static final int DEVICE_82576 = 0x10c9;
    private static final int DEVICE_82599_KX4 = 0x10f7;
    private static final int DEVICE_82599_SFP = 0x10fb;

    private static final int REGISTERS = 0;
    private static final int REGISTER_BYTES = 1 << 17;

    /** Guards how the card is set up. */
    private final RankedLock lock = new RankedLock(LockRank.NETWORK_CARD);

    private final IntelChip chip;
    private final IntelRings rings;

    private IntelCard(
            Scheduler scheduler,
            String name,
            String place,
            IntelChip chip,
            IntelRings rings,
            CardQueue.Interrupts interrupts) {
        super(scheduler, name, identity(place, chip, rings.queues()), queues(scheduler, name, rings, interrupts));
        this.chip = chip;
        this.rings = rings;
    }

    private static Identity identity(String place, IntelChip chip, int queues) {
        return new Identity(
                place,
                chip.hardwareAddress(),
                new CardFeatures(queues, true, true, chip.segmentsIpv6(), JUMBO_MTU, IntelTransmitRing.MOST_PIECES));
    }

    private static CardQueue[] queues(
            Scheduler scheduler, String name, IntelRings rings, CardQueue.Interrupts interrupts) {
        CardQueue[] queues = new CardQueue[rings.queues()];
        for (int i = 0; i < queues.length; i++) {
            queues[i] =
                    new CardQueue(scheduler, name + "-" + i, i, rings.receive()[i], rings.transmit()[i], interrupts);
        }
        return queues;
    }

    /** Whether a function is such a card. */
    public static boolean isCard(PciFunction function) {
        return function.vendor() == VENDOR
                && switch (function.device()) {
                    case DEVICE_82540EM, DEVICE_82574L, DEVICE_82576, DEVICE_82599_KX4, DEVICE_82599_SFP -> true;
                    default -> false;
                };
    }

    private static IntelChip chip(int device, DeviceRegisters registers, Clock clock) {
        return switch (device) {
            case DEVICE_82540EM -> new Chip82540(registers, clock);
            case DEVICE_82574L -> new Chip82574(registers, clock);
            case DEVICE_82576 -> new Chip82576(registers, clock);
            default -> new Chip82599(registers, clock);
        };
    }

    /**
     * Sets a card up, on a kernel thread.
     *
     * @param name what its kernel threads are called after
     * @return the card; nothing, and a line on the log, if it cannot be used
     */
    public static Optional<NetworkCard> open(
            Machine machine,
            PciFunction function,
            String name,
            Scheduler scheduler,
            FrameAllocator frames,
            PacketPool pool,
            KernelLog log) {
        function.enable();
        DeviceRegisters registers = machine.deviceRegisters(function.registers(REGISTERS), REGISTER_BYTES);
        IntelChip chip = chip(function.device(), registers, machine.clock());
        String place = chip.model() + " at " + function;
        if (function.registers(REGISTERS) == 0 || !chip.reset()) {
            return refuse(function, log, place + ": does not come back from a reset");
        }
        IntelInterrupts interrupts = new IntelInterrupts(machine, function, chip);
        int cpus = machine.processors().count();
        int queues = Math.clamp(interrupts.mostQueues(), 1, Math.min(cpus, chip.mostQueues()));
        Optional<IntelRings> rings = IntelRings.take(machine.memory(), chip, frames, pool, queues);
        if (rings.isEmpty()) {
            return refuse(function, log, place + ": no memory for its rings");
        }
        IntelCard card = new IntelCard(scheduler, name, place, chip, rings.get(), interrupts);
        if (!card.begin(interrupts)) {
            Optional<NetworkCard> none = refuse(function, log, place + ": does not do as it is told");
            rings.get().giveBack(frames);
            return none;
        }
        return Optional.of(card);
    }

    private static Optional<NetworkCard> refuse(PciFunction function, KernelLog log, String why) {
        function.disable();
        log.warning("network card " + why);
        return Optional.empty();
    }

    private boolean begin(IntelInterrupts interrupts) {
        int count = rings.queues();
        chip.prepare(count);
        rings.place();
        boolean routed = interrupts.routeLink(count, linkBit());
        for (int i = 0; i < count; i++) {
            routed &= interrupts.route(i, queue(i).cpu(), queue(i).bit());
        }
        interrupts.setLinkWatch(this::lookAtLink);
        boolean started = chip.startTransmitting(rings.transmit())
                && chip.startReceiving(USUAL_MTU + IntelChip.FRAME_OVERHEAD, rings.receive());
        chip.assignInterrupts(count);
        return routed && started;
    }

    @Override
    protected void readLink() {
        chip.acknowledgeLink();
        setLink(chip.linkUp(), chip.linkSpeed());
    }

    @Override
    public void setPromiscuous(boolean on) {
        lock.lock();
        try {
            chip.setPromiscuous(on);
        } finally {
            lock.unlock();
        }
    }

    /** What is received meanwhile is lost. */
    @Override
    public int setMtu(int bytes) {
        if (bytes < LEAST_MTU || bytes > JUMBO_MTU) {
            return -EINVAL;
        }
        lock.lock();
        try {
            if (!chip.stopReceiving(rings.receive())) {
                return -EIO;
            }
            rings.rearm();
            int frame = Math.max(bytes, USUAL_MTU) + IntelChip.FRAME_OVERHEAD;
            return chip.startReceiving(frame, rings.receive()) ? 0 : -EIO;
        } finally {
            lock.unlock();
        }
    }
}
