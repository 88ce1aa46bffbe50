package biscotti.driver.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.machine.simulated.SimulatedMachine;
import biscotti.memory.FrameAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A queue keeps its packets in the order in which they were put there. */
class PacketQueueTest {
    private final SimulatedMachine machine = SimulatedMachine.builder().build();
    private final PacketPool pool = PacketPool.of(machine, new FrameAllocator(machine), 64);
    private final PacketQueue queue = new PacketQueue();
    private final List<Packet> model = new ArrayList<>();

    @AfterEach
    void close() {
        machine.close();
    }

    private void check() {
        assertEquals(model.size(), queue.size());
        assertEquals(model.isEmpty(), queue.isEmpty());
        Packet each = queue.first();
        for (Packet expected : model) {
            assertSame(expected, each);
            each = queue.after(each);
        }
        assertTrue(each.isNone());
        assertSame(model.isEmpty() ? Packet.NONE : model.get(model.size() - 1), queue.last());
    }

    @Test
    void anyChangesKeepTheOrder() {
        Random random = new Random(7);
        for (int i = 0; i < 5000; i++) {
            int place = model.isEmpty() ? 0 : random.nextInt(model.size());
            Packet packet = Packet.NONE;
            switch (random.nextInt(6)) {
                case 0, 1 -> packet = pool.take();
                case 2 -> remove(0, queue.take());
                case 3 -> removeAfter(place);
                case 4 -> append(random.nextInt(3));
                default -> insert(place, pool.take());
            }
            if (!packet.isNone()) {
                queue.add(packet);
                model.add(packet);
            }
            check();
        }
        queue.release();
        assertEquals(64, pool.free());
    }

    private void remove(int place, Packet taken) {
        if (model.isEmpty()) {
            assertTrue(taken.isNone());
            return;
        }
        assertSame(model.remove(place), taken);
        taken.release();
    }

    private void removeAfter(int place) {
        if (place + 1 < model.size()) {
            remove(place + 1, queue.takeAfter(model.get(place)));
        } else if (!model.isEmpty()) {
            assertTrue(queue.takeAfter(model.get(place)).isNone());
        }
    }

    private void append(int count) {
        PacketQueue others = new PacketQueue();
        for (int i = 0; i < count; i++) {
            Packet packet = pool.take();
            if (!packet.isNone()) {
                others.add(packet);
                model.add(packet);
            }
        }
        queue.addAll(others);
        assertTrue(others.isEmpty());
    }

    private void insert(int place, Packet packet) {
        if (packet.isNone()) {
            return;
        }
        if (model.isEmpty() || place == 0) {
            queue.addFirst(packet);
            model.add(0, packet);
        } else {
            queue.addAfter(model.get(place - 1), packet);
            model.add(place, packet);
        }
    }
}
