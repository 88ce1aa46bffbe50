package biscotti.tools.boot;

/** The garbage collectors that the kernel's heap may have; docs/collector.md compares them. */
public enum Collector {
    /** ZGC: moves objects while the kernel runs; references have 8 bytes. */
    Z("-XX:+UseZGC", 192),
    /** G1: stops the kernel to move objects, but marks while it runs. */
    G1("-XX:+UseG1GC", 176),
    /** The serial collector: the smallest, and stops the kernel for all it does. */
    SERIAL("-XX:+UseSerialGC", 144);

    /** The name, as an option has it, of the one that a kernel has if nobody asks for another. */
    public static final String DEFAULT = "g1";

    private final String option;
    private final int megabytesBesideHeap;

    Collector(String option, int megabytesBesideHeap) {
        this.option = option;
        this.megabytesBesideHeap = megabytesBesideHeap;
    }

    /** What makes HotSpot use it. */
    String option() {
        return option;
    }

    /**
     * What HotSpot needs beside the heap, in MB: code cache (48), class metadata and its archive (24 and 18), the
     * compilers' arenas (24), thread stacks and the rest of the process (32), and the collector's own tables.
     */
    public int megabytesBesideHeap() {
        return megabytesBesideHeap;
    }
}
