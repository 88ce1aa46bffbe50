package biscotti.tools.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The layout that the analyser counts with is the one that the JVM is told to have. */
final class HeapLayoutTest {
    @Test
    void onlyZgcHasReferencesOfEightBytes() {
        assertEquals(4, HeapLayout.of(Collector.G1).referenceBytes());
        assertEquals(4, HeapLayout.of(Collector.SERIAL).referenceBytes());
        assertEquals(8, HeapLayout.of(Collector.Z).referenceBytes());
    }

    @Test
    void anArraysHeaderHasItsLength() {
        assertEquals(16, HeapLayout.of(Collector.G1).arrayHeaderBytes());
        assertEquals(12, new HeapLayout(Collector.G1, 4, 8).arrayHeaderBytes());
    }

    @Test
    void theJvmIsToldTheSame() {
        assertTrue(HeapLayout.of(Collector.G1).options().contains("-XX:+UseCompressedOops"));
        assertTrue(HeapLayout.of(Collector.G1).options().contains("-XX:-UseCompactObjectHeaders"));
        assertFalse(HeapLayout.of(Collector.Z).options().contains("-XX:+UseCompressedOops"));
    }

    @Test
    void theTablesFirstLineNamesIt() {
        assertEquals("layout reference=4 header=12", HeapLayout.of(Collector.G1).line());
    }
}
