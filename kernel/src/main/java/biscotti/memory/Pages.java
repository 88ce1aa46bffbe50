package biscotti.memory;

import static biscotti.abi.Errno.ENOMEM;
import static biscotti.memory.PageTable.DIRTY;
import static biscotti.memory.PageTable.FRAME;
import static biscotti.memory.PageTable.HELD;
import static biscotti.memory.PageTable.LAZY;
import static biscotti.memory.PageTable.NONE;
import static biscotti.memory.PageTable.NO_EXECUTE;
import static biscotti.memory.PageTable.POPULATED;
import static biscotti.memory.PageTable.PRESENT;
import static biscotti.memory.PageTable.USER;
import static biscotti.memory.PageTable.WRITABLE;

import biscotti.abi.Mman;
import biscotti.machine.PhysicalMemory;

/**
 * The pages of an address space: what its page table holds, range by range. Each entry owns a reference to its frame, but
 * for the shared frame of zeros, whose references are not counted.
 *
 * <p>Guarded by the address space's lock. Whoever takes something away calls {@link Shootdown#finish} before the lock is
 * released.
 */
final class Pages {
    // Bits of a word of /proc/PID/pagemap.
    private static final long PAGE_MAP_PRESENT = 1L << 63;
    private static final long PAGE_MAP_OF_FILE = 1L << 61;
    private static final long PAGE_MAP_EXCLUSIVE = 1L << 56;

    private static final int PAGE = PhysicalMemory.FRAME_SIZE;

    private final FrameAllocator frames;
    private final PageTable table;
    private final Shootdown shootdown;
    private final long zeroFrame;
    private final HugePages hugePages;
    private volatile boolean mayHaveLazy;
    private long resident;
    /** The most there were; what is there now may be more. */
    private long peak;

    Pages(FrameAllocator frames, PageTable table, Shootdown shootdown, long zeroFrame, HugePages hugePages) {
        this.frames = frames;
        this.table = table;
        this.shootdown = shootdown;
        this.zeroFrame = zeroFrame;
        this.hugePages = hugePages;
    }

    /** How many pages are mapped to a frame of their own. */
    long resident() {
        return resident;
    }

    /** The most pages that were mapped so at once. */
    long mostResident() {
        return Math.max(peak, resident);
    }

    /** An entry for a page of a region. */
    static long entryFor(Region region, long frame, boolean writable) {
        int protection = region.protection();
        if (protection == Mman.PROT_NONE) {
            return frame | HELD | USER;
        }
        return frame
                | PRESENT
                | USER
                | (writable ? WRITABLE : 0)
                | ((protection & Mman.PROT_EXEC) == 0 ? NO_EXECUTE : 0);
    }

    /** Maps a frame where none is mapped; its reference goes to the entry. */
    void install(Region region, long place, long frame, boolean writable) {
        table.set(place, entryFor(region, frame, writable));
        if (frame != zeroFrame) {
            resident++;
        }
    }

    /**
     * Maps a block at once where there is not even a table, for writing; its references go to the entry.
     *
     * @return 0; or -ENOMEM, and the block is still the caller's
     */
    long installBlock(Region region, long address, long block) {
        long error = table.setLarge(address, entryFor(region, block, true));
        if (error == 0) {
            resident += FreeFrames.BLOCK_FRAMES;
            hugePages.noteAllocated();
        }
        return error;
    }

    /** The place of a page's entry that is about to change: a block that is mapped at once is split. */
    private long changeable(long address) {
        if (table.isLarge(address)) {
            table.split(address);
            hugePages.noteSplit();
            shootdown.changedBlock(address & -HugePages.SIZE);
        }
        return table.entry(address);
    }

    /** Takes a frame that was mapped out of the books, and releases it after the next shootdown. */
    void discard(long address, long entry) {
        long frame = entry & FRAME;
        if (frame == zeroFrame) {
            shootdown.changed(address);
        } else {
            peak = Math.max(peak, resident);
            resident--;
            shootdown.removed(address, frame);
        }
    }

    /** Whether a private page may be written where it is: its frame is nobody else's. */
    boolean exclusive(long frame) {
        return frame != zeroFrame && frames.references(frame) == 1;
    }

    /** Removes all pages of a range, and the tables that it leaves empty. */
    void drop(long start, long end) {
        long at = table.nextPopulated(start, end);
        while (at < end) {
            boolean whole = (at & HugePages.SIZE - 1) == 0 && end - at >= HugePages.SIZE;
            if (whole && table.isLarge(at)) {
                dropBlock(at);
                at += HugePages.SIZE;
            } else {
                discard(at, table.replace(changeable(at), 0));
                at += PAGE;
            }
            at = table.nextPopulated(at, end);
        }
        dropTables(start + HugePages.SIZE - 1 & -HugePages.SIZE, end & -HugePages.SIZE);
    }

    private void dropBlock(long address) {
        peak = Math.max(peak, resident);
        resident -= FreeFrames.BLOCK_FRAMES;
        hugePages.noteFreed();
        shootdown.removedBlock(address, table.removeLarge(address) & FRAME);
    }

    /** Removes the tables of empty blocks, so that they can be huge pages the next time. */
    private void dropTables(long start, long end) {
        for (long at = table.nextLeaf(start, end); at < end; at = table.nextLeaf(at + HugePages.SIZE, end)) {
            shootdown.removed(at, table.removeLeaf(at));
        }
    }

    /** Has the next write to each page of a range fault. */
    void protectFromWrites(long start, long end) {
        for (long at = table.nextPopulated(start, end); at < end; at = table.nextPopulated(at + PAGE, end)) {
            long place = table.entry(at);
            if ((table.read(place) & WRITABLE) != 0) {
                table.change(place, WRITABLE, 0);
                shootdown.changed(at);
            }
        }
    }

    /**
     * Makes the pages of a range of private memory lazy: they may go when memory is short, and are zeros then, unless they are written to
     * before. Those of others, too, stay.
     */
    void makeLazy(long start, long end) {
        for (long at = table.nextPopulated(start, end); at < end; at = table.nextPopulated(at + PAGE, end)) {
            long entry = table.read(table.entry(at));
            if ((entry & PRESENT) != 0 && exclusive(entry & FRAME)) {
                table.change(changeable(at), DIRTY, LAZY);
                shootdown.changed(at);
                mayHaveLazy = true;
            }
        }
    }

    /** Whether there may be lazy pages; read without the lock. */
    boolean mayHaveLazy() {
        return mayHaveLazy;
    }

    /** Sets {@link #mayHaveLazy}. */
    void setMayHaveLazy(boolean may) {
        mayHaveLazy = may;
    }

    /** Removes the lazy pages of a range but those that were written to, which are lazy no longer; returns how many went. */
    long reclaim(long start, long end) {
        long gone = 0;
        for (long at = table.nextPopulated(start, end); at < end; at = table.nextPopulated(at + PAGE, end)) {
            long place = table.entry(at);
            long taken = (table.read(place) & LAZY) == 0 ? 0 : table.takeIfClean(place);
            if (taken != 0) {
                discard(at, taken);
                gone++;
            }
        }
        return gone;
    }

    /** Gives all pages of a range the protection of their region. */
    void protect(Region region, long start, long end) {
        boolean mayWrite = (region.protection() & Mman.PROT_WRITE) != 0 && !region.shared();
        for (long at = table.nextPopulated(start, end); at < end; at = table.nextPopulated(at + PAGE, end)) {
            long place = changeable(at);
            long frame = table.read(place) & FRAME;
            table.replace(place, entryFor(region, frame, mayWrite && exclusive(frame)));
            shootdown.changed(at);
        }
    }

    /** Moves the pages of a range to another that has none; returns 0 or -ENOMEM, and then some have moved. */
    long move(long from, long to, long length) {
        long end = from + length;
        for (long at = table.nextPopulated(from, end); at < end; at = table.nextPopulated(at + PAGE, end)) {
            long target = table.entryOrCreate(at - from + to);
            if (target < 0) {
                return target;
            }
            table.set(target, table.replace(changeable(at), 0));
            shootdown.changed(at);
        }
        return 0;
    }

    /**
     * Maps this address space's pages of a region in a child's, too. Private pages become read-only in both: the first write
     * to one finds out whether it must be copied.
     *
     * @return 0 or -ENOMEM
     */
    long share(Region region, Pages child) {
        boolean shared = region.shared();
        long end = region.end();
        for (long at = table.nextPopulated(region.start(), end); at < end; at = table.nextPopulated(at + PAGE, end)) {
            long target = child.table.entryOrCreate(at);
            if (target < 0) {
                return -ENOMEM;
            }
            long place = changeable(at);
            long entry = table.read(place);
            if (!shared && (entry & (WRITABLE | LAZY)) != 0) {
                entry = table.change(place, WRITABLE | LAZY, 0) & ~(WRITABLE | LAZY);
                shootdown.changed(at);
            }
            long frame = entry & FRAME;
            if (frame != zeroFrame) {
                frames.retain(frame);
                child.resident++;
            }
            child.table.set(target, entry);
        }
        return 0;
    }

    /** Which pages of a range are in memory. */
    Residence residence(long start, long end) {
        long all = 0;
        long shared = 0;
        long proportional = 0;
        long huge = 0;
        long lazy = 0;
        for (long at = table.nextPopulated(start, end); at < end; at = table.nextPopulated(at + PAGE, end)) {
            long entry = table.read(table.entry(at));
            long frame = entry & FRAME;
            if (frame != zeroFrame) {
                int owners = Math.max(1, frames.references(frame));
                all++;
                shared += owners > 1 ? 1 : 0;
                proportional += PAGE / owners;
                huge += table.isLarge(at) ? 1 : 0;
                lazy += (entry & (LAZY | DIRTY)) == LAZY ? 1 : 0;
            }
        }
        return new Residence(all, shared, proportional, huge, lazy);
    }

    /** The word of a page that is here, as /proc/PID/pagemap has it. */
    long pageMap(long address, Region region) {
        long frame = table.read(table.entry(address)) & FRAME;
        boolean ofFile = !region.anonymous() && (region.shared() || frames.references(frame) > 1);
        int holders = ofFile ? 2 : 1; // the file's own reference, and the mapping's
        boolean alone = frame != zeroFrame && frames.references(frame) <= holders;
        return PAGE_MAP_PRESENT
                | (ofFile ? PAGE_MAP_OF_FILE : 0)
                | (alone ? PAGE_MAP_EXCLUSIVE : 0)
                | frame >>> PhysicalMemory.FRAME_SHIFT;
    }

    /** Whether an address has a page, for mincore(2). */
    boolean isResident(long address) {
        long place = table.entry(address);
        return place != NONE && (table.read(place) & POPULATED) != 0;
    }
}
