package biscotti.file.pipe;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EPIPE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import biscotti.abi.OpenFlags;
import biscotti.abi.Poll;
import biscotti.abi.SignalNumber;
import biscotti.file.OpenFile;
import biscotti.file.PollSet;
import biscotti.file.Slot;
import biscotti.file.TestCaller;
import biscotti.file.TestSystem;
import biscotti.sched.Waiter;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pipe does what pipe(7) says. */
@Timeout(60)
class PipeTest {
    private static final int CAPACITY = 65536;
    private static final int PIPE_BUF = 4096;

    private final TestSystem system = new TestSystem(8 << 20);
    private final TestCaller caller = system.newCaller();
    private final long freeBefore = system.frames().freeFrames();
    private final Slot<OpenFile> reader = new Slot<>();
    private final Slot<OpenFile> writer = new Slot<>();

    @BeforeEach
    void makePipe() {
        system.pipes().make(caller, 0, reader, writer);
    }

    @AfterEach
    void close() {
        system.close();
    }

    private long write(byte[] bytes) {
        return writer.get().write(caller, system.transfer(bytes));
    }

    private long write(int count) {
        return write(new byte[count]);
    }

    private long read(int count) {
        return reader.get().read(caller, system.transfer(new byte[count]));
    }

    @Test
    void whoMakesAPipeIsChargedForTheBytesInItUntilTheyAreReadOrThePipeIsGone() {
        TestCaller other = system.newCaller();
        assertEquals(CAPACITY, writer.get().write(other, system.transfer(new byte[CAPACITY])));
        assertEquals(CAPACITY, caller.frameAccount().bytes());
        assertEquals(0, other.frameAccount().bytes());
        assertEquals(CAPACITY - PIPE_BUF, reader.get().read(other, system.transfer(new byte[CAPACITY - PIPE_BUF])));
        assertEquals(2 * PIPE_BUF, caller.frameAccount().bytes()); // an empty pipe keeps one frame
        reader.get().release();
        writer.get().release();
        assertEquals(0, caller.frameAccount().bytes());
    }

    @Test
    void aWriteWakesTheReaderThatWaits() throws InterruptedException {
        system.run(
                () -> assertEquals("hello", system.read(caller, reader.get(), 100)),
                () -> assertEquals(5, write("hello".getBytes())));
    }

    @Test
    void aReadFromAFullPipeWakesTheWriterThatWaits() throws InterruptedException {
        system.run(() -> assertEquals(CAPACITY + 1, write(CAPACITY + 1)), () -> {
            long got = 0;
            while (got < CAPACITY + 1) {
                got += read(1000);
            }
            assertEquals(CAPACITY + 1, got);
        });
    }

    @Test
    void withoutWritersReadersFindTheEnd() throws InterruptedException {
        system.run(() -> assertEquals(0, read(1)), writer.get()::release);
    }

    @Test
    void withoutReadersAWriterGetsSigpipe() throws InterruptedException {
        system.run(
                () -> {
                    assertEquals(CAPACITY, write(CAPACITY));
                    assertEquals(-EPIPE, write(1));
                },
                () -> {
                    while (reader.get().events() == 0) {
                        Thread.yield();
                    }
                    reader.get().release();
                });
        assertEquals(List.of(SignalNumber.SIGPIPE), caller.signals());
    }

    @Test
    void aSmallWriteIsAllOrNothing() {
        writer.get().setFlags(OpenFlags.O_NONBLOCK);
        assertEquals(CAPACITY - 100, write(CAPACITY - 100));
        assertEquals(-EAGAIN, write(PIPE_BUF));
        assertEquals(100, write(100));
        assertEquals(-EAGAIN, write(1));
    }

    @Test
    void aLargeWriteThatMayNotWaitWritesWhatFits() {
        writer.get().setFlags(OpenFlags.O_NONBLOCK);
        assertEquals(CAPACITY, write(CAPACITY + PIPE_BUF));
    }

    @Test
    void readinessFollowsTheBytes() {
        assertEquals(0, reader.get().events());
        assertEquals(Poll.WRITABLE, writer.get().events());
        write(CAPACITY);
        assertEquals(Poll.READABLE, reader.get().events());
        assertEquals(0, writer.get().events());
        writer.get().release();
        assertEquals(Poll.READABLE | Poll.POLLHUP, reader.get().events());
    }

    @Test
    void pollWakesWhenAPipeBecomesReadable() throws InterruptedException {
        system.run(
                () -> {
                    PollSet set = new PollSet();
                    set.add(1, reader.get(), Poll.POLLIN);
                    assertEquals(1, set.await(Waiter.FOREVER));
                    assertEquals(Poll.POLLIN, set.iterator().next().ready());
                },
                () -> assertEquals(1, write(1)));
    }

    @Test
    void pollEndsAtItsDeadline() throws InterruptedException {
        system.run(() -> {
            PollSet set = new PollSet();
            set.add(1, reader.get(), Poll.POLLIN);
            assertEquals(0, set.await(system.scheduler().now() + 1_000_000));
        });
    }

    @Test
    void itsSizeCanBeChangedWhileItHoldsBytes() {
        PipeFile pipe = (PipeFile) writer.get();
        byte[] text = new byte[10000];
        new Random(1).nextBytes(text);
        write(text);
        assertEquals(16384, pipe.setCapacity(caller.identity(), 16000));
        assertEquals(16384, pipe.capacity());
        byte[] got = new byte[text.length];
        assertEquals(got.length, reader.get().read(caller, system.transfer(got)));
        assertArrayEquals(text, got);
    }

    @Test
    void theNewestBytesMayShareThePageOfTheOldest() {
        byte[] first = new byte[CAPACITY];
        new Random(1).nextBytes(first);
        write(first);
        assertEquals(PIPE_BUF + 100, read(PIPE_BUF + 100));
        byte[] second = new byte[PIPE_BUF + 50];
        new Random(2).nextBytes(second);
        write(second);
        assertEquals(PIPE_BUF - 100, read(PIPE_BUF - 100));
        Slot<OpenFile> otherReader = new Slot<>();
        Slot<OpenFile> otherWriter = new Slot<>();
        system.pipes().make(caller, 0, otherReader, otherWriter);
        assertEquals(CAPACITY, otherWriter.get().write(caller, system.transfer(new byte[CAPACITY])));
        read(CAPACITY - 2 * PIPE_BUF);
        byte[] got = new byte[second.length];
        assertEquals(got.length, reader.get().read(caller, system.transfer(got)));
        assertArrayEquals(second, got);
    }

    @Test
    void bytesKeepTheirOrderThroughTheRing() throws InterruptedException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        int total = 1 << 20;
        byte[] sent = new byte[total];
        new Random(seed).nextBytes(sent);
        byte[] got = new byte[total];
        system.run(
                () -> {
                    Random sizes = new Random(seed + 1);
                    for (int at = 0; at < total; ) {
                        byte[] part = new byte[Math.min(total - at, 1 + sizes.nextInt(9000))];
                        System.arraycopy(sent, at, part, 0, part.length);
                        assertEquals(part.length, write(part));
                        at += part.length;
                    }
                },
                () -> {
                    Random sizes = new Random(seed + 2);
                    for (int at = 0; at < total; ) {
                        byte[] part = new byte[Math.min(total - at, 1 + sizes.nextInt(9000))];
                        long count = reader.get().read(caller, system.transfer(part));
                        System.arraycopy(part, 0, got, at, (int) count);
                        at += (int) count;
                    }
                });
        assertArrayEquals(sent, got);
        reader.get().release();
        writer.get().release();
        system.frames().drainCaches();
        assertEquals(freeBefore, system.frames().freeFrames());
    }
}
