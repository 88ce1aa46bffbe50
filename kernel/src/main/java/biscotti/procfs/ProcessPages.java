package biscotti.procfs;

import biscotti.abi.Mman;
import biscotti.memory.AddressSpace;
import biscotti.memory.HugePages;
import biscotti.memory.Region;
import biscotti.memory.Residence;
import biscotti.memory.UserRange;
import biscotti.process.Process;
import java.util.Optional;

/** /proc/PID/smaps and smaps_rollup: how much of each mapping is in memory (proc(5)). */
final class ProcessPages {
    private static final int LABEL = 16;
    private static final int NUMBER = 8;
    private static final int KILOBYTES_PER_PAGE = 4;
    private static final int KILO_SHIFT = 10;

    private ProcessPages() {}

    /** A record for the first mapping that ends behind an address. */
    static long writeEach(Process process, long address, TextWindow out) {
        Optional<Region> found =
                process.isZombie() ? Optional.empty() : process.space().regionBehind(address);
        if (found.isEmpty()) {
            return Text.END;
        }
        Region region = found.get();
        ProcessMemory.writeMaps(process, address, out);
        kilobytes(out, "Size", region.length() >>> KILO_SHIFT);
        kilobytes(out, "KernelPageSize", KILOBYTES_PER_PAGE);
        kilobytes(out, "MMUPageSize", KILOBYTES_PER_PAGE);
        Residence residence = process.space().usage().residence(region.start(), region.end());
        usage(out, residence, region.anonymous() ? residence.pages() : 0, region.has(Region.LOCKED));
        long aligned = region.start() + HugePages.SIZE - 1 & -HugePages.SIZE;
        boolean fits = region.end() - aligned >= HugePages.SIZE;
        boolean eligible = fits
                && !process.space().refusesHugePages()
                && process.system().spaces().hugePages().mayHave(region);
        out.append("THPeligible:    ").append(eligible ? 1 : 0).append("\nVmFlags:");
        flag(out, (region.protection() & Mman.PROT_READ) != 0, " rd");
        flag(out, (region.protection() & Mman.PROT_WRITE) != 0, " wr");
        flag(out, (region.protection() & Mman.PROT_EXEC) != 0, " ex");
        flag(out, region.shared(), " sh");
        out.append(" mr");
        flag(out, !region.has(Region.NEVER_WRITABLE), " mw");
        out.append(" me");
        flag(out, region.has(Region.GROWS_DOWN), " gd");
        flag(out, region.has(Region.LOCKED), " lo");
        flag(out, region.has(Region.DONT_FORK), " dc");
        flag(out, region.has(Region.WIPE_ON_FORK), " wf");
        flag(out, region.has(Region.HUGE_PAGES), " hg");
        flag(out, region.has(Region.NO_HUGE_PAGES), " nh");
        out.append('\n');
        return region.end();
    }

    /** All mappings together. */
    static long writeSum(Process process, TextWindow out) {
        if (process.isZombie()) {
            return Text.END;
        }
        AddressSpace space = process.space();
        long first = space.regionBehind(0).map(Region::start).orElse(0L);
        out.hex(first, NUMBER).append('-').hex(UserRange.HIGH_END, NUMBER);
        out.append(" ---p 00000000 00:00 0                          [rollup]\n");
        usage(out, space.usage().residence(), 0, false);
        return Text.END;
    }

    private static void usage(TextWindow out, Residence residence, long anonymous, boolean locked) {
        long own = residence.pages() - residence.sharedPages();
        kilobytes(out, "Rss", residence.pages() * KILOBYTES_PER_PAGE);
        kilobytes(out, "Pss", residence.proportionalBytes() >>> KILO_SHIFT);
        kilobytes(out, "Shared_Clean", 0);
        kilobytes(out, "Shared_Dirty", residence.sharedPages() * KILOBYTES_PER_PAGE);
        kilobytes(out, "Private_Clean", 0);
        kilobytes(out, "Private_Dirty", own * KILOBYTES_PER_PAGE);
        kilobytes(out, "Referenced", residence.pages() * KILOBYTES_PER_PAGE);
        kilobytes(out, "Anonymous", anonymous * KILOBYTES_PER_PAGE);
        kilobytes(out, "LazyFree", residence.lazyPages() * KILOBYTES_PER_PAGE);
        kilobytes(out, "AnonHugePages", residence.hugePages() * KILOBYTES_PER_PAGE);
        kilobytes(out, "ShmemPmdMapped", 0);
        kilobytes(out, "FilePmdMapped", 0);
        kilobytes(out, "Shared_Hugetlb", 0);
        kilobytes(out, "Private_Hugetlb", 0);
        kilobytes(out, "Swap", 0);
        kilobytes(out, "SwapPss", 0);
        kilobytes(out, "Locked", locked ? residence.proportionalBytes() >>> KILO_SHIFT : 0);
    }

    private static void kilobytes(TextWindow out, String name, long amount) {
        out.left(name + ":", LABEL).right(amount, NUMBER).append(" kB\n");
    }

    private static void flag(TextWindow out, boolean set, String name) {
        out.append(set ? name : "");
    }
}
