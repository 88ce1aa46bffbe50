package biscotti.driver;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EMSGSIZE;
import static biscotti.abi.Errno.ENETDOWN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import biscotti.driver.network.CardModel;
import biscotti.driver.network.Frames;
import biscotti.driver.network.NetworkCard;
import biscotti.driver.network.Packet;
import biscotti.driver.network.PacketPool;
import biscotti.driver.network.PacketQueue;
import biscotti.driver.network.RecordingReceiver;
import biscotti.driver.network.Segments;
import biscotti.driver.pci.PciBus;
import biscotti.driver.pci.SimulatedPci;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.memory.FrameAllocator;
import biscotti.sched.KernelLog;
import biscotti.sched.KernelThread;
import biscotti.sched.Scheduler;
import biscotti.sched.TestThreads;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every driver of network cards promises, tried with a model of its card. */
@Timeout(60)
public abstract class CardConformance {
    private static final int PACKETS = 4096;

    /** The machine that the card is attached to. */
    protected final SimulatedMachine machine =
            SimulatedMachine.builder().cpus(2).memory(64L << 20).build();

    private final KernelLog log = new KernelLog(machine);
    private final Scheduler scheduler = new Scheduler(machine, log);
    private final FrameAllocator frames = new FrameAllocator(machine);
    private final PacketPool pool = PacketPool.of(machine, frames, PACKETS);
    private final RecordingReceiver receiver = new RecordingReceiver(machine);
    private CardModel model;
    private NetworkCard card;
    private int posted;
    private long freeFrames;

    /** Attaches a model of a card to the machine. */
    protected abstract CardModel attach(SimulatedPci pci);

    /**
     * What is expected of the card.
     *
     * @param filters whether it leaves out what is for others
     */
    public record Expected(
            String description, int queues, boolean checksum, boolean segmentation, boolean filters, int mostMtu) {}

    /** What is expected of the card. */
    protected abstract Expected expected();

    @BeforeEach
    final void start() throws InterruptedException {
        model = attach(new SimulatedPci(machine));
        scheduler.start();
        run(() -> {
            MachineNetworkCards all =
                    MachineNetworkCards.find(PciBus.scan(machine, log), machine, scheduler, frames, pool, log);
            assertEquals(1, all.count(), machine.log());
            card = all.card(0);
            card.start(receiver);
            posted = PACKETS - pool.free();
            freeFrames = frames.freeFrames();
        });
        receiver.awaitLink(card, true);
    }

    @AfterEach
    final void close() {
        receiver.release();
        TestThreads.stop(scheduler);
        machine.close();
        model.close();
        assertEquals(List.of(), model.violations());
        assertEquals(0, scheduler.failures(), machine.log());
    }

    /** Runs something on a kernel thread. */
    private void run(Runnable body) throws InterruptedException {
        TestThreads.run(machine, scheduler, body);
        assertEquals(List.of(), model.violations());
    }

    /** Waits until the card has given all packets back that it need not have. */
    private void awaitNoLeak() {
        receiver.release();
        long deadline = System.nanoTime() + 10_000_000_000L;
        while ((PACKETS - pool.free() != posted || frames.freeFrames() != freeFrames) && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertEquals(posted, PACKETS - pool.free(), "packets that the card has");
        assertEquals(freeFrames, frames.freeFrames(), "free frames");
    }

    private Packet packet(byte[] frame) {
        Packet packet = pool.take();
        packet.extend(frame.length);
        packet.copyIn(0, frame, 0, frame.length);
        return packet;
    }

    /** A packet whose bytes after the first ones lie in fragments of any lengths. */
    private Packet pieces(byte[] frame, int head, Random random) {
        Packet packet = packet(java.util.Arrays.copyOf(frame, head));
        int done = head;
        while (done < frame.length) {
            int rest = (frame.length > NetworkCard.USUAL_MTU ? card.features().mostPieces() : Packet.MOST_FRAGMENTS)
                    - packet.pieces();
            int least = (frame.length - done + rest - 1) / rest;
            int part = Math.min(frame.length - done, least + random.nextInt(1500));
            long memory = frames.allocate();
            int place = random.nextInt(4096 - part + 1);
            machine.memory().copyIn(memory + place, frame, done, part);
            assertTrue(packet.add(memory + place, part));
            frames.release(memory);
            done += part;
        }
        return packet;
    }

    private void sendAll(int queue, Packet packet, boolean more) {
        int error = card.send(queue, packet, more);
        while (error == -EAGAIN) {
            KernelThread.current().sleepUntil(machine.clock().monotonicNanos() + 1_000_000);
            error = card.send(queue, packet, more);
        }
        assertEquals(0, error);
    }

    @Test
    void theCardIsFound() {
        Expected expected = expected();
        assertEquals(expected.description(), card.description());
        assertEquals(CardModel.ADDRESS, card.hardwareAddress());
        assertEquals(expected.queues(), card.features().queues());
        assertEquals(expected.checksum(), card.features().checksum());
        assertEquals(expected.segmentation(), card.features().segmentation());
        assertEquals(expected.mostMtu(), card.features().mostMtu());
        assertEquals(expected.queues() + 1, card.threads());
        assertTrue(machine.log().contains("network card " + card.description() + ", address 52:54:00:12:34:56"));
    }

    @Test
    void whatComesIsReceivedInItsOrder() {
        for (int i = 0; i < 1000; i++) {
            byte[] frame = Frames.udp(4, 18 + i, i);
            model.arrive(0, frame);
            assertArrayEquals(frame, receiver.await(), "frame " + i);
        }
        assertEquals(0, card.counters().damaged());
        awaitNoLeak();
    }

    @Test
    void eachQueueIsServedByItsCpu() {
        for (int i = 0; i < 200; i++) {
            int queue = i % expected().queues();
            model.arrive(queue, Frames.udp(4, 100, i));
            assertArrayEquals(Frames.udp(4, 100, i), receiver.await());
            assertEquals(queue, receiver.lastQueue());
            assertEquals(queue, receiver.lastCpu());
        }
    }

    @Test
    void whatIsSentIsOnTheWireInItsOrder() throws InterruptedException {
        run(() -> {
            for (int i = 0; i < 1000; i++) {
                sendAll(0, packet(Frames.udp(4, 18 + i, i)), i % 3 != 2 && i != 999);
            }
        });
        for (int i = 0; i < 1000; i++) {
            assertArrayEquals(Frames.udp(4, 18 + i, i), model.awaitSent(), "frame " + i);
        }
        awaitNoLeak();
    }

    @Test
    void fragmentsAreGatheredOnTheWire() throws InterruptedException {
        Random random = new Random(11);
        run(() -> {
            for (int i = 0; i < 200; i++) {
                sendAll(
                        i % expected().queues(),
                        pieces(Frames.udp(4, 1400, i), 14 + random.nextInt(100), random),
                        false);
                assertArrayEquals(Frames.udp(4, 1400, i), model.awaitSent());
            }
        });
        awaitNoLeak();
    }

    @Test
    void checksumsThatAreLeftToTheCardAreRight() throws InterruptedException {
        assumeTrue(expected().checksum());
        run(() -> {
            for (int i = 0; i < 200; i++) {
                int version = i % 2 == 0 ? 4 : 6;
                boolean tcp = i % 4 >= 2;
                byte[] frame = tcp ? Frames.tcp(version, 100 + i, i) : Frames.udp(version, 100 + i, i);
                int start = Segments.transport(frame);
                Packet packet = packet(frame);
                packet.writeShort(start + (tcp ? 16 : 6), Segments.pseudoHeader(frame, frame.length - start));
                packet.leaveChecksum(start, start + (tcp ? 16 : 6));
                sendAll(0, packet, false);
                assertArrayEquals(frame, model.awaitSent(), "frame " + i);
            }
        });
        awaitNoLeak();
    }

    @Test
    void segmentsThatAreLeftToTheCardAreRight() throws InterruptedException {
        assumeTrue(expected().segmentation());
        Random random = new Random(12);
        run(() -> {
            for (int i = 0; i < 60; i++) {
                int version = i % 2 == 0 ? 4 : 6;
                byte[] frame = Frames.tcp(version, 1 + random.nextInt(60_000), i);
                int size = 536 + random.nextInt(900);
                int start = Segments.transport(frame);
                Packet packet = pieces(frame, start + 32, random);
                packet.writeShort(start + 16, Segments.pseudoHeader(frame, frame.length - start));
                packet.leaveChecksum(start, start + 16);
                packet.setSegmentSize(size);
                sendAll(i % expected().queues(), packet, false);
                for (byte[] segment : Segments.of(frame, size)) {
                    assertTrue(Segments.isRight(segment));
                    assertArrayEquals(segment, model.awaitSent(), "frame " + i);
                }
            }
        });
        awaitNoLeak();
    }

    @Test
    void aFullQueueSaysSoAndWhenItIsNoMore() throws InterruptedException {
        run(() -> {
            model.stall(true);
            int sent = 0;
            Packet packet = packet(Frames.udp(4, 500, sent));
            while (card.send(0, packet, false) == 0) {
                sent++;
                assertTrue(sent < PACKETS / 2);
                packet = packet(Frames.udp(4, 500, sent));
            }
            assertTrue(sent >= 8, sent + " packets only");
            assertEquals(-EAGAIN, card.send(0, packet, false));
            assertArrayEquals(Frames.udp(4, 500, sent), Frames.bytes(packet));
            model.stall(false);
            receiver.awaitRoom(0);
            sendAll(0, packet, false);
            for (int i = 0; i <= sent; i++) {
                assertArrayEquals(Frames.udp(4, 500, i), model.awaitSent());
            }
        });
        awaitNoLeak();
    }

    @Test
    void withoutFreePacketsWhatComesIsDroppedAndCounted() throws InterruptedException {
        run(() -> {
            PacketQueue all = new PacketQueue();
            for (Packet packet = pool.take(); !packet.isNone(); packet = pool.take()) {
                all.add(packet);
            }
            int few = 48; // as many as any card has a place for, so that none is lost before the driver sees it
            for (int i = 0; i < few; i++) {
                model.arrive(0, Frames.udp(4, 300, i));
            }
            while (card.counters().missed() < few) {
                KernelThread.current().sleepUntil(machine.clock().monotonicNanos() + 1_000_000);
            }
            assertEquals(few, card.counters().missed());
            all.release();
        });
        byte[] last = Frames.udp(4, 300, 1000);
        model.arrive(0, last);
        receiver.awaitUntil(last);
        awaitNoLeak();
    }

    @Test
    void linksComeAndGo() throws InterruptedException {
        assumeTrue(!(expected().description().contains("00:04.0"))); // says nothing of its link
        run(() -> {
            model.setLink(false);
            receiver.awaitLink(card, false);
            Packet packet = packet(Frames.udp(4, 100, 1));
            assertEquals(-ENETDOWN, card.send(0, packet, false));
            model.setLink(true);
            receiver.awaitLink(card, true);
            sendAll(0, packet, false);
            assertArrayEquals(Frames.udp(4, 100, 1), model.awaitSent());
        });
    }

    @Test
    void onlyWhatIsForTheCardIsReceivedUnlessAskedFor() throws InterruptedException {
        assumeTrue(expected().filters());
        byte[] other = Frames.udp(4, 100, 1);
        other[5] ^= 1;
        byte[] group = Frames.udp(4, 100, 2);
        group[0] |= 1;
        model.arrive(0, other);
        model.arrive(0, group);
        assertArrayEquals(group, receiver.await());
        run(() -> card.setPromiscuous(true));
        model.arrive(0, other);
        assertArrayEquals(other, receiver.await());
        run(() -> card.setPromiscuous(false));
        model.arrive(0, other);
        model.arrive(0, group);
        assertArrayEquals(group, receiver.await());
    }

    @Test
    void jumboFramesAreReceivedOnceTheMtuAllows() throws InterruptedException {
        run(() -> {
            assertEquals(-EINVAL, card.setMtu(expected().mostMtu() + 1));
            assertEquals(-EINVAL, card.setMtu(67));
            assertEquals(0, card.setMtu(expected().mostMtu()));
        });
        assumeTrue(expected().mostMtu() > NetworkCard.USUAL_MTU);
        for (int i = 0; i < 50; i++) {
            byte[] frame = Frames.udp(4, expected().mostMtu() - 28 - i, i);
            model.arrive(0, frame);
            assertArrayEquals(frame, receiver.await());
        }
        run(() -> assertEquals(0, card.setMtu(NetworkCard.USUAL_MTU)));
        model.arrive(0, Frames.udp(4, 100, 3));
        assertArrayEquals(Frames.udp(4, 100, 3), receiver.await());
        awaitNoLeak();
    }

    @Test
    void aPacketWithoutRoomForTheCardIsRefused() throws InterruptedException {
        run(() -> {
            Packet packet = pool.take();
            packet.reserve(NetworkCard.HEAD_ROOM - 1);
            packet.extend(60);
            assertEquals(-EMSGSIZE, card.send(0, packet, false));
            packet.release();
        });
        assertEquals(1, card.counters().unsent());
    }

    /** Both directions, all queues, at once. */
    @Test
    void nothingIsLostUnderLoad() throws InterruptedException {
        int rounds = 3000;
        Runnable[] senders = new Runnable[expected().queues()];
        for (int q = 0; q < senders.length; q++) {
            int queue = q;
            senders[q] = () -> {
                Random random = new Random(queue);
                for (int i = 0; i < rounds; i++) {
                    byte[] frame = Frames.udp(4, 18 + random.nextInt(1400), i);
                    sendAll(queue, random.nextBoolean() ? packet(frame) : pieces(frame, 42, random), false);
                    if (i % 10 == 0) {
                        model.arrive(queue, frame);
                    }
                }
            };
        }
        TestThreads.run(machine, scheduler, senders);
        for (int i = 0; i < rounds * senders.length; i++) {
            assertTrue(Segments.isRight(model.awaitSent()));
        }
        for (int i = 0; i < rounds / 10 * senders.length; i++) {
            assertTrue(Segments.isRight(receiver.await()));
        }
        assertFalse(card.counters().damaged() > 0);
        awaitNoLeak();
    }
}
