package biscotti.memory;

import static biscotti.abi.Errno.ENXIO;

import biscotti.machine.PhysicalMemory;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Memory without a file that several address spaces share: mmap(2) with MAP_SHARED and MAP_ANONYMOUS. Pages are zeros until
 * somebody writes, and go when the last mapping goes.
 */
public final class SharedMemory implements PageSource {
    private final FrameAllocator frames;
    private final FrameMap pages;
    private final long length;
    private final long promised;
    private final AtomicInteger mappings = new AtomicInteger();

    /** Shared memory of a size in bytes. */
    public SharedMemory(PhysicalMemory memory, FrameAllocator frames, long bytes) {
        this(memory, frames, bytes, false);
    }

    private SharedMemory(PhysicalMemory memory, FrameAllocator frames, long bytes, boolean promised) {
        this.frames = frames;
        this.promised = promised ? UserRange.pageEnd(bytes) : 0;
        frames.commitment().add(this.promised);
        this.pages = new FrameMap(memory, frames);
        this.length = UserRange.pageEnd(bytes) >>> PhysicalMemory.FRAME_SHIFT;
    }

    /**
     * Shared memory of a size in bytes that is promised to its users.
     *
     * @param reserve whether it is (not so with MAP_NORESERVE)
     * @return nothing if so much is promised to nobody
     */
    public static Optional<SharedMemory> promised(
            PhysicalMemory memory, FrameAllocator frames, long bytes, boolean reserve) {
        Commitment commitment = frames.commitment();
        boolean promise = reserve || commitment.policy() == Commitment.Policy.NEVER;
        return promise && !commitment.admits(bytes, 0)
                ? Optional.empty()
                : Optional.of(new SharedMemory(memory, frames, bytes, promise));
    }

    @Override
    public long frameFor(long pageIndex, boolean write) {
        if (pageIndex >= length) {
            return -ENXIO;
        }
        return pages.retainOrCreate(pageIndex);
    }

    @Override
    public void retainPresent(long first, long[] into, int count) {
        pages.retainAll(first, into, count);
    }

    @Override
    public boolean isCached(long pageIndex) {
        return pages.has(pageIndex);
    }

    @Override
    public void mapped() {
        mappings.incrementAndGet();
    }

    @Override
    public void unmapped() {
        if (mappings.decrementAndGet() == 0) {
            pages.close();
            frames.commitment().add(-promised);
        }
    }

    /** It was never mapped, and will not be. */
    public void abandon() {
        if (mappings.get() == 0) {
            frames.commitment().add(-promised);
        }
    }

    @Override
    public String name() {
        return "/dev/zero (deleted)";
    }
}
