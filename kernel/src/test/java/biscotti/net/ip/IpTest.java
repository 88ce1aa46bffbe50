package biscotti.net.ip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.Errno;
import biscotti.driver.network.InternetChecksum;
import biscotti.driver.network.Packet;
import biscotti.driver.network.PacketPool;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.memory.FrameAllocator;
import biscotti.sched.KernelLog;
import biscotti.sched.Scheduler;
import biscotti.sched.TestThreads;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two hosts at a wire: echoes, datagrams in fragments, what cannot be delivered, and bytes without sense. */
@Timeout(60)
class IpTest {
    private static final int ONE = 0x0a00_0001;
    private static final int TWO = 0x0a00_0002;
    private static final int NOBODY = 0x0a00_0063;
    private static final int PREFIX = 24;
    private static final int PACKETS = 512;
    private static final int ECHO_HEADER = 8;

    private SimulatedMachine machine;
    private Scheduler scheduler;
    private PacketPool pool;
    private Ip one;
    private Ip two;

    /** What raw sockets of the first host would see. */
    private final BlockingQueue<byte[]> seen = new ArrayBlockingQueue<>(PACKETS);

    private final BlockingQueue<Integer> errors = new ArrayBlockingQueue<>(PACKETS);

    @BeforeEach
    void build() {
        machine = SimulatedMachine.builder().cpus(2).build();
        scheduler = new Scheduler(machine, new KernelLog(machine));
        pool = PacketPool.of(machine, new FrameAllocator(machine), PACKETS);
        WireCard left = new WireCard(scheduler, pool, 0x02_0000_0000_01L);
        WireCard right = new WireCard(scheduler, pool, 0x02_0000_0000_02L);
        WireCard.join(left, right);
        one = host(left, ONE);
        two = host(right, TWO);
        one.setRawReceiver((packet, protocol) -> {
            byte[] bytes = new byte[packet.length()];
            packet.copyOut(0, bytes, 0, bytes.length);
            return seen.offer(bytes);
        });
        one.register(Protocols.UDP, new Transport() {
            @Override
            public void receive(Packet packet, int source, int destination) {
                packet.release();
            }

            @Override
            public void failed(int source, int destination, long header, int error, boolean hard, int mtu) {
                assertTrue(errors.offer(error));
            }
        });
        scheduler.start();
    }

    private Ip host(WireCard card, int address) {
        Ip ip = new Ip(machine, scheduler, pool);
        NetworkInterface device = ip.attach(card).orElseThrow();
        device.configure(address, PREFIX);
        assertEquals(0, ip.routes().add(new Route(address, PREFIX, InternetAddress.ANY, device, 0)));
        return ip;
    }

    @AfterEach
    void close() {
        TestThreads.stop(scheduler);
        assertEquals(0, scheduler.failures(), machine.log());
        machine.close();
    }

    private Packet packet(byte[] bytes) {
        Packet packet = pool.take();
        int done = Math.min(bytes.length, packet.tailRoom());
        packet.extend(done);
        packet.copyIn(0, bytes, 0, done);
        while (done < bytes.length) {
            int part = Math.min(bytes.length - done, Packet.MOST_HEAD);
            Packet more = pool.take();
            more.extend(part);
            more.copyIn(0, bytes, done, part);
            assertTrue(packet.absorb(more));
            done += part;
        }
        return packet;
    }

    private int send(byte[] bytes, int protocol, int destination) throws InterruptedException {
        int[] error = new int[1];
        TestThreads.run(
                machine,
                scheduler,
                () -> error[0] =
                        one.send(packet(bytes), protocol, (int) one.sourceFor(destination), destination, 0, 64, 0));
        return error[0];
    }

    private byte[] echo(int size) {
        byte[] bytes = new byte[ECHO_HEADER + size];
        new Random(size).nextBytes(bytes);
        bytes[0] = 8;
        bytes[1] = 0;
        bytes[2] = 0;
        bytes[3] = 0;
        Packet packet = packet(bytes);
        int sum = InternetChecksum.sum(machine.memory(), packet, 0, bytes.length);
        packet.release();
        bytes[2] = (byte) (InternetChecksum.finish(sum) >>> 8);
        bytes[3] = (byte) InternetChecksum.finish(sum);
        return bytes;
    }

    /** The payload of the echo's reply, which has to be the echo's. */
    private void ping(int destination, int size) throws InterruptedException {
        byte[] echo = echo(size);
        assertEquals(0, send(echo, Protocols.ICMP, destination));
        byte[] reply = awaitReply();
        assertEquals(IpHeader.BYTES + echo.length, reply.length);
        byte[] expected = echo.clone();
        expected[0] = 0;
        byte[] got = new byte[echo.length];
        System.arraycopy(reply, IpHeader.BYTES, got, 0, got.length);
        expected[2] = got[2];
        expected[3] = got[3];
        assertArrayEquals(expected, got);
    }

    /** On the loopback interface the echo itself is seen, too. */
    private byte[] awaitReply() throws InterruptedException {
        byte[] got = seen.poll(30, TimeUnit.SECONDS);
        while (got[IpHeader.BYTES] != 0) {
            got = seen.poll(30, TimeUnit.SECONDS);
        }
        return got;
    }

    private void awaitAllPackets() throws InterruptedException {
        while (pool.free() != PACKETS) {
            Thread.sleep(1);
        }
    }

    @Test
    void echoesComeBackFromANeighbourAndFromThisHost() throws InterruptedException {
        for (int size : new int[] {0, 1, 56, 1472}) {
            ping(TWO, size);
            ping(InternetAddress.LOOPBACK, size);
            ping(ONE, size);
        }
        awaitAllPackets();
    }

    @Test
    void longDatagramsGoInFragmentsAndComeBackWhole() throws InterruptedException {
        for (int size : new int[] {1473, 5000, 20_000, 60_000}) {
            ping(TWO, size);
        }
        awaitAllPackets();
    }

    @Test
    void aTransportIsToldThatTheOtherHostHasNone() throws InterruptedException {
        assertEquals(0, send(new byte[ECHO_HEADER], Protocols.UDP, TWO));
        assertEquals(Errno.ENOPROTOOPT, errors.poll(30, TimeUnit.SECONDS));
        awaitAllPackets();
    }

    @Test
    void aTransportIsToldThatNobodyAnswersThere() throws InterruptedException {
        assertEquals(0, send(new byte[ECHO_HEADER], Protocols.UDP, NOBODY));
        assertEquals(Errno.EHOSTUNREACH, errors.poll(30, TimeUnit.SECONDS));
        awaitAllPackets();
    }

    @Test
    void withoutARouteNothingIsSent() throws InterruptedException {
        assertEquals(-Errno.ENETUNREACH, one.sourceFor(0x0b00_0001));
        assertEquals(-Errno.ENETUNREACH, send(new byte[ECHO_HEADER], Protocols.UDP, 0x0b00_0001));
        awaitAllPackets();
    }

    /** Bytes behind a header that has sense, and headers that have not: nothing is thrown, no packet is lost. */
    @Test
    void bytesWithoutSenseDoNoHarm() throws InterruptedException {
        long seed = System.nanoTime();
        System.out.println("IpTest: seed " + seed);
        Random random = new Random(seed);
        TestThreads.run(machine, scheduler, () -> {
            NetworkInterface device = two.interfaces().at(1);
            for (int i = 0; i < 20_000; i++) {
                byte[] bytes = new byte[random.nextInt(120)];
                random.nextBytes(bytes);
                Packet packet = packet(bytes);
                if (random.nextInt(8) != 0) {
                    packet.push(IpHeader.BYTES);
                    int protocol = random.nextBoolean() ? Protocols.ICMP : random.nextInt(Protocols.COUNT);
                    int fragment = random.nextInt(4) == 0 ? random.nextInt(1 << Short.SIZE) : 0;
                    int source = random.nextBoolean() ? ONE : random.nextInt();
                    IpHeader.write(packet, 0, random.nextInt(4), fragment, 1, protocol, source, TWO);
                }
                two.receive(device, packet);
            }
            two.dropFragments();
        });
        awaitAllPackets();
    }
}
