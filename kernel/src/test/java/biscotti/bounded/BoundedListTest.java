package biscotti.bounded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BoundedListTest {
    @Test
    void itReportsBeingFull() {
        BoundedList<String> list = new BoundedList<>(2);
        assertTrue(list.add("a"));
        assertTrue(list.add("b"));
        assertFalse(list.add("c"));
        assertEquals(2, list.size());
        assertEquals("a", list.get(0));
        assertEquals("b", list.get(1));
    }
}
