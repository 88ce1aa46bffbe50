package biscotti.memory;

import biscotti.abi.Mman;
import biscotti.machine.PhysicalMemory;

/**
 * A mapping: a range of addresses with one protection and one source of pages (Linux's VMA). A change makes another
 * region in its place, so whoever holds one can see that nothing changed by finding the same object again; only a stack grows
 * in place.
 */
public final class Region {
    /** Writes go to the source, and are seen by all who map it. */
    public static final int SHARED = 1;

    /** Grows down to meet a fault below it: a stack. */
    public static final int GROWS_DOWN = 1 << 1;

    /** The heap of brk(2). */
    public static final int HEAP = 1 << 2;

    /** The first thread's stack. */
    public static final int STACK = 1 << 3;

    /** Not copied by fork (madvise MADV_DONTFORK). */
    public static final int DONT_FORK = 1 << 4;

    /** Empty in the child after fork (madvise MADV_WIPEONFORK). */
    public static final int WIPE_ON_FORK = 1 << 5;

    /** May not be made writable: shared, from a file that was opened for reading. */
    public static final int NEVER_WRITABLE = 1 << 6;

    /** May not be made executable: from a file system that is mounted so. */
    public static final int NEVER_EXECUTABLE = 1 << 10;

    /** Its memory is promised: it counts for the {@link Commitment}. So does what may no longer be written, but has been. */
    static final int COMMITTED = 1 << 7;

    /** Its memory is not promised (mmap MAP_NORESERVE). */
    static final int NO_RESERVE = 1 << 8;

    /** Kept in memory (mlock(2)): counted, as nothing is ever swapped out. */
    public static final int LOCKED = 1 << 9;

    /** Gets pages of 2 MB where they fit (madvise MADV_HUGEPAGE). */
    public static final int HUGE_PAGES = 1 << 11;

    /** Gets no pages of 2 MB (madvise MADV_NOHUGEPAGE; mmap MAP_STACK). */
    public static final int NO_HUGE_PAGES = 1 << 12;

    private long start;
    private final long end;
    private final int protection;
    private final int flags;
    private final PageSource source;
    private final long sourcePage;
    private final NodePolicy policy;

    /**
     * A region.
     *
     * @param start first address, at a page's start
     * @param end address behind its last, at a page's start
     * @param protection a union of {@link Mman#PROT_READ} and so on
     * @param flags a union of the constants of this class
     * @param source where its pages come from; {@link ZeroPages#SOURCE} for private anonymous memory
     * @param sourcePage number of its first page in the source
     */
    Region(long start, long end, int protection, int flags, PageSource source, long sourcePage) {
        this(start, end, protection, flags, source, sourcePage, NodePolicy.DEFAULT);
    }

    private Region(
            long start, long end, int protection, int flags, PageSource source, long sourcePage, NodePolicy policy) {
        this.start = start;
        this.end = end;
        this.protection = protection;
        this.flags = flags;
        this.source = source;
        this.sourcePage = sourcePage;
        this.policy = policy;
    }

    /** Its first address. */
    public long start() {
        return start;
    }

    /** The address behind its last. */
    public long end() {
        return end;
    }

    /** How many bytes it has. */
    public long length() {
        return end - start;
    }

    /** Its protection: a union of {@link Mman#PROT_READ} and so on. */
    public int protection() {
        return protection;
    }

    /** Where its pages come from. */
    public PageSource source() {
        return source;
    }

    /** The number in the source of the page that holds an address. */
    public long sourcePage(long address) {
        return sourcePage + (address - start >>> PhysicalMemory.FRAME_SHIFT);
    }

    /** The address of a page of the source, not before its first; its end for a page that lies behind it. */
    long addressOf(long page) {
        long pages = page - sourcePage;
        long all = end - start >>> PhysicalMemory.FRAME_SHIFT;
        return pages >= all ? end : start + (pages << PhysicalMemory.FRAME_SHIFT);
    }

    /** The number of its first page in the source. */
    public long firstSourcePage() {
        return sourcePage;
    }

    /** Whether it has all of some flags. */
    public boolean has(int wanted) {
        return (flags & wanted) == wanted;
    }

    /** On which nodes its memory is to be. */
    public NodePolicy policy() {
        return policy;
    }

    /** Whether it may never get a protection. */
    boolean forbids(int wanted) {
        return (wanted & Mman.PROT_WRITE) != 0 && has(NEVER_WRITABLE)
                || (wanted & Mman.PROT_EXEC) != 0 && has(NEVER_EXECUTABLE);
    }

    /** Its flags. */
    int flags() {
        return flags;
    }

    /** Whether writes are shared. */
    public boolean shared() {
        return (flags & SHARED) != 0;
    }

    /** Whether its memory must be promised, and is not yet. */
    boolean wantsCommitment() {
        return (protection & Mman.PROT_WRITE) != 0 && (flags & (SHARED | COMMITTED | NO_RESERVE)) == 0;
    }

    /** Whether it is private memory without a file. */
    public boolean anonymous() {
        return source == ZeroPages.SOURCE;
    }

    /** An address space has it now: its source has one user more. */
    void attach(AddressSpace space) {
        source.mapped();
        if (shared()) {
            source.mappings().add(space, !has(NEVER_WRITABLE));
        } else {
            source.mappings().addPrivate(space);
        }
    }

    /** An address space has it no longer. */
    void detach(AddressSpace space) {
        if (shared()) {
            source.mappings().remove(space, !has(NEVER_WRITABLE));
        } else {
            source.mappings().removePrivate();
        }
        source.unmapped();
    }

    /** Whether an address lies in it. */
    boolean holds(long address) {
        return address >= start && address < end;
    }

    /** The part of it that lies in a range. */
    Region part(long from, long to) {
        return new Region(from, to, protection, flags, source, sourcePage(from), policy);
    }

    /** It, with another protection. */
    Region protect(int newProtection) {
        return new Region(start, end, newProtection, flags, source, sourcePage, policy);
    }

    /** It, with other flags. */
    Region withFlags(int newFlags) {
        return new Region(start, end, protection, newFlags, source, sourcePage, policy);
    }

    /** It, with another policy. */
    Region withPolicy(NodePolicy another) {
        return new Region(start, end, protection, flags, source, sourcePage, another);
    }

    /** The same pages from an address of it on, at another place, too. */
    Region alsoAt(long newStart, long newEnd, long address) {
        return new Region(newStart, newEnd, protection, flags, source, sourcePage(address), policy);
    }

    /** It, at another place. */
    Region movedTo(long newStart, long newEnd) {
        return new Region(newStart, newEnd, protection, flags, source, sourcePage, policy);
    }

    /** What a child has of it: one that may grow has an object of its own, and locks are not inherited. */
    Region forChild() {
        return (flags & (GROWS_DOWN | LOCKED)) != 0 ? withFlags(flags & ~LOCKED) : this;
    }

    /**
     * Gets another start below the old one; the source's pages do not matter. The one change that makes no other region of it:
     * it comes from any access to user memory, so it must not allocate. The lock of the address space is held.
     */
    void growDown(long newStart) {
        start = newStart;
    }

    /** Whether {@code next} begins where this ends and continues it in every respect. */
    boolean continuedBy(Region next) {
        return end == next.start
                && protection == next.protection
                && flags == next.flags
                && source == next.source
                && policy.sameAs(next.policy)
                && (anonymous() || next.sourcePage == sourcePage(end));
    }

    /** This and the region that continues it, as one. */
    Region joinedWith(Region next) {
        return new Region(start, next.end, protection, flags, source, sourcePage, policy);
    }
}
