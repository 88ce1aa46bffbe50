package biscotti.tools.boot;

import java.util.List;
import java.util.Locale;

/**
 * How HotSpot lays objects out in the kernel's heap. What an object takes depends on it, so the analyser of heap bounds asks
 * here, and the JVM's options come from here.
 *
 * <p>An object is its header, then its fields (a reference has {@link #referenceBytes}), rounded up to {@value
 * #ALIGNMENT} bytes. An array is its header with the length in it, then its elements, rounded up too. Where an element has 8 bytes,
 * the first lies at a multiple of 8.
 *
 * @param collector the collector of the heap
 * @param referenceBytes what a reference takes: 4 compressed, 8 under ZGC, which cannot compress them
 * @param headerBytes what every object begins with: 12, or 8 with compact headers
 */
public record HeapLayout(Collector collector, int referenceBytes, int headerBytes) {
    /** Every object begins at a multiple of this. */
    public static final int ALIGNMENT = 8;

    private static final int LENGTH_BYTES = 4;
    private static final int COMPACT_HEADER = 8;
    private static final int HEADER = 12;

    /** The layout of a kernel with the given collector. */
    public static HeapLayout of(Collector collector) {
        return new HeapLayout(collector, collector == Collector.Z ? 8 : 4, HEADER);
    }

    /** The same with smaller headers than HotSpot is told to give: what is found for it is too little, as a test needs. */
    public HeapLayout mistaken() {
        return new HeapLayout(collector, referenceBytes, COMPACT_HEADER);
    }

    /** Whether objects have compact headers. */
    boolean compactHeaders() {
        return headerBytes == COMPACT_HEADER;
    }

    /** Whether references are compressed. */
    public boolean compressedReferences() {
        return referenceBytes == 4;
    }

    /** What every array begins with, its length included. */
    public int arrayHeaderBytes() {
        return headerBytes + LENGTH_BYTES;
    }

    /** The first line of the kernel's table of heap bounds: {@code layout reference=4 header=12}. */
    public String line() {
        return String.format(Locale.ROOT, "layout reference=%d header=%d", referenceBytes, headerBytes);
    }

    /** What makes HotSpot lay objects out like this. */
    List<String> options() {
        String compact = compactHeaders() ? "+" : "-";
        String compressed = compressedReferences() ? "+" : "-";
        return List.of("-XX:" + compact + "UseCompactObjectHeaders", "-XX:" + compressed + "UseCompressedOops");
    }
}
