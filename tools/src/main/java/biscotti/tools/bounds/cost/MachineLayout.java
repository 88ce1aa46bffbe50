package biscotti.tools.bounds.cost;

import java.util.Locale;

/**
 * What the size of objects depends on.
 *
 * @param collector the garbage collector, as in the table that the kernel reads
 * @param reference bytes of a reference
 * @param compactHeaders whether an object's header has 8 bytes instead of 12
 */
public record MachineLayout(String collector, int reference, boolean compactHeaders) {
    private static final int COMPRESSED_CLASS = 4;
    private static final int MARK = 8;

    /**
     * The most that the frames of a sleeping thread take on the heap, in bytes: a stack chunk for 200 frames deep, as measured
     * on JDK 25 (7.9 KB), rounded up.
     */
    private static final int PARK = 8192;

    /** Frames that are kept of where an exception was made: chunks of 32, at most 128 deep in the kernel. */
    private static final int BACKTRACE_CHUNKS = 4;

    /** The layout under a collector: ZGC has no compressed references. */
    public static MachineLayout of(String collector, boolean compactHeaders) {
        String name = collector.toUpperCase(Locale.ROOT);
        return new MachineLayout(name, name.equals("Z") ? 8 : 4, compactHeaders);
    }

    /** Bytes before an object's first field. */
    public int header() {
        return compactHeaders ? MARK : MARK + COMPRESSED_CLASS;
    }

    /** Bytes before an array's first element. */
    public int arrayHeader(int element) {
        int end = header() + Integer.BYTES;
        return Math.ceilDiv(end, Math.max(element, Integer.BYTES)) * Math.max(element, Integer.BYTES);
    }

    /** The stack of a sleeping thread. */
    public long park() {
        return PARK;
    }

    /** Where an exception was made: per chunk a short, an int, a reference and a long for each of 32 frames. */
    public long backtrace() {
        return BACKTRACE_CHUNKS * (5L * 24 + 32L * (2 + 4 + reference + 8) + 6L * reference);
    }

    /** The first line of the table that the kernel reads. */
    public String line() {
        return "layout gc=" + collector + " reference=" + reference + " header=" + header();
    }
}
