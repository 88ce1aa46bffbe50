package biscotti.driver.network;

import biscotti.machine.Machine;
import biscotti.machine.PhysicalMemory;
import biscotti.machine.Processors;
import biscotti.memory.FrameAllocator;
import biscotti.sched.SpinLock;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * All packets of a machine, made once, at boot. Each CPU has a few of them at hand, guarded by a flag that nobody waits for; it exchanges
 * them with all others by the batch.
 *
 * <p>Packets may be used up: whoever keeps them for long is limited (buffers of sockets are), and a card that finds no packet to receive into
 * drops what came.
 */
public final class PacketPool {
    private static final int BATCH = 32;
    private static final int LEAST_PACKETS = 512;
    private static final int MOST_PACKETS = 1 << 15;

    /** The share of memory that packets are. */
    private static final int SHARE = 64;

    private static final int PER_FRAME = PhysicalMemory.FRAME_SIZE / Packet.BUFFER_BYTES;

    /** The packets that a CPU has at hand. */
    private static final class Hand {
        private final AtomicBoolean taken = new AtomicBoolean();
        private final Stack packets = new Stack();
    }

    /** Packets of which the last one in is the first one out: its bytes may be in the CPU's cache. */
    private static final class Stack {
        private Packet top;
        private volatile int count;

        @SuppressWarnings("NonAtomicVolatileUpdate") // written by who has it only
        void push(Packet packet) {
            packet.next = top;
            top = packet;
            count++;
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // written by who has it only
        Packet pop() {
            Packet packet = top;
            if (packet == null) {
                return Packet.NONE;
            }
            top = packet.next;
            packet.next = null;
            count--;
            return packet;
        }

        void move(Stack to, int most) {
            for (int i = Math.min(most, count); i > 0; i--) {
                to.push(pop());
            }
        }
    }

    private final Processors processors;
    private final Hand[] hands;
    private final SpinLock lock = new SpinLock();
    private final Stack common = new Stack();
    private final int size;

    private PacketPool(Machine machine, FrameAllocator frames, int packets) {
        processors = machine.processors();
        hands = new Hand[processors.count()];
        for (int i = 0; i < hands.length; i++) {
            hands[i] = new Hand();
        }
        size = fill(machine.memory(), frames, packets);
    }

    private int fill(PhysicalMemory memory, FrameAllocator frames, int packets) {
        for (int made = 0; made < packets; made += PER_FRAME) {
            long frame = frames.allocate();
            if (frame < 0) {
                return made;
            }
            for (int i = 0; i < PER_FRAME; i++) {
                common.push(new Packet(this, memory, frames, frame + (long) i * Packet.BUFFER_BYTES));
            }
        }
        return packets;
    }

    /** A pool for a machine, as large as its memory allows. */
    public static PacketPool of(Machine machine, FrameAllocator frames) {
        long fitting = frames.totalFrames() / SHARE * PER_FRAME;
        return of(machine, frames, Math.clamp(fitting, LEAST_PACKETS, MOST_PACKETS));
    }

    /** A pool of so many packets, an even number. */
    public static PacketPool of(Machine machine, FrameAllocator frames, int packets) {
        return new PacketPool(machine, frames, packets);
    }

    /** How many packets there are. */
    public int size() {
        return size;
    }

    /** How many nobody has; approximate while others take and release. */
    public int free() {
        int free = common.count;
        for (Hand hand : hands) {
            free += hand.packets.count;
        }
        return free;
    }

    /** Takes an empty packet; {@link Packet#NONE} if there is none. */
    public Packet take() {
        Hand hand = hands[processors.current()];
        if (!hand.taken.compareAndSet(false, true)) {
            return takeCommon();
        }
        Packet packet = hand.packets.pop();
        if (packet.isNone()) {
            lock.acquire();
            common.move(hand.packets, BATCH);
            lock.release();
            packet = hand.packets.pop();
        }
        hand.taken.set(false);
        return packet.isNone() ? takeFromOthers() : packet;
    }

    private Packet takeCommon() {
        lock.acquire();
        Packet packet = common.pop();
        lock.release();
        return packet;
    }

    private Packet takeFromOthers() {
        for (Hand hand : hands) {
            if (hand.taken.compareAndSet(false, true)) {
                Packet packet = hand.packets.pop();
                hand.taken.set(false);
                if (!packet.isNone()) {
                    return packet;
                }
            }
        }
        return Packet.NONE;
    }

    /** Takes an empty packet back. */
    void giveBack(Packet packet) {
        Hand hand = hands[processors.current()];
        if (!hand.taken.compareAndSet(false, true)) {
            lock.acquire();
            common.push(packet);
            lock.release();
            return;
        }
        if (hand.packets.count == 2 * BATCH) {
            lock.acquire();
            hand.packets.move(common, BATCH);
            lock.release();
        }
        hand.packets.push(packet);
        hand.taken.set(false);
    }
}
