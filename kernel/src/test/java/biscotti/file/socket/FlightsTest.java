package biscotti.file.socket;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.ECONNREFUSED;
import static biscotti.abi.Errno.ETOOMANYREFS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.MessageFlags;
import biscotti.abi.SocketTypes;
import biscotti.file.OpenFile;
import biscotti.file.Slot;
import biscotti.file.TestCaller;
import biscotti.file.TestSystem;
import biscotti.net.unix.Cargo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files in messages live as long as somebody can receive them, and no longer. */
@Timeout(120)
class FlightsTest {
    private static final byte[] TEXT = {1, 2, 3};

    private final TestSystem system = new TestSystem(16 << 20);
    private final TestCaller caller = system.newCaller();
    private final Sockets sockets = new Sockets(system, caller);
    private final Random random = new Random();
    private long freeBefore;

    @BeforeEach
    void seed() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        random.setSeed(seed);
        freeBefore = free();
    }

    private long free() {
        system.frames().drainCaches();
        return system.frames().freeFrames();
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, sockets.count());
        assertEquals(freeBefore, free());
        system.close();
    }

    /** What the test knows of a socket: what its queue holds, message by message, and who is connected to it. */
    private static final class Known {
        final SocketFile file;
        final Deque<List<Known>> queue = new ArrayDeque<>();
        Known peer;

        Known(SocketFile file) {
            this.file = file;
        }
    }

    /** Sockets that can be reached from those that are open. */
    private static Set<Known> reachable(List<Known> open) {
        Set<Known> reached = new HashSet<>(open);
        Deque<Known> left = new ArrayDeque<>(open);
        while (!left.isEmpty()) {
            for (List<Known> message : left.remove().queue) {
                for (Known inside : message) {
                    if (reached.add(inside)) {
                        left.add(inside);
                    }
                }
            }
        }
        return reached;
    }

    /** Against a model: after each step there are exactly the sockets that an open one leads to. */
    @Test
    void socketsLiveAsLongAsTheyCanBeReached() {
        List<Known> open = new ArrayList<>();
        Map<OpenFile, Known> known = new HashMap<>();
        int steps = 30_000;
        for (int step = 0; step < steps; step++) {
            int choice = random.nextInt(10);
            if (choice < 2 && open.size() < 24 || open.isEmpty()) {
                int[] types = {SocketTypes.SOCK_STREAM, SocketTypes.SOCK_DGRAM, SocketTypes.SOCK_SEQPACKET};
                SocketFile[] pair = sockets.pair(types[random.nextInt(3)]);
                Known one = new Known(pair[0]);
                Known other = new Known(pair[1]);
                one.peer = other;
                other.peer = one;
                open.add(one);
                open.add(other);
                known.put(pair[0], one);
                known.put(pair[1], other);
            } else if (choice < 6) {
                send(open);
            } else if (choice < 8) {
                receive(open, known);
            } else {
                Known closed = open.remove(random.nextInt(open.size()));
                closed.file.release();
            }
            Set<Known> alive = reachable(open);
            assertEquals(alive.size(), sockets.count(), "after step " + step);
            known.values().retainAll(alive);
        }
        for (Known each : open) {
            each.file.release();
        }
    }

    private void send(List<Known> open) {
        Known from = open.get(random.nextInt(open.size()));
        List<Known> content = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            content.add(open.get(random.nextInt(open.size())));
        }
        OpenFile[] files = content.stream().map(each -> each.file).toArray(OpenFile[]::new);
        long result = sockets.send(from.file, TEXT, MessageFlags.MSG_DONTWAIT | MessageFlags.MSG_NOSIGNAL, files);
        if (result > 0) {
            from.peer.queue.add(content);
        } else if (result == -ECONNREFUSED) {
            from.queue
                    .clear(); // as on Linux: a datagram socket that learns that its peer is gone forgets what that has
            // sent
        }
    }

    private void receive(List<Known> open, Map<OpenFile, Known> known) {
        Known to = open.get(random.nextInt(open.size()));
        boolean peek = random.nextInt(4) == 0;
        int flags = MessageFlags.MSG_DONTWAIT | (peek ? MessageFlags.MSG_PEEK : 0);
        Slot<Cargo> slot = new Slot<>();
        long count = sockets.receive(to.file, new byte[TEXT.length], flags, slot);
        if (!(slot.get() instanceof FileCargo cargo)) {
            assertTrue(count <= 0 || to.queue.isEmpty(), "files are missing");
            return;
        }
        List<Known> content = peek ? to.queue.peek() : to.queue.remove();
        assertEquals(content.size(), cargo.count());
        for (int i = 0; i < content.size(); i++) {
            assertEquals(content.get(i).file, cargo.get(i));
        }
        if (random.nextBoolean()) {
            Known kept = known.get(cargo.get(0));
            kept.file.retain();
            open.add(kept);
        }
        cargo.discard();
    }

    @Test
    void manyThreadsLeaveNothingBehind() throws InterruptedException {
        Sockets[] callers = new Sockets[3];
        for (int i = 0; i < callers.length; i++) {
            callers[i] = new Sockets(system, system.newCaller());
        }
        freeBefore = free();
        for (int round = 0; round < 60; round++) {
            SocketFile[] shared = new SocketFile[8];
            for (int i = 0; i < shared.length; i += 2) {
                SocketFile[] pair = sockets.pair(i % 4 == 0 ? SocketTypes.SOCK_STREAM : SocketTypes.SOCK_DGRAM);
                shared[i] = pair[0];
                shared[i + 1] = pair[1];
            }
            Runnable[] bodies = new Runnable[callers.length];
            for (int i = 0; i < bodies.length; i++) {
                Random its = new Random(random.nextLong());
                Sockets mine = callers[i];
                bodies[i] = () -> exchange(its, mine, shared);
            }
            system.run(bodies);
            for (SocketFile each : shared) {
                each.release();
            }
            assertEquals(0, sockets.count());
        }
    }

    private static void exchange(Random its, Sockets mine, SocketFile[] shared) {
        List<OpenFile> kept = new ArrayList<>();
        for (int step = 0; step < 60; step++) {
            SocketFile socket = shared[its.nextInt(shared.length)];
            int flags = MessageFlags.MSG_DONTWAIT | MessageFlags.MSG_NOSIGNAL;
            if (its.nextInt(3) > 0) {
                SocketFile[] pair = mine.pair(SocketTypes.SOCK_STREAM);
                mine.send(pair[0], TEXT, flags, pair[its.nextInt(2)], shared[its.nextInt(shared.length)]);
                mine.send(socket, TEXT, flags, pair[its.nextInt(2)]);
                pair[0].release();
                pair[1].release();
            } else {
                Slot<Cargo> slot = new Slot<>();
                mine.receive(socket, new byte[9], MessageFlags.MSG_DONTWAIT, slot);
                if (slot.get() instanceof FileCargo cargo) {
                    cargo.get(0).retain();
                    kept.add(cargo.get(0));
                }
                slot.get().discard();
            }
            if (kept.size() > 3) {
                kept.removeFirst().release();
            }
        }
        kept.forEach(OpenFile::release);
    }

    @Test
    void aLongChainIsClosedWithoutRecursion() {
        SocketFile[] last = sockets.pair(SocketTypes.SOCK_STREAM);
        for (int i = 0; i < 3000; i++) {
            SocketFile[] next = sockets.pair(SocketTypes.SOCK_STREAM);
            assertEquals(3, sockets.send(next[0], TEXT, 0, last[0], last[1]));
            last[0].release();
            last[1].release();
            last = next;
        }
        last[0].release();
        last[1].release();
    }

    @Test
    void aUserHasAsManyOnTheWayAsDescriptors() {
        TestCaller poor = system.newCaller(new biscotti.file.Identity() {
            @Override
            public int userId() {
                return 1000;
            }

            @Override
            public int groupId() {
                return 1000;
            }

            @Override
            public boolean inGroup(int group) {
                return false;
            }

            @Override
            public boolean has(int capability) {
                return false;
            }
        });
        poor.openFilesLimit = 20;
        freeBefore = free();
        Sockets its = new Sockets(system, poor);
        SocketFile[] pair = its.pair(SocketTypes.SOCK_DGRAM);
        int sent = 0;
        long result = 0;
        while (result >= 0) {
            result = its.send(pair[0], TEXT, MessageFlags.MSG_DONTWAIT, pair[0]);
            sent += result >= 0 ? 1 : 0;
        }
        assertEquals(-ETOOMANYREFS, result);
        assertEquals(21, sent);
        assertEquals(3, its.receive(pair[1], new byte[3], 0));
        assertEquals(3, its.send(pair[0], TEXT, MessageFlags.MSG_DONTWAIT, pair[0]));
        for (int i = 0; i < 21; i++) {
            assertEquals(3, its.receive(pair[1], new byte[3], 0));
        }
        assertEquals(-EAGAIN, its.receive(pair[1], new byte[3], MessageFlags.MSG_DONTWAIT));
        pair[0].release();
        pair[1].release();
    }
}
