package biscotti.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class EscapeKeyTest {
    private final EscapeKey escape = new EscapeKey();

    @Test
    void otherKeysPass() {
        assertEquals("ab\u0003\r", type("ab\u0003\r"));
        assertFalse(escape.stop());
    }

    @Test
    void controlAXStopsEvenIfItComesInTwoReads() {
        assertEquals("a", type("a\u0001"));
        assertEquals("", type("x"));
        assertTrue(escape.stop());
    }

    @Test
    void controlATwiceIsOne() {
        assertEquals("\u0001x", type("\u0001\u0001x"));
        assertFalse(escape.stop());
    }

    private String type(String keys) {
        byte[] bytes = keys.getBytes(StandardCharsets.US_ASCII);
        return new String(bytes, 0, escape.filter(bytes, bytes.length), StandardCharsets.US_ASCII);
    }
}
