package biscotti.machine;

import java.util.List;

/**
 * What the machine was booted with.
 *
 * @param commandLine the kernel command line, as the loader gave it: each character is a byte
 * @param frames the physical memory that belongs to the kernel in Java, aligned to frames, in ascending order
 * @param rootArchive the root file system's cpio archive, aligned to a frame; its length is 0 if there is none
 * @param kernelRoot physical address of the kernel's own top page table: its entries 8..31 and 256..511 go into every
 *     user page table
 * @param xsaveBytes bytes of an XSAVE image on this CPU
 * @param features the CPU's features: the {@code FEATURE_} bits below
 */
public record BootInformation(
        String commandLine,
        List<PhysicalRange> frames,
        PhysicalRange rootArchive,
        long kernelRoot,
        int xsaveBytes,
        long features) {

    /** The CPU has AVX. */
    public static final long FEATURE_AVX = 1;

    /** The CPU has AVX-512. */
    public static final long FEATURE_AVX512 = 1 << 1;

    /** The CPU has 1 GB pages. */
    public static final long FEATURE_1GB_PAGES = 1 << 5;

    /** The CPU is QEMU's translator. */
    public static final long FEATURE_TCG = 1 << 6;

    /** Whether the CPU has a feature. */
    public boolean has(long feature) {
        return (features & feature) != 0;
    }
}
