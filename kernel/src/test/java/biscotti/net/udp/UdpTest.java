package biscotti.net.udp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.Errno;
import biscotti.abi.MessageFlags;
import biscotti.abi.Poll;
import biscotti.abi.SocketOptions;
import biscotti.abi.SocketTypes;
import biscotti.driver.network.PacketPool;
import biscotti.file.KernelTransfer;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.memory.FrameAllocator;
import biscotti.net.Incoming;
import biscotti.net.Outgoing;
import biscotti.net.Requester;
import biscotti.net.Socket;
import biscotti.net.SocketAddress;
import biscotti.net.SocketSlot;
import biscotti.net.TestRequester;
import biscotti.net.ip.InternetAddress;
import biscotti.net.ip.Ip;
import biscotti.net.ip.IpSettings;
import biscotti.net.ip.NetworkInterface;
import biscotti.net.ip.Protocols;
import biscotti.net.ip.Route;
import biscotti.net.ip.WireCard;
import biscotti.sched.KernelLog;
import biscotti.sched.Scheduler;
import biscotti.sched.TestThreads;
import biscotti.sched.Waiter;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sockets of UDP on two hosts at a wire, as udp(7), ip(7) and socket(7) promise; the errors are Linux's. */
@Timeout(60)
class UdpTest {
    private static final int ONE = 0x0a00_0001;
    private static final int TWO = 0x0a00_0002;
    private static final int ALL = 0x0a00_00ff;
    private static final int PREFIX = 24;
    private static final int PACKETS = 1024;
    private static final int PORT = 4000;
    private static final SocketAddress UNSPECIFIED = new SocketAddress(new byte[InternetAddress.BYTES], 16);

    private final Requester root = new TestRequester(0, true);
    private final Requester user = new TestRequester(1000, false);
    private SimulatedMachine machine;
    private Scheduler scheduler;
    private FrameAllocator frames;
    private PacketPool pool;
    private long freeFrames;
    private Udp one;
    private Udp two;

    @BeforeEach
    void build() {
        machine = SimulatedMachine.builder().cpus(2).build();
        scheduler = new Scheduler(machine, new KernelLog(machine));
        frames = new FrameAllocator(machine);
        pool = PacketPool.of(machine, frames, PACKETS);
        freeFrames = frames.freeFrames();
        WireCard left = new WireCard(scheduler, pool, 0x02_0000_0000_01L);
        WireCard right = new WireCard(scheduler, pool, 0x02_0000_0000_02L);
        WireCard.join(left, right);
        one = host(left, ONE);
        two = host(right, TWO);
        scheduler.start();
    }

    private Udp host(WireCard card, int address) {
        Ip ip = new Ip(machine, scheduler, pool);
        NetworkInterface device = ip.attach(card).orElseThrow();
        device.configure(address, PREFIX);
        assertEquals(0, ip.routes().add(new Route(address, PREFIX, InternetAddress.ANY, device, 0)));
        Udp udp = new Udp(machine, ip, pool, frames, () -> 1_000_000_000L);
        ip.register(Protocols.UDP, udp);
        return udp;
    }

    /** Nothing may be left: no packet, no frame. */
    @AfterEach
    void close() throws InterruptedException {
        while (pool.free() != PACKETS || frames.freeFrames() != freeFrames) {
            Thread.sleep(1);
        }
        TestThreads.stop(scheduler);
        assertEquals(0, scheduler.failures(), machine.log());
        machine.close();
    }

    /** Runs what uses sockets on a kernel thread. */
    private void run(Runnable... bodies) throws InterruptedException {
        TestThreads.run(machine, scheduler, bodies);
    }

    private UdpSocket socket(Udp udp, Requester who) {
        SocketSlot made = new SocketSlot();
        assertEquals(0, udp.create(who, made));
        return (UdpSocket) made.get();
    }

    private UdpSocket bound(Udp udp, int address, int port) {
        UdpSocket socket = socket(udp, root);
        assertEquals(0, socket.bind(root, InternetAddress.of(address, port)));
        return socket;
    }

    private static void close(Socket... sockets) {
        for (Socket each : sockets) {
            each.close(cargo -> {});
        }
    }

    private long send(Socket from, byte[] bytes, SocketAddress to) {
        Outgoing out = new Outgoing(new KernelTransfer(machine.memory(), bytes, 0, bytes.length), 0, 0);
        out.setDestination(to);
        return from.send(root, out);
    }

    private Incoming incoming(byte[] room, int flags, long deadline) {
        return new Incoming(new KernelTransfer(machine.memory(), room, 0, room.length), flags, deadline);
    }

    private byte[] receive(Socket at, SocketAddress expectedSource) {
        byte[] room = new byte[1 << Short.SIZE];
        Incoming message = incoming(room, 0, Waiter.FOREVER);
        long length = at.receive(root, message);
        assertTrue(length >= 0, () -> "receive: " + length);
        assertArrayEquals(expectedSource.bytes(), message.source().bytes());
        return Arrays.copyOf(room, (int) length);
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @Test
    void datagramsOfAllSizesArriveWhole() throws InterruptedException {
        run(() -> {
            UdpSocket sender = bound(one, InternetAddress.ANY, PORT);
            UdpSocket near = bound(one, InternetAddress.ANY, PORT + 1);
            UdpSocket far = bound(two, InternetAddress.ANY, PORT);
            for (int size : new int[] {0, 1, 1471, 1472, 1473, 5000, 65507}) {
                byte[] sent = bytes(size);
                assertEquals(size, send(sender, sent, InternetAddress.of(InternetAddress.LOOPBACK, PORT + 1)));
                assertArrayEquals(sent, receive(near, InternetAddress.of(InternetAddress.LOOPBACK, PORT)));
                if (size < 60_000) { // more pieces than a packet has behind a wire that copies
                    assertEquals(size, send(sender, sent, InternetAddress.of(TWO, PORT)));
                    assertArrayEquals(sent, receive(far, InternetAddress.of(ONE, PORT)));
                }
            }
            assertEquals(-Errno.EMSGSIZE, send(sender, bytes(65508), InternetAddress.of(TWO, PORT)));
            close(sender, near, far);
        });
    }

    @Test
    void whoeverReceivesWaits() throws InterruptedException {
        UdpSocket[] socket = new UdpSocket[1];
        run(() -> socket[0] = bound(two, TWO, PORT));
        run(() -> assertArrayEquals(bytes(3), receive(socket[0], InternetAddress.of(ONE, PORT + 1))), () -> {
            UdpSocket sender = bound(one, ONE, PORT + 1);
            assertEquals(3, send(sender, bytes(3), InternetAddress.of(TWO, PORT)));
            close(sender);
        });
        run(() -> {
            byte[] room = new byte[1];
            assertEquals(-Errno.EAGAIN, socket[0].receive(root, incoming(room, 0, 0)));
            assertEquals(-Errno.EAGAIN, socket[0].receive(root, incoming(room, 0, scheduler.now() + 1_000_000)));
            close(socket[0]);
        });
    }

    @Test
    void aShutdownEndsTheWait() throws InterruptedException {
        UdpSocket[] socket = new UdpSocket[1];
        run(() -> socket[0] = bound(two, TWO, PORT));
        run(
                () -> assertEquals(0, socket[0].receive(root, incoming(new byte[1], 0, Waiter.FOREVER))),
                () -> assertEquals(-Errno.ENOTCONN, socket[0].shutdown(SocketTypes.SHUT_RDWR)));
        run(() -> {
            assertEquals(Poll.POLLHUP, socket[0].events() & Poll.POLLHUP);
            assertEquals(-Errno.EPIPE, send(socket[0], bytes(1), InternetAddress.of(ONE, PORT)));
            close(socket[0]);
        });
    }

    @Test
    void aConnectedSocketIsToldThatThePortIsNobodys() throws InterruptedException {
        run(() -> {
            UdpSocket socket = socket(one, user);
            assertEquals(0, socket.connect(user, InternetAddress.of(TWO, PORT), 0));
            assertArrayEquals(
                    InternetAddress.of(TWO, PORT).bytes(), socket.peerName().bytes());
            assertEquals(ONE, InternetAddress.address(socket.name()));
            assertEquals(1, send(socket, bytes(1), SocketAddress.NONE));
            assertEquals(-Errno.ECONNREFUSED, socket.receive(user, incoming(new byte[1], 0, Waiter.FOREVER)));
            assertEquals(0, socket.connect(user, UNSPECIFIED, 0));
            assertEquals(0, InternetAddress.port(socket.name()));
            assertEquals(-Errno.EDESTADDRREQ, send(socket, bytes(1), SocketAddress.NONE));
            close(socket);
        });
    }

    @Test
    void namesAreGivenAsSocketOptionsAllow() throws InterruptedException {
        run(() -> {
            UdpSocket first = bound(one, ONE, PORT);
            UdpSocket second = socket(one, root);
            assertEquals(-Errno.EADDRINUSE, second.bind(root, InternetAddress.of(ONE, PORT)));
            assertEquals(-Errno.EADDRINUSE, second.bind(root, InternetAddress.of(InternetAddress.ANY, PORT)));
            assertEquals(-Errno.EADDRNOTAVAIL, second.bind(root, InternetAddress.of(TWO, PORT)));
            assertEquals(-Errno.EINVAL, second.bind(root, new SocketAddress(new byte[4], 4)));
            assertEquals(-Errno.EACCES, second.bind(user, InternetAddress.of(ONE, 53)));
            assertEquals(0, second.bind(root, InternetAddress.of(InternetAddress.LOOPBACK, PORT)));
            assertEquals(-Errno.EINVAL, second.bind(root, InternetAddress.of(ONE, PORT + 1)));
            UdpSocket third = socket(one, root);
            third.settings().set(root, SocketOptions.SO_REUSEADDR, 1);
            assertEquals(-Errno.EADDRINUSE, third.bind(root, InternetAddress.of(ONE, PORT)));
            first.settings().set(root, SocketOptions.SO_REUSEADDR, 1);
            assertEquals(0, third.bind(root, InternetAddress.of(ONE, PORT)));
            UdpSocket any = bound(one, InternetAddress.ANY, 0);
            assertNotEquals(0, InternetAddress.port(any.name()));
            close(first, second, third, any);
        });
    }

    @Test
    void aBufferIsBoundedAndOneLooksBeforeOneTakes() throws InterruptedException {
        run(() -> {
            UdpSocket sender = bound(one, InternetAddress.ANY, PORT);
            UdpSocket receiver = bound(one, InternetAddress.ANY, PORT + 1);
            SocketAddress to = InternetAddress.of(InternetAddress.LOOPBACK, PORT + 1);
            for (int i = 0; i < 5000; i++) {
                long sent = send(sender, bytes(10), to);
                assertTrue(sent == 10 || sent == -Errno.ENOBUFS, () -> "send: " + sent);
            }
            byte[] room = new byte[4];
            Incoming looked = incoming(room, MessageFlags.MSG_PEEK, Waiter.FOREVER);
            assertEquals(4, receiver.receive(root, looked));
            assertTrue(looked.truncated());
            assertEquals(10, receiver.received());
            assertEquals(10, receiver.receive(root, incoming(room, MessageFlags.MSG_TRUNC, 0)));
            assertArrayEquals(Arrays.copyOf(bytes(10), 4), room);
            close(sender, receiver);
        });
    }

    @Test
    void theSocketThatAskedForMostGetsADatagram() throws InterruptedException {
        run(() -> {
            UdpSocket sender = bound(one, ONE, PORT);
            UdpSocket other = bound(one, ONE, PORT + 1);
            UdpSocket[] all = new UdpSocket[3];
            for (int i = 0; i < all.length; i++) {
                all[i] = socket(two, root);
                all[i].settings().set(root, SocketOptions.SO_REUSEADDR, 1);
                assertEquals(0, all[i].bind(root, InternetAddress.of(i == 0 ? InternetAddress.ANY : TWO, PORT)));
            }
            assertEquals(0, all[2].connect(root, InternetAddress.of(ONE, PORT), 0));
            assertEquals(1, send(sender, bytes(1), InternetAddress.of(TWO, PORT)));
            assertArrayEquals(bytes(1), receive(all[2], InternetAddress.of(ONE, PORT)));
            assertEquals(2, send(other, bytes(2), InternetAddress.of(TWO, PORT)));
            assertArrayEquals(bytes(2), receive(all[1], InternetAddress.of(ONE, PORT + 1)));
            close(sender, other);
            close(all);
        });
    }

    @Test
    void aDatagramForAllComesToAll() throws InterruptedException {
        run(() -> {
            UdpSocket sender = bound(one, InternetAddress.ANY, PORT);
            UdpSocket[] all = new UdpSocket[2];
            for (int i = 0; i < all.length; i++) {
                all[i] = socket(two, root);
                all[i].settings().set(root, SocketOptions.SO_REUSEADDR, 1);
                assertEquals(0, all[i].bind(root, InternetAddress.of(InternetAddress.ANY, PORT)));
            }
            assertEquals(-Errno.EACCES, send(sender, bytes(9), InternetAddress.of(ALL, PORT)));
            sender.settings().set(root, SocketOptions.SO_BROADCAST, 1);
            for (int size : new int[] {9, 4000}) {
                assertEquals(size, send(sender, bytes(size), InternetAddress.of(ALL, PORT)));
                for (UdpSocket each : all) {
                    assertArrayEquals(bytes(size), receive(each, InternetAddress.of(ONE, PORT)));
                }
            }
            close(sender);
            close(all);
        });
    }

    @Test
    void socketsThatShareAPortShareTheSenders() throws InterruptedException {
        run(() -> {
            UdpSocket[] servers = new UdpSocket[4];
            for (int i = 0; i < servers.length; i++) {
                servers[i] = socket(one, root);
                servers[i].settings().set(root, SocketOptions.SO_REUSEPORT, 1);
                assertEquals(0, servers[i].bind(root, InternetAddress.of(InternetAddress.ANY, PORT)));
            }
            for (int i = 0; i < 100; i++) {
                UdpSocket client = bound(one, InternetAddress.LOOPBACK, PORT + 1 + i);
                assertEquals(1, send(client, bytes(1), InternetAddress.of(InternetAddress.LOOPBACK, PORT)));
                close(client);
            }
            int received = 0;
            for (UdpSocket each : servers) {
                assertTrue(each.receive(root, incoming(new byte[1], 0, Waiter.FOREVER)) == 1);
                received++;
                each.close(cargo -> {});
            }
            assertEquals(servers.length, received);
        });
    }

    @Test
    void optionsOfIpAreKept() throws InterruptedException {
        run(() -> {
            UdpSocket socket = bound(one, InternetAddress.ANY, PORT);
            IpSettings settings = socket.ipSettings();
            assertSame(settings, socket.ipSettings());
            assertEquals(64, settings.get(IpSettings.IP_TTL));
            assertEquals(-Errno.EINVAL, settings.set(IpSettings.IP_TTL, 0));
            assertEquals(0, settings.set(IpSettings.IP_TTL, 3));
            assertEquals(3, settings.get(IpSettings.IP_TTL));
            assertEquals(IpSettings.UNKNOWN, settings.get(99));
            assertEquals(0, settings.set(IpSettings.IP_MTU_DISCOVER, IpSettings.IP_PMTUDISC_DO));
            assertEquals(-Errno.EMSGSIZE, send(socket, bytes(1473), InternetAddress.of(TWO, PORT)));
            close(socket);
        });
    }
}
