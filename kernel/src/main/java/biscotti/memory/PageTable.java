package biscotti.memory;

import static biscotti.abi.Errno.ENOMEM;

import biscotti.machine.BootInformation;
import biscotti.machine.PhysicalMemory;

/**
 * The four levels of page tables of one address space (Intel SDM vol. 3, 4.5).
 *
 * <p>The top table's entries 8..31 and 256..511, the Java virtual machine and the kernel, are copied from the kernel's own
 * and never change. All else is made on demand from single frames and lives until the whole table goes.
 *
 * <p>An entry above the lowest tables may map an aligned block of 2 MB at once. The lowest table is made then, too, with the 512
 * entries that map the same, but is not in the CPU's way to them: it is noted with the block's first frame. So all that only looks
 * finds an entry for each page, and a block is {@link #split} by one write, which cannot fail; whoever changes an entry splits first.
 *
 * <p>The CPU sets accessed and dirty bits at any time, so an entry that is present is changed by atomic operations only.
 * The address space's lock guards everything here.
 */
final class PageTable {
    /** The entry maps a page. */
    static final long PRESENT = 1;

    /** The page may be written. */
    static final long WRITABLE = 1 << 1;

    /** Ring 3 may use the page. */
    static final long USER = 1 << 2;

    /** The CPU sets it when it writes to the page. */
    static final long DIRTY = 1 << 6;

    /** The entry, above the lowest tables, maps a whole block (PS). */
    static final long LARGE = 1 << 7;

    /** Software: the entry holds a frame, although it is not present (PROT_NONE). */
    static final long HELD = 1 << 9;

    /** Software: the page may go when memory is short, unless it is dirty (madvise MADV_FREE). */
    static final long LAZY = 1 << 10;

    /** The page may not be executed. */
    static final long NO_EXECUTE = 1L << 63;

    /** The bits of an entry that are the frame's address. */
    static final long FRAME = 0x000f_ffff_ffff_f000L;

    /** One of these bits is set in each entry that holds a frame. */
    static final long POPULATED = PRESENT | HELD;

    /** What {@link #entry} returns where there is no table. */
    static final long NONE = 0;

    private static final int ENTRIES = 512;
    private static final int LEAF_SHIFT = 21;
    private static final int TOP_SHIFT = 39;
    private static final int LEVEL_BITS = 9;
    private static final long TABLE_ENTRY = PRESENT | WRITABLE | USER;
    private static final int JAVA_FIRST = 8;
    private static final int JAVA_END = 32;
    private static final int KERNEL_FIRST = 256;

    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final long root;
    private long cachedNumber = -1;
    private long cachedLeaf;
    private boolean cachedLarge;
    private long tables = 1;

    /** Takes over {@code root}, a zeroed frame. */
    PageTable(PhysicalMemory memory, FrameAllocator frames, BootInformation boot, long root) {
        this.memory = memory;
        this.frames = frames;
        this.root = root;
        memory.copy(boot.kernelRoot() + JAVA_FIRST * 8L, root + JAVA_FIRST * 8L, (JAVA_END - JAVA_FIRST) * 8L);
        memory.copy(boot.kernelRoot() + KERNEL_FIRST * 8L, root + KERNEL_FIRST * 8L, (ENTRIES - KERNEL_FIRST) * 8L);
    }

    /** Physical address of the top table. */
    long root() {
        return root;
    }

    /** How many frames the tables take. */
    long tables() {
        return tables;
    }

    /** Physical address of the entry for a user address, or {@link #NONE}. */
    long entry(long address) {
        long leaf = leaf(address);
        return leaf == NONE ? NONE : leaf + index(address);
    }

    /** Physical address of the entry for a user address; tables are made where there are none. Or -ENOMEM. */
    long entryOrCreate(long address) {
        long leaf = leaf(address);
        if (leaf == NONE) {
            leaf = createLeaf(address);
            if (leaf < 0) {
                return leaf;
            }
        }
        return leaf + index(address);
    }

    private static long index(long address) {
        return (address >>> PhysicalMemory.FRAME_SHIFT & ENTRIES - 1) << 3;
    }

    /** The lowest table for an address, or NONE. */
    private long leaf(long address) {
        return address >>> LEAF_SHIFT == cachedNumber ? cachedLeaf : findLeaf(address);
    }

    private long findLeaf(long address) {
        long place = above(address);
        long entry = place == NONE ? 0 : memory.readLong(place);
        if ((entry & PRESENT) == 0) {
            return NONE;
        }
        boolean large = (entry & LARGE) != 0;
        return cache(address, large ? frames.attached(entry & FRAME) : entry & FRAME, large);
    }

    private long cache(long address, long leaf, boolean large) {
        cachedNumber = address >>> LEAF_SHIFT;
        cachedLeaf = leaf;
        cachedLarge = large;
        return leaf;
    }

    /** The place of the entry that leads to the lowest table for an address, or NONE. */
    private long above(long address) {
        long table = root;
        for (int shift = TOP_SHIFT; shift > LEAF_SHIFT; shift -= LEVEL_BITS) {
            long entry = memory.readLong(table + ((address >>> shift & ENTRIES - 1) << 3));
            if ((entry & PRESENT) == 0) {
                return NONE;
            }
            table = entry & FRAME;
        }
        return table + ((address >>> LEAF_SHIFT & ENTRIES - 1) << 3);
    }

    /** As {@link #above}, but the tables are made. Or -ENOMEM. */
    private long createAbove(long address) {
        long table = root;
        for (int shift = TOP_SHIFT; shift > LEAF_SHIFT; shift -= LEVEL_BITS) {
            table = tableBelow(table + ((address >>> shift & ENTRIES - 1) << 3));
            if (table < 0) {
                return table;
            }
        }
        return table + ((address >>> LEAF_SHIFT & ENTRIES - 1) << 3);
    }

    /** The table that an entry leads to, which is made if there is none. Or -ENOMEM. */
    private long tableBelow(long place) {
        long entry = memory.readLong(place);
        if ((entry & PRESENT) != 0) {
            return entry & FRAME;
        }
        long frame = frames.allocateZeroed();
        if (frame < 0) {
            return -ENOMEM;
        }
        tables++;
        memory.writeLongVolatile(place, frame | TABLE_ENTRY);
        return frame;
    }

    private long createLeaf(long address) {
        long place = createAbove(address);
        long leaf = place < 0 ? place : tableBelow(place);
        return leaf < 0 ? leaf : cache(address, leaf, false);
    }

    /** Whether the page at an address is mapped with the whole block around it. */
    boolean isLarge(long address) {
        return leaf(address) != NONE && cachedLarge;
    }

    /**
     * Maps a block where there is no lowest table.
     *
     * @param address where it begins
     * @param entry what the entry of its first page would be
     * @return 0 or -ENOMEM
     */
    long setLarge(long address, long entry) {
        long place = createAbove(address);
        long leaf = place < 0 ? place : frames.allocate();
        if (leaf < 0) {
            return -ENOMEM;
        }
        for (int i = 0; i < ENTRIES; i++) {
            memory.writeLong(leaf + i * 8L, entry + ((long) i << PhysicalMemory.FRAME_SHIFT));
        }
        tables++;
        frames.attach(entry & FRAME, leaf);
        memory.writeLongVolatile(place, entry | LARGE);
        cache(address, leaf, true);
        return 0;
    }

    /** Has the pages of a block, which is mapped at once, mapped one by one. CPUs may still know the block. */
    void split(long address) {
        memory.writeLongVolatile(above(address), leaf(address) | TABLE_ENTRY);
        cachedLarge = false;
    }

    /** Takes away a block that is mapped at once, and returns its entry. CPUs may still know it. */
    long removeLarge(long address) {
        long leaf = leaf(address);
        cachedNumber = -1;
        freeTable(leaf);
        return memory.getAndSetLong(above(address), 0);
    }

    /**
     * Takes a lowest table away, none of whose entries holds a frame. CPUs may still know it: it must not be freed before they have
     * forgotten.
     *
     * @return the table's frame, whose reference is the caller's
     */
    long removeLeaf(long address) {
        cachedNumber = -1;
        tables--;
        return memory.getAndSetLong(above(address), 0) & FRAME;
    }

    /** The first address at or after {@code from}, and below {@code end}, both at the start of a block, with a lowest table; or end. */
    long nextLeaf(long from, long end) {
        long address = from;
        while (address < end) {
            int absent = absentLevel(address);
            if (absent == 0) {
                return address;
            }
            address = (address >>> absent) + 1 << absent;
        }
        return end;
    }

    /**
     * The first address at or after {@code from}, and below {@code end}, whose entry holds a frame. Absent tables are passed
     * over whole.
     *
     * @return the address, or {@code end}
     */
    long nextPopulated(long from, long end) {
        long address = from;
        while (address < end) {
            int absent = absentLevel(address);
            if (absent != 0) {
                address = (address >>> absent) + 1 << absent;
                continue;
            }
            long leaf = leaf(address);
            long tableEnd = Math.min(end, (address >>> LEAF_SHIFT) + 1 << LEAF_SHIFT);
            for (; address < tableEnd; address += PhysicalMemory.FRAME_SIZE) {
                if ((memory.readLong(leaf + index(address)) & POPULATED) != 0) {
                    return address;
                }
            }
        }
        return end;
    }

    /** log2 of the span of the highest absent entry on the way to an address; 0 if its lowest table is there. */
    private int absentLevel(long address) {
        if (address >>> LEAF_SHIFT == cachedNumber) {
            return 0;
        }
        long table = root;
        for (int shift = TOP_SHIFT; shift >= LEAF_SHIFT; shift -= LEVEL_BITS) {
            long entry = memory.readLong(table + ((address >>> shift & ENTRIES - 1) << 3));
            if ((entry & PRESENT) == 0) {
                return shift;
            }
            table = entry & FRAME;
        }
        return 0;
    }

    /** The entry at a place that {@link #entry} found. */
    long read(long place) {
        return memory.readLong(place);
    }

    /** Sets an entry that was not present. */
    void set(long place, long entry) {
        memory.writeLongVolatile(place, entry);
    }

    /** Atomically replaces an entry, whatever the CPU does to it, and returns what it was. */
    long replace(long place, long entry) {
        return memory.getAndSetLong(place, entry);
    }

    /** Atomically takes bits away from an entry and sets others; returns what it was. */
    long change(long place, long clear, long set) {
        long before;
        do {
            before = memory.readLongVolatile(place);
        } while (!memory.compareAndSetLong(place, before, before & ~clear | set));
        return before;
    }

    /**
     * Takes a lazy page away if nobody has written to it since it became so; else it is lazy no longer.
     *
     * @return its entry, or 0 if it stays
     */
    long takeIfClean(long place) {
        while (true) {
            long entry = memory.readLongVolatile(place);
            boolean clean = (entry & DIRTY) == 0;
            if (memory.compareAndSetLong(place, entry, clean ? 0 : entry & ~LAZY)) {
                return clean ? entry : 0;
            }
        }
    }

    /**
     * Frees all tables of the user's part but the top one, which is left without them. No entry holds a frame any more, and
     * no CPU has a translation from these tables.
     */
    void freeTables() {
        cachedNumber = -1;
        for (int i = 0; i < KERNEL_FIRST; i++) {
            if (i < JAVA_FIRST || i >= JAVA_END) {
                freeBelow(root + i * 8L);
            }
        }
    }

    /** Frees what hangs below an entry of the top table. */
    private void freeBelow(long place) {
        long top = memory.getAndSetLong(place, 0);
        if ((top & PRESENT) == 0) {
            return;
        }
        long upper = top & FRAME;
        for (int i = 0; i < ENTRIES; i++) {
            long middle = memory.readLong(upper + i * 8L);
            if ((middle & PRESENT) != 0) {
                freeMiddle(middle & FRAME);
            }
        }
        freeTable(upper);
    }

    private void freeMiddle(long middle) {
        for (int i = 0; i < ENTRIES; i++) {
            long leaf = memory.readLong(middle + i * 8L);
            if ((leaf & PRESENT) != 0) {
                freeTable(leaf & FRAME);
            }
        }
        freeTable(middle);
    }

    private void freeTable(long table) {
        tables--;
        frames.release(table);
    }
}
