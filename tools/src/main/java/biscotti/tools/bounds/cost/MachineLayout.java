package biscotti.tools.bounds.cost;

import biscotti.tools.boot.Collector;
import biscotti.tools.boot.HeapLayout;
import biscotti.tools.boot.JvmOptions;

/**
 * What the sizes of objects depend on, and those of what HotSpot makes by itself.
 *
 * @param heap how HotSpot lays objects out
 */
public record MachineLayout(HeapLayout heap) {
    /**
     * The most that the frames of a sleeping thread take on the heap, in bytes: a stack chunk for 200 frames deep, as measured
     * on JDK 25 (7.9 KB), rounded up.
     */
    private static final int PARK = 8192;

    /** Frames that are kept of where an exception was made come in chunks of so many. */
    private static final int FRAMES = 32;

    private static final int BACKTRACE_CHUNKS = Math.ceilDiv(JvmOptions.STACK_TRACE_FRAMES, FRAMES);

    /** The layout under a collector, as kernels have it. */
    public static MachineLayout of(Collector collector) {
        return new MachineLayout(HeapLayout.of(collector));
    }

    /** Bytes before an object's first field. */
    int header() {
        return heap.headerBytes();
    }

    /** Bytes of a reference. */
    int reference() {
        return heap.referenceBytes();
    }

    /** Bytes before an array's first element: elements of 8 bytes begin at a multiple of 8. */
    int arrayHeader(int element) {
        return Math.ceilDiv(heap.arrayHeaderBytes(), element) * element;
    }

    /** The stack of a sleeping thread. */
    public long park() {
        return PARK;
    }

    /** Where an exception was made: per chunk a short, an int, a reference and a long for each frame, and their array. */
    public long backtrace() {
        long arrays = 5L * (heap.arrayHeaderBytes() + HeapLayout.ALIGNMENT);
        long frames = FRAMES * (Short.BYTES + Integer.BYTES + reference() + (long) Long.BYTES);
        return BACKTRACE_CHUNKS * (arrays + frames + 6L * reference());
    }

    /** The first line of the table that the kernel reads. */
    public String line() {
        return heap.line();
    }
}
