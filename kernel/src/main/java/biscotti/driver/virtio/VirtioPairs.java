package biscotti.driver.virtio;

import biscotti.bounded.BoundedList;
import biscotti.driver.DeviceFrames;
import biscotti.driver.network.CardQueue;
import biscotti.driver.network.PacketPool;
import biscotti.machine.Machine;
import biscotti.memory.FrameAllocator;
import java.util.Optional;

/** Makes the queues of a virtio network card (VIRTIO, 5.1.2): pairs of one to receive and one to send, and behind all of them one for commands. */
final class VirtioPairs implements CardQueue.Interrupts {
    /** The most pairs that are used. */
    static final int MOST_PAIRS = 8;

    private static final int LEAST_DESCRIPTORS = 4;

    /** Frames of a queue: its table, and its rings. */
    private static final int QUEUE_FRAMES = 2;

    private final Machine machine;
    private final VirtioTransport transport;
    private final long features;
    private final FrameAllocator allocator;
    private final PacketPool pool;
    private final BoundedList<DeviceFrames> taken = new BoundedList<>(3 * MOST_PAIRS + 1);
    private final BoundedList<VirtioReceiveRing> receive = new BoundedList<>(MOST_PAIRS);
    private final BoundedList<VirtioTransmitRing> transmit = new BoundedList<>(MOST_PAIRS);

    /** No queues yet, of a device with which features were agreed upon. */
    VirtioPairs(Machine machine, VirtioTransport transport, long features, FrameAllocator allocator, PacketPool pool) {
        this.machine = machine;
        this.transport = transport;
        this.features = features;
        this.allocator = allocator;
        this.pool = pool;
    }

    /** Makes so many pairs; false if the device has not so many, or memory is short. */
    boolean make(int pairs) {
        for (int pair = 0; pair < pairs; pair++) {
            if (!makeReceive(2 * pair) || !makeTransmit(2 * pair + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean makeReceive(int number) {
        Optional<SplitQueue> queue = queue(number);
        if (queue.isEmpty()) {
            return false;
        }
        boolean several = (features & NetworkFeatures.MRG_RXBUF) != 0;
        VirtioReceiveRing ring = new VirtioReceiveRing(machine.memory(), pool, transport, number, queue.get(), several);
        receive.add(ring);
        return ring.fill();
    }

    private boolean makeTransmit(int number) {
        Optional<SplitQueue> queue = queue(number);
        if (queue.isEmpty()) {
            return false;
        }
        boolean hasTables = (features & VirtioFeatures.INDIRECT_DESCRIPTORS) != 0;
        int count = hasTables ? VirtioTransmitRing.frames(queue.get().size()) : 0;
        Optional<DeviceFrames> tables = take(count);
        if (tables.isEmpty()) {
            return false;
        }
        transmit.add(
                hasTables
                        ? VirtioTransmitRing.withTables(machine.memory(), transport, number, queue.get(), tables.get())
                        : VirtioTransmitRing.plain(machine.memory(), transport, number, queue.get(), tables.get()));
        return true;
    }

    private Optional<SplitQueue> queue(int number) {
        int size = Integer.highestOneBit(Math.min(transport.queueSize(number), SplitQueue.MOST_DESCRIPTORS));
        Optional<DeviceFrames> memory = take(QUEUE_FRAMES);
        return size < LEAST_DESCRIPTORS || memory.isEmpty()
                ? Optional.empty()
                : Optional.of(new SplitQueue(
                        machine.memory(),
                        size,
                        memory.get().frame(0),
                        memory.get().frame(1)));
    }

    private Optional<DeviceFrames> take(int count) {
        Optional<DeviceFrames> frames = DeviceFrames.take(allocator, count);
        frames.ifPresent(taken::add);
        return frames;
    }

    /** The queue for commands, with a number, which is enabled; nothing if the device has none. */
    Optional<VirtioControl> control(int number) {
        if ((features & NetworkFeatures.CTRL_VQ) == 0) {
            return Optional.empty();
        }
        Optional<SplitQueue> queue = queue(number);
        Optional<DeviceFrames> frame = take(1);
        if (queue.isEmpty() || frame.isEmpty()) {
            return Optional.empty();
        }
        transport.enableQueue(number, queue.get());
        return Optional.of(new VirtioControl(
                machine.memory(),
                machine.clock(),
                transport,
                number,
                queue.get(),
                frame.get().frame(0)));
    }

    VirtioReceiveRing receive(int pair) {
        return receive.get(pair);
    }

    VirtioTransmitRing transmit(int pair) {
        return transmit.get(pair);
    }

    /** Tells the device where the queues of a pair are, which tell what they have used by an interrupt; false if that cannot be. */
    boolean enable(int pair, int interrupt) {
        boolean assigned =
                transport.assignInterrupt(2 * pair, interrupt) && transport.assignInterrupt(2 * pair + 1, interrupt);
        transport.enableQueue(2 * pair, receive(pair).queue());
        transport.enableQueue(2 * pair + 1, transmit(pair).queue());
        return assigned;
    }

    /** Gives all memory back; the device has been reset. */
    void giveBack() {
        for (int i = 0; i < receive.size(); i++) {
            receive.get(i).empty();
        }
        for (int i = 0; i < taken.size(); i++) {
            taken.get(i).giveBack(allocator);
        }
    }

    @Override
    public void mask(int pair) {
        transport.interruptSeen();
        receive(pair).queue().askForInterrupts(false);
    }

    @Override
    public boolean unmask(int pair) {
        SplitQueue queue = receive(pair).queue();
        queue.askForInterrupts(true);
        transport.interruptServed();
        return queue.hasUsed(); // VIRTIO, 2.7.14: looked at after the flag was written
    }
}
