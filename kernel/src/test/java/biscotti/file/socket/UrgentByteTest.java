package biscotti.file.socket;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import biscotti.abi.MessageFlags;
import biscotti.abi.Poll;
import biscotti.abi.SocketOptions;
import biscotti.abi.SocketTypes;
import biscotti.file.TestCaller;
import biscotti.file.TestSystem;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What MSG_OOB of send(2) and recv(2) promises of a Unix stream. */
class UrgentByteTest {
    private static final int STEPS = 20_000;
    private static final int NO_WAIT = MessageFlags.MSG_DONTWAIT;

    private final TestSystem system = new TestSystem(16 << 20);
    private final TestCaller caller = system.newCaller();
    private final Sockets sockets = new Sockets(system, caller);
    private final SocketFile[] pair = sockets.pair(SocketTypes.SOCK_STREAM);

    @AfterEach
    void nothingIsLeft() {
        pair[0].release();
        pair[1].release();
        assertEquals(0, sockets.count());
        assertEquals(0, caller.socketAccount().bytes());
        system.close();
    }

    private long send(String text, int flags) {
        return sockets.send(pair[0], text.getBytes(), flags | NO_WAIT);
    }

    private String receive(int room, int flags) {
        byte[] into = new byte[room];
        long count = sockets.receive(pair[1], into, flags | NO_WAIT);
        return count < 0 ? Long.toString(count) : new String(into, 0, (int) count);
    }

    @Test
    void theLastByteOfASendIsUrgent() {
        assertEquals(4, send("abcX", MessageFlags.MSG_OOB));
        assertEquals(Poll.POLLPRI, pair[1].ownEvents() & Poll.POLLPRI);
        assertEquals("X", receive(9, MessageFlags.MSG_OOB));
        assertEquals(0, pair[1].ownEvents() & Poll.POLLPRI);
        assertEquals("abc", receive(9, 0));
        assertEquals(String.valueOf(-EAGAIN), receive(9, 0));
    }

    @Test
    void aReceiveStopsAtTheMarkEvenIfItWantsAll() {
        send("abX", MessageFlags.MSG_OOB);
        send("cd", 0);
        assertEquals("ab", receive(4, MessageFlags.MSG_WAITALL));
        assertEquals(1, pair[1].socket().atMark());
        assertEquals("cd", receive(2, 0));
        assertEquals(String.valueOf(-EINVAL), receive(1, MessageFlags.MSG_OOB));
    }

    @Test
    void inLineItIsReceivedAmongTheOthers() {
        pair[1].socket().settings().set(caller, SocketOptions.SO_OOBINLINE, 1);
        send("abX", MessageFlags.MSG_OOB);
        send("cd", 0);
        assertEquals(String.valueOf(-EINVAL), receive(1, MessageFlags.MSG_OOB));
        assertEquals("ab", receive(9, 0));
        assertEquals("Xcd", receive(9, 0));
    }

    @Test
    void aSendOfNothingCannotBeUrgent() {
        assertEquals(-EOPNOTSUPP, send("", MessageFlags.MSG_OOB));
    }

    /** A byte of the stream as the model has it: of one that was received out of band only the mark is left. */
    private static final class Cell {
        final byte value;
        boolean mark;

        Cell(byte value) {
            this.value = value;
        }
    }

    private final Deque<Cell> model = new ArrayDeque<>();
    private Cell urgent;

    @Test
    void randomSendsAndReceivesAnswerAsAListOfBytesWould() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(4)) {
                case 0 -> sendRandom(random);
                case 1 -> receiveRandom(random.nextInt(12) + 1);
                case 2 -> receiveUrgent(random.nextBoolean());
                default -> compare();
            }
        }
    }

    private void sendRandom(Random random) {
        byte[] bytes = new byte[random.nextInt(6) + 1];
        random.nextBytes(bytes);
        boolean isUrgent = random.nextInt(3) == 0;
        long sent = sockets.send(pair[0], bytes, NO_WAIT | (isUrgent ? MessageFlags.MSG_OOB : 0));
        for (int i = 0; i < sent; i++) {
            model.add(new Cell(bytes[i]));
        }
        if (isUrgent && sent == bytes.length) {
            urgent = model.getLast();
        }
    }

    private void receiveRandom(int room) {
        byte[] expected = new byte[room];
        int count = 0;
        while (count < room && !model.isEmpty()) {
            Cell first = model.getFirst();
            boolean special = first.mark || first == urgent;
            if (special && count > 0) {
                break;
            }
            model.removeFirst();
            if (special) {
                urgent = first == urgent ? null : urgent;
            } else {
                expected[count] = first.value;
                count++;
            }
        }
        byte[] into = new byte[room];
        assertEquals(count == 0 ? -EAGAIN : count, sockets.receive(pair[1], into, NO_WAIT));
        assertArrayEquals(Arrays.copyOf(expected, count), Arrays.copyOf(into, count));
    }

    private void receiveUrgent(boolean peek) {
        byte[] into = new byte[3];
        int flags = MessageFlags.MSG_OOB | NO_WAIT | (peek ? MessageFlags.MSG_PEEK : 0);
        assertEquals(urgent == null ? -EINVAL : 1, sockets.receive(pair[1], into, flags));
        if (urgent != null) {
            assertEquals(urgent.value, into[0]);
            urgent.mark = !peek;
            urgent = peek ? urgent : null;
        }
    }

    private void compare() {
        assertEquals(
                model.stream().filter(cell -> !cell.mark).count(),
                pair[1].socket().received());
        assertEquals(
                urgent != null && model.getFirst() == urgent ? 1 : 0,
                pair[1].socket().atMark());
        assertEquals(urgent == null ? 0 : Poll.POLLPRI, pair[1].ownEvents() & Poll.POLLPRI);
    }
}
