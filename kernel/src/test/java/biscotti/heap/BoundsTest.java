package biscotti.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The table that the analyser writes. */
class BoundsTest {
    private static final List<String> TABLE = List.of(
            "layout reference=4 header=12",
            "system-call 39 getpid 0 0",
            "system-call 0 read 8208 unbounded",
            "",
            "unit page-fault 96 200",
            "unit unknown-call 1024 2048");

    @Test
    void systemCallsAndUnitsHaveTheirBounds() {
        Bounds bounds = Bounds.parse(TABLE);
        assertEquals("reference=4 header=12", bounds.layout());
        assertEquals(new Bounds.Bound("getpid", 0, 0), bounds.call(39));
        assertEquals(new Bounds.Bound("read", 8208, Bounds.UNBOUNDED), bounds.call(0));
        assertEquals(new Bounds.Bound("page-fault", 96, 200), bounds.unit("page-fault"));
        assertEquals(8208, bounds.largest());
    }

    @Test
    void numbersWithoutACallHaveTheBoundsOfUnknownOnes() {
        Bounds bounds = Bounds.parse(TABLE);
        for (int number : new int[] {500, 512 + 39, 1 << 30, -1, Integer.MIN_VALUE}) {
            assertEquals(1024, bounds.call(number).live(), "call " + number);
        }
        assertEquals(0, Bounds.NONE.call(500).live());
    }

    @Test
    void aLineThatIsNotUnderstoodIsAnError() {
        for (String line :
                List.of("system-call 39 getpid 0", "unit x 1", "what 1 2", "system-call 900 x 1 1", "unit x -1 0")) {
            assertThrows(IllegalArgumentException.class, () -> Bounds.parse(List.of(line)), line);
        }
    }
}
