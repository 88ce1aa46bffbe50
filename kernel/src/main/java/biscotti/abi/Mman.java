package biscotti.abi;

/** Memory mapping flags ({@code linux/mman.h}; mmap(2), mprotect(2), mremap(2), madvise(2), msync(2)). */
public final class Mman {
    /** No access. */
    public static final int PROT_NONE = 0;

    /** Pages may be read. */
    public static final int PROT_READ = 1;

    /** Pages may be written. */
    public static final int PROT_WRITE = 2;

    /** Pages may be executed. */
    public static final int PROT_EXEC = 4;

    /** mprotect(2): extend the change down to the start of a mapping that grows down. */
    public static final int PROT_GROWSDOWN = 0x01000000;

    /** mprotect(2): extend the change up to the end of a mapping that grows up. */
    public static final int PROT_GROWSUP = 0x02000000;

    /** Pages may be used for atomic operations; all may. */
    public static final int PROT_SEM = 8;

    /** mlockall(2): what is mapped now. */
    public static final int MCL_CURRENT = 1;

    /** mlockall(2): what will be mapped. */
    public static final int MCL_FUTURE = 2;

    /** mlockall(2): pages that are in memory, when they come. */
    public static final int MCL_ONFAULT = 4;

    /** Writes are seen by all who map the pages. */
    public static final int MAP_SHARED = 1;

    /** Writes are seen by this process only. */
    public static final int MAP_PRIVATE = 2;

    /** As MAP_SHARED, but unknown flags are refused. */
    public static final int MAP_SHARED_VALIDATE = 3;

    /** Mask of the three above. */
    public static final int MAP_TYPE = 0xf;

    /** Exactly at the address; what was there goes. */
    public static final int MAP_FIXED = 0x10;

    /** Zero pages, no file. */
    public static final int MAP_ANONYMOUS = 0x20;

    /** In the lowest 2 GB. */
    public static final int MAP_32BIT = 0x40;

    /** Grows down, as a stack does. */
    public static final int MAP_GROWSDOWN = 0x100;

    /** No memory is set aside for the mapping (overcommit). */
    public static final int MAP_NORESERVE = 0x4000;

    /** Fault all pages in at once. */
    public static final int MAP_POPULATE = 0x8000;

    /** Keep in memory. */
    public static final int MAP_LOCKED = 0x2000;

    /** A thread's stack, which is not mapped by huge pages. */
    public static final int MAP_STACK = 0x20000;

    /** With huge pages. */
    public static final int MAP_HUGETLB = 0x40000;

    /** Where flags have the size of huge pages: its logarithm, 0 for the usual one. */
    public static final int MAP_HUGE_SHIFT = 26;

    /** What lies there. */
    public static final int MAP_HUGE_MASK = 0x3f;

    /** Writes go to persistent memory at once. */
    public static final int MAP_SYNC = 0x80000;

    /** As MAP_FIXED, but fails with EEXIST if something is there. */
    public static final int MAP_FIXED_NOREPLACE = 0x100000;

    /** What MAP_SHARED_VALIDATE lets pass: the flags that Linux had before it, but not MAP_SYNC. */
    public static final int MAP_VALIDATED = 0x7c07_f973;

    /** mremap(2): the mapping may move. */
    public static final int MREMAP_MAYMOVE = 1;

    /** mremap(2): to the new address exactly. */
    public static final int MREMAP_FIXED = 2;

    /** mremap(2): leave the old mapping in place, empty. */
    public static final int MREMAP_DONTUNMAP = 4;

    /** No advice. */
    public static final int MADV_NORMAL = 0;

    /** Random access. */
    public static final int MADV_RANDOM = 1;

    /** Sequential access. */
    public static final int MADV_SEQUENTIAL = 2;

    /** Will be needed. */
    public static final int MADV_WILLNEED = 3;

    /** Drop the pages: the next access finds zeros, or the file. */
    public static final int MADV_DONTNEED = 4;

    /** The pages may be dropped when memory is short. */
    public static final int MADV_FREE = 8;

    /** The pages and what is behind them go: a hole in the file. */
    public static final int MADV_REMOVE = 9;

    /** May be merged with pages of the same content. */
    public static final int MADV_MERGEABLE = 12;

    /** May not be merged. */
    public static final int MADV_UNMERGEABLE = 13;

    /** In huge pages. */
    public static final int MADV_HUGEPAGE = 14;

    /** Not in huge pages. */
    public static final int MADV_NOHUGEPAGE = 15;

    /** Drop the pages, locked ones, too. */
    public static final int MADV_DONTNEED_LOCKED = 24;

    /** Not in a child made by fork. */
    public static final int MADV_DONTFORK = 10;

    /** In a child made by fork, again. */
    public static final int MADV_DOFORK = 11;

    /** Not in a core dump. */
    public static final int MADV_DONTDUMP = 16;

    /** In a core dump, again. */
    public static final int MADV_DODUMP = 17;

    /** Zeros in a child made by fork. */
    public static final int MADV_WIPEONFORK = 18;

    /** Undoes MADV_WIPEONFORK. */
    public static final int MADV_KEEPONFORK = 19;

    /** Not needed soon. */
    public static final int MADV_COLD = 20;

    /** May be swapped out now. */
    public static final int MADV_PAGEOUT = 21;

    /** Fault pages in for reading. */
    public static final int MADV_POPULATE_READ = 22;

    /** Fault pages in for writing. */
    public static final int MADV_POPULATE_WRITE = 23;

    /** msync(2): start writing. */
    public static final int MS_ASYNC = 1;

    /** msync(2): other mappings must see the file anew. */
    public static final int MS_INVALIDATE = 2;

    /** msync(2): write and wait. */
    public static final int MS_SYNC = 4;

    private Mman() {}
}
