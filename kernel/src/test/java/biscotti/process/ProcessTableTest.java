package biscotti.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Which numbers processes get. */
class ProcessTableTest {
    /** As on Linux (RESERVED_PIDS): what looks for the first process by a number near its own does not come upon it late in the day. */
    @Test
    void smallNumbersAreGivenOutOnce() {
        ProcessTable table = new ProcessTable();
        assertEquals(0, table.setMostNumbers(400));
        for (int i = 1; i < 350; i++) {
            assertEquals(i, table.takeNumber(0));
        }
        for (int i = 2; i < 350; i++) {
            table.unuse(i);
        }
        for (int i = 350; i < 400; i++) {
            assertEquals(i, table.takeNumber(0));
        }
        assertEquals(300, table.takeNumber(0));
        assertEquals(301, table.takeNumber(0));
        assertEquals(5, table.takeNumber(5));
        assertEquals(302, table.takeNumber(0));
    }
}
