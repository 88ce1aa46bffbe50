package biscotti.driver.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.machine.PhysicalMemory;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.memory.FrameAllocator;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A packet is its bytes, wherever they lie, and gives back all that it has. */
class PacketTest {
    private static final int FRAME = PhysicalMemory.FRAME_SIZE;

    private final SimulatedMachine machine = SimulatedMachine.builder().build();
    private final FrameAllocator frames = new FrameAllocator(machine);
    private final PacketPool pool = PacketPool.of(machine, frames, 64);
    private final long freeFrames = frames.freeFrames();

    @AfterEach
    void nothingLeaks() {
        machine.processors().pin(0);
        assertEquals(64, pool.free());
        assertEquals(freeFrames, frames.freeFrames());
        machine.close();
    }

    private static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] content(Packet packet) {
        byte[] bytes = new byte[packet.length()];
        packet.copyOut(0, bytes, 0, bytes.length);
        return bytes;
    }

    private Packet packet(byte... head) {
        Packet packet = pool.take();
        packet.extend(head.length);
        packet.copyIn(0, head, 0, head.length);
        return packet;
    }

    /** Adds bytes in a frame of their own, of which the packet has the only reference. */
    private boolean addFrame(Packet packet, int offset, byte... bytes) {
        long frame = frames.allocate();
        machine.memory().copyIn(frame + offset, bytes, 0, bytes.length);
        boolean added = packet.add(frame + offset, bytes.length);
        frames.release(frame);
        return added;
    }

    @Test
    void headersArePutBeforeAndPulled() {
        Packet packet = packet(bytes(1000, 1));
        packet.push(8);
        packet.writeLong(0, 0x0102_0304_0506_0708L);
        assertEquals(1008, packet.length());
        assertEquals(0x0102, packet.readShort(0));
        assertEquals(0x0304_0506, packet.readInt(2));
        assertEquals(0x08, packet.readByte(7));
        packet.setNetworkHeader();
        packet.pull(8);
        assertEquals(-8, packet.networkHeader());
        assertEquals(0x0506, packet.readShort(packet.networkHeader() + 4));
        assertArrayEquals(bytes(1000, 1), content(packet));
        packet.release();
    }

    @Test
    void fieldsAreInTheOrderOfTheNetwork() {
        Packet packet = packet(new byte[16]);
        packet.writeShort(0, 0xabcd);
        packet.writeInt(2, 0x8123_4567);
        packet.writeByte(6, 0x1ff);
        assertArrayEquals(
                new byte[] {(byte) 0xab, (byte) 0xcd, (byte) 0x81, 0x23, 0x45, 0x67, (byte) 0xff, 0},
                Arrays.copyOf(content(packet), 8));
        assertEquals(0xabcd, packet.readShort(0));
        assertEquals(0x8123_4567, packet.readInt(2));
        packet.release();
    }

    @Test
    void anOffsetOutsideIsABug() {
        Packet packet = packet(new byte[20]);
        assertThrows(IndexOutOfBoundsException.class, () -> packet.readShort(19));
        assertThrows(IndexOutOfBoundsException.class, () -> packet.readByte(-Packet.HEAD_ROOM - 1));
        assertThrows(IndexOutOfBoundsException.class, () -> packet.readLong(Integer.MAX_VALUE));
        assertThrows(IndexOutOfBoundsException.class, () -> packet.push(Packet.HEAD_ROOM + 1));
        assertThrows(IndexOutOfBoundsException.class, () -> packet.pull(21));
        assertThrows(IndexOutOfBoundsException.class, () -> packet.extend(Packet.MOST_HEAD - 19));
        assertThrows(IndexOutOfBoundsException.class, () -> packet.copyOut(10, new byte[20], 0, 11));
        packet.extend(Packet.MOST_HEAD - 20);
        packet.release();
    }

    @Test
    void aFragmentKeepsItsFrame() {
        Packet packet = packet(bytes(40, 1));
        assertTrue(addFrame(packet, 96, bytes(4000, 2)));
        assertEquals(freeFrames - 1, frames.freeFrames());
        assertEquals(4040, packet.length());
        packet.pull(140);
        assertArrayEquals(Arrays.copyOfRange(bytes(4000, 2), 100, 4000), content(packet));
        packet.pull(3900);
        assertEquals(freeFrames, frames.freeFrames());
        packet.release();
    }

    @Test
    void thereIsATableForSoManyFragments() {
        Packet packet = pool.take();
        for (int i = 0; i < Packet.MOST_FRAGMENTS; i++) {
            assertTrue(addFrame(packet, i, (byte) i));
        }
        assertFalse(addFrame(packet, 0, (byte) 0));
        assertEquals(Packet.MOST_FRAGMENTS, packet.length());
        assertEquals(1 + Packet.MOST_FRAGMENTS, packet.pieces());
        packet.release();
    }

    @Test
    void absorbedPacketsGoBackWithTheOneThatHasThem() {
        Packet whole = packet(bytes(1480, 0));
        Packet second = packet(bytes(1480, 1));
        Packet third = packet(bytes(700, 2));
        assertTrue(second.absorb(third));
        assertTrue(whole.absorb(second));
        assertEquals(3660, whole.length());
        assertEquals(64 - 3, pool.free());
        byte[] content = content(whole);
        assertArrayEquals(bytes(1480, 1), Arrays.copyOfRange(content, 1480, 2960));
        assertArrayEquals(bytes(700, 2), Arrays.copyOfRange(content, 2960, 3660));
        whole.release();
    }

    @Test
    void headersThatLieInFragmentsAreGathered() {
        Packet packet = packet(bytes(10, 0));
        addFrame(packet, 7, bytes(5, 1));
        addFrame(packet, 9, bytes(50, 2));
        byte[] before = content(packet);
        assertTrue(packet.gather(40));
        assertEquals(40, packet.headLength());
        assertArrayEquals(before, content(packet));
        assertFalse(packet.gather(66));
        packet.release();
    }

    @Test
    void theChecksumThatIsLeftToTheCardCanBeFilledIn() {
        Packet packet = packet(bytes(41, 3));
        addFrame(packet, 1, bytes(333, 4));
        addFrame(packet, 2, bytes(334, 5));
        packet.writeShort(16, 0x1234); // the pseudo header's sum
        byte[] before = content(packet);
        packet.leaveChecksum(10, 16);
        packet.push(20);
        assertTrue(packet.isVerified());
        packet.fillChecksum();
        int expected = InternetChecksum.finish(InternetChecksumTest.expected(before, 10, before.length));
        assertEquals(expected, packet.readShort(36));
        packet.release();
    }

    @Test
    void whatIsNotedIsForgottenInThePool() {
        Packet packet = packet(bytes(20, 0));
        packet.setTag(7);
        packet.setInterfaceIndex(2);
        packet.setVerified();
        packet.setSegmentSize(1460);
        packet.setLinkHeader();
        packet.release();
        Packet again = pool.take();
        assertEquals(0, again.tag());
        assertEquals(0, again.interfaceIndex());
        assertEquals(0, again.length());
        assertEquals(0, again.segmentSize());
        assertEquals(Packet.HEAD_ROOM, again.headRoom());
        assertFalse(again.isVerified());
        assertFalse(again.hasLinkHeader());
        again.release();
    }

    @Test
    void anyChangesLeaveTheBytesThatTheyShould() {
        long seed = Long.getLong("packet.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            Packet packet = packet(bytes(random.nextInt(200), round));
            byte[] model = content(packet);
            for (int step = 0; step < 30; step++) {
                model = change(packet, model, random);
                assertArrayEquals(model, content(packet), "seed " + seed + ", round " + round + ", step " + step);
            }
            int from = random.nextInt(model.length + 1);
            assertEquals(
                    InternetChecksumTest.expected(model, from, model.length) % 0xffff,
                    InternetChecksum.sum(machine.memory(), packet, from, model.length - from) % 0xffff,
                    "seed " + seed + ", round " + round);
            packet.release();
            assertEquals(freeFrames, frames.freeFrames());
        }
    }

    private byte[] change(Packet packet, byte[] model, Random random) {
        byte[] some = bytes(1 + random.nextInt(300), random.nextLong());
        switch (random.nextInt(6)) {
            case 0 -> {
                return addFrame(packet, random.nextInt(FRAME - some.length), some) ? joined(model, some) : model;
            }
            case 1 -> {
                Packet other = packet(some);
                addFrame(other, 0, some);
                boolean absorbed = pool.free() > 4 && packet.absorb(other);
                if (!absorbed) {
                    other.release();
                }
                return absorbed ? joined(model, joined(some, some)) : model;
            }
            case 2 -> {
                int count = random.nextInt(model.length + 1);
                packet.pull(count);
                return Arrays.copyOfRange(model, count, model.length);
            }
            case 3 -> {
                int length = random.nextInt(model.length + 50);
                packet.trim(length);
                return Arrays.copyOf(model, Math.min(length, model.length));
            }
            case 4 -> {
                int count = Math.min(some.length, packet.headRoom());
                packet.push(count);
                packet.copyIn(0, some, 0, count);
                return joined(Arrays.copyOf(some, count), model);
            }
            default -> {
                int count = random.nextInt(model.length + 1);
                boolean fits = count <= packet.headLength() + packet.tailRoom();
                assertEquals(fits, packet.gather(count));
                return model;
            }
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
