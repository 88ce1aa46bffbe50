package biscotti.tools.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SideBySideTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true);

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void worksRunAtTheSameTimeAndPrintInTheirOrder() throws IOException {
        CountDownLatch secondHasPrinted = new CountDownLatch(1);
        Totals totals = new SideBySide(2, out)
                .run(List.of(
                        stream -> {
                            stream.println("first begins");
                            await(secondHasPrinted);
                            stream.println("first ends");
                            return Totals.PASS;
                        },
                        stream -> {
                            stream.println("second");
                            secondHasPrinted.countDown();
                            return Totals.FAIL;
                        }));
        assertEquals(new Totals(1, 1, 0), totals);
        assertEquals("first begins\nfirst ends\nsecond\n", printed());
    }

    @Test
    void inOneLaneTheyRunOneAfterAnother() throws IOException {
        AtomicBoolean running = new AtomicBoolean();
        Part.Tests work = stream -> {
            assertTrue(running.compareAndSet(false, true));
            running.set(false);
            return Totals.PASS;
        };
        assertEquals(new Totals(3, 0, 0), new SideBySide(1, out).run(List.of(work, work, work)));
    }

    @Test
    void whoseTurnItIsPrintsAtOnce() throws IOException {
        new SideBySide(1, out).run(List.of(stream -> {
            stream.println("now");
            long deadline = System.nanoTime() + 10_000_000_000L;
            while (!printed().equals("now\n")) {
                assertTrue(System.nanoTime() < deadline);
                Thread.onSpinWait();
            }
            return Totals.NONE;
        }));
    }

    @Test
    void aWorkThatCannotGoOnEndsAll() {
        IOException failure = new IOException("no machine");
        List<Part.Tests> works = List.of(
                stream -> {
                    throw failure;
                },
                stream -> Totals.PASS);
        assertEquals(failure, assertThrows(IOException.class, () -> new SideBySide(1, out).run(works)));
    }
}
