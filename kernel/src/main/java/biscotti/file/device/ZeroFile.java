package biscotti.file.device;

import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import biscotti.memory.PageSource;
import biscotti.memory.SharedMemory;

/** /dev/zero, opened: each mapping of it is memory of its own, which starts as zeros (zero(4)). */
final class ZeroFile extends EndlessZeros {
    /** More than can be mapped. */
    private static final long MAPPED_BYTES = 1L << 47;

    private final PhysicalMemory memory;
    private final FrameAllocator frames;

    ZeroFile(Place place, int flags, PhysicalMemory memory, FrameAllocator frames) {
        super(place, flags);
        this.memory = memory;
        this.frames = frames;
    }

    @Override
    public int pages(Slot<PageSource> source) {
        return source.put(new SharedMemory(memory, frames, MAPPED_BYTES));
    }
}
