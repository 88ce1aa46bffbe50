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
        assertEquals(600, lines().getFirst().length());
        assertTrue(lines().getLast().endsWith("] y"));
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
