package biscotti.driver.intel;

import biscotti.driver.DeviceFrames;
import biscotti.driver.network.PacketPool;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import java.util.Optional;

/** The rings of a card's queues, with the frames of their descriptors. */
final class IntelRings {
    /** Frames of a queue: the descriptors of its two rings. */
    private static final int QUEUE_FRAMES = 2;

    private final DeviceFrames frames;
    private final IntelReceiveRing[] receive;
    private final IntelTransmitRing[] transmit;

    private IntelRings(PhysicalMemory memory, IntelChip chip, DeviceFrames frames, PacketPool pool, int queues) {
        this.frames = frames;
        receive = new IntelReceiveRing[queues];
        transmit = new IntelTransmitRing[queues];
        for (int i = 0; i < queues; i++) {
            long receiveFrame = frames.frame(QUEUE_FRAMES * i);
            long transmitFrame = frames.frame(QUEUE_FRAMES * i + 1);
            receive[i] = new IntelReceiveRing(memory, pool, chip.receiveRing(i), chip.receiveFormat(), receiveFrame);
            transmit[i] = new IntelTransmitRing(memory, chip.transmitRing(i), chip.transmitFormat(), transmitFrame);
        }
    }

    /** Rings for so many queues, filled; nothing if memory or packets are short. */
    static Optional<IntelRings> take(
            PhysicalMemory memory, IntelChip chip, FrameAllocator allocator, PacketPool pool, int queues) {
        Optional<DeviceFrames> frames = DeviceFrames.take(allocator, QUEUE_FRAMES * queues);
        if (frames.isEmpty()) {
            return Optional.empty();
        }
        IntelRings rings = new IntelRings(memory, chip, frames.get(), pool, queues);
        boolean filled = true;
        for (IntelReceiveRing each : rings.receive) {
            filled &= each.fill();
        }
        if (!filled) {
            rings.giveBack(allocator);
            return Optional.empty();
        }
        return Optional.of(rings);
    }

    /** Gives all back; the card does not look at it any more. */
    void giveBack(FrameAllocator allocator) {
        for (IntelReceiveRing each : receive) {
            each.empty();
        }
        frames.giveBack(allocator);
    }

    /** Tells the card where they are: it looks at none of them yet. */
    void place() {
        for (IntelTransmitRing each : transmit) {
            each.place();
        }
        rearm();
    }

    /** Begins anew with those to receive, while the card does not look at them. */
    void rearm() {
        for (IntelReceiveRing each : receive) {
            each.rearm();
        }
    }

    int queues() {
        return receive.length;
    }

    IntelReceiveRing[] receive() {
        return receive;
    }

    IntelTransmitRing[] transmit() {
        return transmit;
    }
}
