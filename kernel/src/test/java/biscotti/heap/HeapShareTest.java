package biscotti.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A share of the heap ends where it is said to, and what is given back may be taken again. */
class HeapShareTest {
    private final HeapShare whole = new HeapShare(1000);

    @Test
    void thereIsRoomUntilTheLimitIsReached() {
        whole.take(999);
        assertTrue(whole.hasRoom());
        whole.take(1);
        assertFalse(whole.hasRoom());
        whole.give(1);
        assertTrue(whole.hasRoom());
        assertEquals(1, whole.free());
    }

    @Test
    void onePartAloneDoesNotTakeAll() {
        HeapShare one = whole.part();
        HeapShare other = whole.part();
        one.take(800);
        assertFalse(one.hasRoom());
        assertEquals(200, other.free());
        other.take(200);
        assertFalse(other.hasRoom());
        assertEquals(1000, whole.used());
        one.give(800);
        assertTrue(other.hasRoom());
        assertEquals(600, other.free());
        assertEquals(800, one.free());
    }

    @Test
    void whatCannotBeRefusedMayPassTheLimit() {
        HeapShare part = whole.part();
        part.take(5000);
        assertFalse(part.hasRoom());
        assertEquals(0, part.free());
        part.give(5000);
        assertEquals(800, part.free());
    }
}
