package biscotti.memory;

import biscotti.machine.Entropy;
import biscotti.machine.PhysicalMemory;

/**
 * Where a program's stack, mappings and position-independent parts begin, chosen at random for each program as Linux does on
 * x86-64 (28 bits of pages for mappings, 22 for the stack).
 *
 * @param stackTop the end of the stack's mapping
 * @param mapTop new mappings go below this address, from high to low
 * @param programBase where a position-independent program is loaded
 * @param breakGap distance from the end of the program to the start of its heap
 */
public record AddressLayout(long stackTop, long mapTop, long programBase, long breakGap) {
    private static final long STACK_SPREAD = 1L << 22;
    private static final long MAP_SPREAD = 1L << 28;
    private static final long BREAK_SPREAD = 1L << 13;
    private static final long PROGRAM_BASE = 0x5555_5555_4000L;
    private static final long SMALLEST_STACK_GAP = 128L << 20;
    private static final long LARGEST_STACK_GAP = UserRange.HIGH_END / 6 * 5;

    /**
     * A random layout.
     *
     * @param stackLimit RLIMIT_STACK in bytes: the stack gets at least this much room above the mappings
     */
    public static AddressLayout random(Entropy entropy, long stackLimit) {
        return of(
                stackLimit,
                pages(entropy, STACK_SPREAD),
                pages(entropy, MAP_SPREAD),
                pages(entropy, MAP_SPREAD),
                pages(entropy, BREAK_SPREAD));
    }

    /** The layout without chance, for programs under personality(2) ADDR_NO_RANDOMIZE. */
    public static AddressLayout fixed(long stackLimit) {
        return of(stackLimit, 0, 0, 0, 0);
    }

    private static AddressLayout of(long stackLimit, long stack, long map, long program, long gap) {
        long room = stackLimit < 0 ? LARGEST_STACK_GAP : Math.clamp(stackLimit, SMALLEST_STACK_GAP, LARGEST_STACK_GAP);
        long spread = STACK_SPREAD * PhysicalMemory.FRAME_SIZE;
        long mapTop = UserRange.pageStart(UserRange.HIGH_END - room - FaultHandler.GUARD_GAP - spread) - map;
        return new AddressLayout(UserRange.HIGH_END - stack, mapTop, PROGRAM_BASE + program, gap);
    }

    private static long pages(Entropy entropy, long spread) {
        return (entropy.nextLong() & spread - 1) << PhysicalMemory.FRAME_SHIFT;
    }
}
