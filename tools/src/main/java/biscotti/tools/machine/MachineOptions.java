package biscotti.tools.machine;

import biscotti.tools.ToolFailure;
import biscotti.tools.boot.Collector;

/**
 * The size and kind of a machine.
 *
 * @param type the board that QEMU plays
 * @param cpus the number of CPUs, 1 to {@value #MAX_CPUS}
 * @param memoryMegabytes all of its RAM
 * @param heapMegabytes the kernel's Java heap, which neither grows nor shrinks
 * @param collector the garbage collector of that heap
 */
public record MachineOptions(Type type, int cpus, int memoryMegabytes, int heapMegabytes, Collector collector) {
    /** The most CPUs that the shim starts. */
    public static final int MAX_CPUS = 64;

    private static final int MIN_MEMORY = 384;
    private static final int MIN_HEAP = 32;
    private static final int MIN_DEFAULT_HEAP = 64;

    /** With more than this HotSpot does not compress references. */
    private static final int MAX_HEAP = 30 << 10;

    /** The boards. */
    public enum Type {
        /** A PC of 2009 with PCI Express. */
        Q35,
        /** A machine without PCI and firmware tables, after Firecracker's. */
        MICROVM
    }

    /** Checks that the machine can exist and that the kernel fits in. */
    public MachineOptions {
        if (cpus < 1 || cpus > MAX_CPUS) {
            throw new ToolFailure("--cpus " + cpus + ": from 1 to " + MAX_CPUS + " are possible");
        }
        if (memoryMegabytes < MIN_MEMORY) {
            throw new ToolFailure(
                    "--memory: " + memoryMegabytes + " MB are too little, " + MIN_MEMORY + " MB the least");
        }
        if (heapMegabytes < MIN_HEAP) {
            throw new ToolFailure(
                    "--kernel-heap: " + heapMegabytes + " MB are too little, " + MIN_HEAP + " MB the least");
        }
        if (heapMegabytes > MAX_HEAP) {
            throw new ToolFailure("--kernel-heap: " + heapMegabytes + " MB are too much, " + MAX_HEAP + " MB the most");
        }
        if (heapMegabytes + collector.megabytesBesideHeap() > memoryMegabytes - memoryMegabytes / 4) {
            throw new ToolFailure("--kernel-heap: " + heapMegabytes + " MB leave too little of the machine's "
                    + memoryMegabytes + " MB to programs");
        }
    }

    /** The kernel heap of a machine whose owner asks for none: a thirty-second of its memory, at least 64 MB. */
    public static int defaultHeap(int memoryMegabytes) {
        return Math.clamp(memoryMegabytes / 32, MIN_DEFAULT_HEAP, MAX_HEAP);
    }

    /** The memory that the shim sets aside for the JVM. */
    public int jvmMegabytes() {
        return heapMegabytes + collector.megabytesBesideHeap();
    }
}
