package biscotti.file.socket;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.ECONNREFUSED;
import static biscotti.abi.Errno.ECONNRESET;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPIPE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.LittleEndian;
import biscotti.abi.MessageFlags;
import biscotti.abi.Poll;
import biscotti.abi.SocketTypes;
import biscotti.file.PollSet;
import biscotti.file.Slot;
import biscotti.file.TestCaller;
import biscotti.file.TestSystem;
import biscotti.sched.Waiter;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever meets in sockets, nothing is lost, nothing comes twice, nobody waits for ever, and nothing is left behind. */
@Timeout(120)
class SocketRaceTest {
    private static final int ROUNDS = 300;

    private final TestSystem system = new TestSystem(16 << 20);
    private final TestCaller caller = system.newCaller();
    private final Sockets sockets = new Sockets(system, caller);
    private final long seed = System.nanoTime();
    private long freeBefore;

    @BeforeEach
    void tellSeed() {
        System.out.println("seed " + seed);
        freeBefore = free();
    }

    private long free() {
        system.frames().drainCaches();
        return system.frames().freeFrames();
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, sockets.count());
        assertEquals(0, caller.socketAccount().sockets());
        assertEquals(0, caller.socketAccount().bytes());
        assertEquals(freeBefore, free());
        system.close();
    }

    @Test
    void bytesOfAStreamArriveInOrder() throws InterruptedException {
        Random random = new Random(seed);
        for (int type : new int[] {SocketTypes.SOCK_STREAM, SocketTypes.SOCK_SEQPACKET}) {
            SocketFile[] pair = sockets.pair(type);
            int total = 3_000_000;
            Random sizes = new Random(random.nextLong());
            Random rooms = new Random(random.nextLong());
            system.run(
                    () -> {
                        int sent = 0;
                        while (sent < total) {
                            byte[] part = new byte[Math.min(total - sent, 1 + sizes.nextInt(sizes.nextInt(60000) + 1))];
                            for (int i = 0; i < part.length; i++) {
                                part[i] = (byte) ((sent + i) * 31 >>> 3);
                            }
                            assertEquals(part.length, sockets.send(pair[0], part, 0));
                            sent += part.length;
                        }
                        pair[0].release();
                    },
                    () -> {
                        int got = 0;
                        long count = 1;
                        while (count > 0) {
                            byte[] part = new byte[type == SocketTypes.SOCK_STREAM ? 1 + rooms.nextInt(50000) : 60000];
                            count = sockets.receive(pair[1], part, 0);
                            for (int i = 0; i < count; i++) {
                                assertEquals((byte) ((got + i) * 31 >>> 3), part[i]);
                            }
                            got += (int) count;
                        }
                        assertEquals(total, got);
                        pair[1].release();
                    });
        }
    }

    @Test
    void aCloseEndsWhoeverWaitsAtTheOtherEnd() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            SocketFile[] pair = sockets.pair(round % 2 == 0 ? SocketTypes.SOCK_STREAM : SocketTypes.SOCK_SEQPACKET);
            system.run(
                    () -> {
                        long result;
                        do {
                            result = sockets.send(pair[0], new byte[30000], 0);
                        } while (result > 0);
                        assertTrue(result == -EPIPE || result == -ECONNRESET, () -> "a send");
                    },
                    () -> {
                        long result = sockets.receive(pair[0], new byte[10], 0);
                        assertTrue(result == 0 || result == -ECONNRESET, "a receive: " + result);
                    },
                    () -> {
                        sockets.receive(pair[1], new byte[100], 0);
                        pair[1].release();
                    });
            pair[0].release();
        }
    }

    @Test
    void eachConnectionIsAcceptedOrReset() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            SocketFile listener = sockets.listener(SocketTypes.SOCK_STREAM, "@listener", round % 3);
            AtomicInteger answered = new AtomicInteger();
            AtomicInteger accepted = new AtomicInteger();
            int accepts = round % 5;
            Runnable client = () -> {
                for (int i = 0; i < 3; i++) {
                    SocketFile socket = sockets.open(SocketTypes.SOCK_STREAM);
                    int error = sockets.connect(socket, "@listener", 0);
                    assertTrue(error == 0 || error == -ECONNREFUSED, () -> "connect: " + error);
                    if (error == 0) {
                        long sent = sockets.send(socket, new byte[] {1}, 0);
                        byte[] answer = new byte[1];
                        long got = sockets.receive(socket, answer, 0);
                        // A reset is told once, to the send if it comes in the middle of that.
                        boolean reset = got == -ECONNRESET || sent == -ECONNRESET && got == 0;
                        assertTrue(got == 1 || reset, () -> "sent: " + sent + ", answer: " + got);
                        answered.addAndGet(got == 1 ? 1 : 0);
                    }
                    socket.release();
                }
            };
            system.run(client, client, () -> {
                for (int i = 0; i < accepts; i++) {
                    Slot<SocketFile> connection = new Slot<>();
                    assertEquals(0, sockets.accept(listener, 0, connection));
                    accepted.incrementAndGet();
                    assertEquals(1, sockets.receive(connection.get(), new byte[1], 0));
                    assertEquals(1, sockets.send(connection.get(), new byte[] {2}, 0));
                    connection.get().release();
                }
                listener.release();
            });
            assertEquals(accepted.get(), answered.get());
        }
    }

    @Test
    void ofTwoConnectsOfASocketOneSucceeds() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            SocketFile listener = sockets.listener(SocketTypes.SOCK_SEQPACKET, "@one", 5);
            SocketFile socket = sockets.open(SocketTypes.SOCK_SEQPACKET);
            AtomicInteger connected = new AtomicInteger();
            Runnable client = () -> connected.addAndGet(sockets.connect(socket, "@one", 0) == 0 ? 1 : 0);
            system.run(client, client);
            assertEquals(1, connected.get());
            Slot<SocketFile> connection = new Slot<>();
            assertEquals(0, sockets.accept(listener, 0, connection));
            assertEquals(-EAGAIN, sockets.accept(listener, MessageFlags.MSG_DONTWAIT, new Slot<>()));
            assertEquals(2, sockets.send(socket, new byte[2], 0));
            assertEquals(2, sockets.receive(connection.get(), new byte[5], 0));
            connection.get().release();
            socket.release();
            listener.release();
        }
    }

    @Test
    void aShutdownEndsAnAccept() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            SocketFile listener = sockets.listener(SocketTypes.SOCK_STREAM, "@shut", 1);
            system.run(
                    () -> assertEquals(-EINVAL, sockets.accept(listener, 0, new Slot<>())),
                    () -> assertEquals(0, listener.socket().shutdown(SocketTypes.SHUT_RD)));
            listener.release();
        }
    }

    @Test
    void datagramsOfManySendersComeOnceAndInOrder() throws InterruptedException {
        SocketFile receiver = sockets.open(SocketTypes.SOCK_DGRAM);
        assertEquals(0, sockets.bind(receiver, "@receiver"));
        int each = 1500;
        int senders = 3;
        Runnable[] bodies = new Runnable[senders + 1];
        for (int sender = 0; sender < senders; sender++) {
            int number = sender;
            bodies[sender] = () -> {
                SocketFile socket = sockets.open(SocketTypes.SOCK_DGRAM);
                if (number > 0) {
                    assertEquals(0, sockets.connect(socket, "@receiver", 0));
                }
                for (int i = 0; i < each; i++) {
                    byte[] bytes = new byte[8 + i % 40];
                    LittleEndian.putInt(bytes, 0, number);
                    LittleEndian.putInt(bytes, 4, i);
                    if (number == 0) {
                        assertEquals(bytes.length, sockets.send(socket, Sockets.address("@receiver"), bytes, 0));
                    } else if (number == 1) {
                        assertEquals(bytes.length, sockets.send(socket, bytes, 0));
                    } else {
                        sendByPoll(socket, bytes);
                    }
                }
                socket.release();
            };
        }
        int[] next = new int[senders];
        bodies[senders] = () -> {
            for (int i = 0; i < senders * each; i++) {
                byte[] bytes = new byte[100];
                long count = sockets.receive(receiver, bytes, 0);
                int sender = LittleEndian.getInt(bytes, 0);
                assertEquals(next[sender], LittleEndian.getInt(bytes, 4));
                assertEquals(8 + next[sender] % 40, count);
                next[sender]++;
            }
        };
        system.run(bodies);
        assertEquals(-EAGAIN, sockets.receive(receiver, new byte[1], MessageFlags.MSG_DONTWAIT));
        receiver.release();
    }

    /** Sends without waiting, and waits with poll(2) for room. */
    private void sendByPoll(SocketFile socket, byte[] bytes) {
        while (sockets.send(socket, bytes, MessageFlags.MSG_DONTWAIT) == -EAGAIN) {
            PollSet set = new PollSet();
            set.add(1, socket, Poll.POLLOUT);
            assertEquals(1, set.await(Waiter.FOREVER));
        }
    }

    @Test
    void aReceiverThatClosesRefusesItsSenders() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            SocketFile receiver = sockets.open(SocketTypes.SOCK_DGRAM);
            assertEquals(0, sockets.bind(receiver, "/receiver" + round));
            String name = "/receiver" + round;
            Runnable sender = () -> {
                SocketFile socket = sockets.open(SocketTypes.SOCK_DGRAM);
                int error = sockets.connect(socket, name, 0);
                long result = error;
                while (result >= 0) {
                    result = sockets.send(socket, new byte[10], 0);
                }
                long last = result;
                assertTrue(last == -ECONNREFUSED, () -> "send: " + last);
                socket.release();
            };
            int receives = round % 20;
            system.run(sender, sender, () -> {
                for (int i = 0; i < receives; i++) {
                    assertEquals(10, sockets.receive(receiver, new byte[10], 0));
                }
                receiver.release();
            });
        }
    }

    @Test
    void everyWakeReachesOneOfManyReceivers() throws InterruptedException {
        SocketFile[] pair = sockets.pair(SocketTypes.SOCK_STREAM);
        AtomicInteger got = new AtomicInteger();
        int total = 6000;
        Runnable receiver = () -> {
            long count = 1;
            while (count > 0) {
                count = sockets.receive(pair[1], new byte[7], 0);
                got.addAndGet((int) Math.max(0, count));
            }
            assertEquals(0, count);
        };
        system.run(receiver, receiver, receiver, () -> {
            for (int i = 0; i < total / 10; i++) {
                assertEquals(10, sockets.send(pair[0], new byte[10], 0));
            }
            pair[0].release();
        });
        assertEquals(total, got.get());
        pair[1].release();
    }
}
