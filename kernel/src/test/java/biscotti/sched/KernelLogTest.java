package biscotti.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.machine.simulated.SimulatedMachine;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lines of the kernel log. */
class KernelLogTest {
    private final SimulatedMachine machine =
            SimulatedMachine.builder().manualClock().build();
    private final KernelLog log = new KernelLog(machine);

    @AfterEach
    void close() {
        machine.close();
    }

    private List<String> lines() {
        return machine.log().lines().toList();
    }

    private void setClock(long micros) {
        machine.clock()
                .advance(TimeUnit.MICROSECONDS.toNanos(micros) - machine.clock().monotonicNanos());
    }

    @Test
    void aLineBeginsWithSecondsAndMicrosecondsSinceBoot() {
        setClock(1_000_042);
        log.information("a");
        setClock(123_456_700_000L);
        log.warning("b");
        assertEquals(List.of("[    1.000042] a", "[123456.700000] warning: b"), lines());
    }

    @Test
    void aLongLineIsCut() {
        log.information("x".repeat(5000));
        log.information("y");
        assertEquals(2, lines().size());
        assertEquals(1100, lines().getFirst().length());
        assertTrue(lines().getLast().endsWith("] y"));
    }

    @Test
    void aReaderGetsEachLineWithItsPriorityNumberAndTime() {
        LogReader.Cursor cursor = new LogReader.Cursor();
        byte[] line = new byte[LogReader.LONGEST_RECORD];
        setClock(1_000_042);
        log.warning("a");
        log.information("b");
        assertEquals("4,0,1000042,-;warning: a\n", text(line, log.reader().next(cursor, line)));
        assertEquals("6,1,1000042,-;b\n", text(line, log.reader().next(cursor, line)));
        assertEquals(0, log.reader().next(cursor, line));
    }

    @Test
    void aReaderThatIsTooSlowHearsThatLinesWereLost() {
        LogReader.Cursor cursor = new LogReader.Cursor();
        byte[] line = new byte[LogReader.LONGEST_RECORD];
        for (int i = 0; i < 1000; i++) {
            log.information("x".repeat(100) + i);
        }
        assertEquals(-biscotti.abi.Errno.EPIPE, log.reader().next(cursor, line));
        String first = text(line, log.reader().next(cursor, line));
        int number = Integer.parseInt(first.split(",")[1]);
        assertTrue(number > 0 && first.endsWith("x" + number + "\n"), first);
    }

    @Test
    void theNewestLinesThatFitAreWhole() {
        byte[] text = new byte[LogReader.BYTES];
        log.information("a");
        log.information("b");
        assertEquals("<6>[    1.000000] b\n", text(text, log.reader().newest(text, 30)));
        log.reader().clear();
        assertEquals(0, log.reader().newest(text, text.length));
        assertEquals(40, log.reader().unread());
    }

    private static String text(byte[] bytes, int length) {
        return new String(bytes, 0, length, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    @Test
    void aBugIsToldWithItsStackAndWhatCausedIt() {
        log.error("bug in a call", new IllegalStateException("first", new IllegalArgumentException("second")));
        String text = machine.log();
        assertTrue(lines().getFirst().endsWith("error: bug in a call: java.lang.IllegalStateException: first"), text);
        assertTrue(lines().get(1).startsWith("\tat biscotti.sched.KernelLogTest.aBugIsTold"), text);
        assertTrue(lines().contains("Caused by: java.lang.IllegalArgumentException: second"), text);
    }

    @Test
    void whatMattersLessThanTheLevelIsDropped() {
        log.setLevel(KernelLog.Level.ERROR);
        log.warning("w");
        log.error("e");
        assertEquals(1, lines().size());
    }
}
