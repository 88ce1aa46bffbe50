package biscotti.memory;

import biscotti.machine.PhysicalMemory;
import biscotti.machine.Tlb;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes CPUs forget what was taken out of an address space's page tables, and then frees the frames that were mapped
 * there. One {@link Tlb#flush} serves many pages; only CPUs that may hold translations of the address space take part.
 *
 * <p>Guarded by the address space's lock.
 */
final class Shootdown {
    private static final int CAPACITY = 128;

    /** Set in what is gathered if it is a block. */
    private static final long BLOCK = 1;

    private final Tlb tlb;
    private final FrameAllocator frames;
    private final AtomicLong cpus;
    private final long[] gathered = new long[CAPACITY];
    private int count;
    private long low = Long.MAX_VALUE;
    private long high;

    /**
     * A shootdown.
     *
     * @param cpus the CPUs that may have translations of the address space, a bit for each
     */
    Shootdown(Tlb tlb, FrameAllocator frames, AtomicLong cpus) {
        this.tlb = tlb;
        this.frames = frames;
        this.cpus = cpus;
    }

    /** A page's entry allows less than before. */
    void changed(long address) {
        low = Math.min(low, address);
        high = Math.max(high, address + PhysicalMemory.FRAME_SIZE);
    }

    /** A page's entry no longer maps a frame: it loses the reference when no CPU can reach it. */
    void removed(long address, long frame) {
        if (count == CAPACITY) {
            finish();
        }
        changed(address);
        gathered[count++] = frame;
    }

    /** The entries of a block's pages have changed, or they were mapped at once and are no longer. */
    void changedBlock(long address) {
        low = Math.min(low, address);
        high = Math.max(high, address + FrameAllocator.BLOCK_SIZE);
    }

    /** As {@link #removed}, for a block that was mapped at once. */
    void removedBlock(long address, long block) {
        if (count == CAPACITY) {
            finish();
        }
        changedBlock(address);
        gathered[count++] = block | BLOCK;
    }

    /** Flushes, then frees. After it, no CPU uses what was taken away. */
    void finish() {
        if (high != 0) {
            long holders = cpus.get();
            if (holders != 0) {
                tlb.flush(holders, low, high - low >>> PhysicalMemory.FRAME_SHIFT);
            }
            low = Long.MAX_VALUE;
            high = 0;
        }
        while (count > 0) {
            long each = gathered[--count];
            if ((each & BLOCK) != 0) {
                frames.releaseBlock(each & ~BLOCK);
            } else {
                frames.release(each);
            }
        }
    }
}
