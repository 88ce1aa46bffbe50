package biscotti.net.ip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.driver.network.Packet;
import biscotti.driver.network.PacketPool;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.memory.FrameAllocator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fragments in any order, again, over each other, and those that come too late. */
class ReassemblyTest {
    private static final int PACKETS = 256;
    private static final int SOURCE = 0x0a00_0001;
    private static final int DESTINATION = 0x0a00_0002;
    private static final int NUMBER = 77;

    private SimulatedMachine machine;
    private PacketPool pool;
    private final Reassembly reassembly = new Reassembly();

    @BeforeEach
    void build() {
        machine = SimulatedMachine.builder().build();
        pool = PacketPool.of(machine, new FrameAllocator(machine), PACKETS);
    }

    @AfterEach
    void close() {
        assertEquals(PACKETS, pool.free(), "packets are lost");
        machine.close();
    }

    /** A piece of a payload as a fragment. */
    private Packet fragment(byte[] payload, int start, int end, int number) {
        Packet packet = pool.take();
        packet.extend(end - start);
        packet.copyIn(0, payload, start, end - start);
        packet.push(IpHeader.BYTES);
        int more = end < payload.length ? IpHeader.MORE_FRAGMENTS : 0;
        IpHeader.write(packet, 0, number, more | start / 8, 64, Protocols.UDP, SOURCE, DESTINATION);
        return packet;
    }

    private static void assertWhole(byte[] payload, Packet whole) {
        assertFalse(whole.isNone());
        assertTrue(IpHeader.isSound(whole));
        assertEquals(IpHeader.BYTES + payload.length, whole.length());
        byte[] got = new byte[payload.length];
        whole.copyOut(IpHeader.BYTES, got, 0, got.length);
        assertArrayEquals(payload, got);
        whole.release();
    }

    @Test
    void anyOrderMakesTheSameDatagram() {
        long seed = System.nanoTime();
        System.out.println("ReassemblyTest: seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            byte[] payload = new byte[16 + random.nextInt(8000)];
            random.nextBytes(payload);
            int size = Math.min(1400, 8 * (1 + payload.length / 8 / (2 + random.nextInt(6))));
            List<Integer> starts = new ArrayList<>();
            for (int start = 0; start < payload.length; start += size) {
                starts.add(start);
            }
            Collections.shuffle(starts, random);
            Packet whole = Packet.NONE;
            for (int start : starts) {
                assertTrue(whole.isNone());
                whole = reassembly.add(fragment(payload, start, Math.min(start + size, payload.length), round), round);
            }
            assertWhole(payload, whole);
        }
    }

    @Test
    void overlappingFragmentsEndTheirDatagram() {
        byte[] payload = new byte[64];
        assertTrue(reassembly.add(fragment(payload, 0, 32, NUMBER), 0).isNone());
        assertTrue(reassembly.add(fragment(payload, 24, 48, NUMBER), 0).isNone());
        assertEquals(PACKETS, pool.free());
        assertTrue(reassembly.add(fragment(payload, 32, 64, NUMBER), 0).isNone());
        assertTrue(reassembly.expire(Reassembly.TIMEOUT_NANOS - 1));
        assertFalse(reassembly.expire(Reassembly.TIMEOUT_NANOS));
    }

    @Test
    void theOldestGoesWhenThereAreTooMany() {
        byte[] payload = new byte[64];
        for (int number = 0; number < 100; number++) {
            assertTrue(reassembly.add(fragment(payload, 0, 32, number), number).isNone());
        }
        assertTrue(reassembly.add(fragment(payload, 32, 64, 0), 100).isNone(), "the first was forgotten");
        assertWhole(payload, reassembly.add(fragment(payload, 32, 64, 99), 100));
        assertFalse(reassembly.expire(Reassembly.TIMEOUT_NANOS + 100));
    }
}
