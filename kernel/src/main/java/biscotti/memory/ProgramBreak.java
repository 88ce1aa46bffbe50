package biscotti.memory;

import biscotti.abi.Mman;

/** The heap of brk(2): from where the program's data ends to the program break. Guarded by the address space's lock. */
public final class ProgramBreak {
    private final AddressSpace space;
    private final RegionEditor editor;
    private long start;
    private long end;

    ProgramBreak(AddressSpace space, RegionEditor editor) {
        this.space = space;
        this.editor = editor;
    }

    /** Tells where the heap begins: at a page's start, empty. */
    public void startAt(long address) {
        space.lock.lock();
        start = address;
        end = address;
        space.lock.unlock();
    }

    /** Is where a parent's is, whose pages are copied. Under the parent's lock; nobody else knows the child yet. */
    void startAs(ProgramBreak parent) {
        start = parent.start;
        end = parent.end;
    }

    /** Moves the end of the heap (brk(2)) and returns where it is: the old end, if the new one is not possible. */
    public long move(long address) {
        space.lock.lock();
        try {
            long oldPage = UserRange.pageEnd(end);
            long newPage = UserRange.pageEnd(address);
            if (address < start || !UserRange.contains(start, newPage - start)) {
                return end;
            }
            if (newPage < oldPage) {
                editor.unmap(newPage, oldPage);
            } else if (newPage > oldPage && !grow(oldPage, newPage)) {
                return end;
            }
            end = address;
            return address;
        } finally {
            space.shootdown.finish();
            space.lock.unlock();
        }
    }

    private boolean grow(long from, long to) {
        int protection = Mman.PROT_READ | Mman.PROT_WRITE;
        if (!space.regions.isFree(from, to)
                || space.exceedsLimits(to - from, protection, Region.HEAP)
                || !editor.admits(to - from)) {
            return false;
        }
        int flags = Region.HEAP | Region.COMMITTED | (space.pageLocks().future() ? Region.LOCKED : 0);
        return editor.map(new Region(from, to, protection, flags, ZeroPages.SOURCE, 0)) >= 0;
    }
}
