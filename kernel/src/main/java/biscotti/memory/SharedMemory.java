package biscotti.memory;

import static biscotti.abi.Errno.ENXIO;

import biscotti.machine.PhysicalMemory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Memory without a file that several address spaces share: mmap(2) with MAP_SHARED and MAP_ANONYMOUS. Pages are zeros until
 * somebody writes, and go when the last mapping goes.
 */
public final class SharedMemory implements PageSource {
    private final FrameAllocator frames;
    private final FrameMap pages;
    private final long length;
    private final AtomicInteger mappings = new AtomicInteger();

    /** Shared memory of a size in bytes. */
    public SharedMemory(PhysicalMemory memory, FrameAllocator frames, long bytes) {
        this.frames = frames;
        this.pages = new FrameMap(memory, frames);
        this.length = UserRange.pageEnd(bytes) >>> PhysicalMemory.FRAME_SHIFT;
    }

    @Override
    public long frameFor(long pageIndex, boolean write) {
        if (pageIndex >= length) {
            return -ENXIO;
        }
        while (true) {
            long found = pages.retain(pageIndex);
            if (found != 0) {
                return found;
            }
            long frame = frames.allocateZeroed();
            if (frame < 0) {
                return frame;
            }
            frames.retain(frame);
            int error = pages.put(pageIndex, frame);
            if (error == 0) {
                return frame;
            }
            frames.release(frame);
            frames.release(frame);
            if (error < 0) {
                return error;
            }
        }
    }

    @Override
    public void mapped() {
        mappings.incrementAndGet();
    }

    @Override
    public void unmapped() {
        if (mappings.decrementAndGet() == 0) {
            pages.close();
        }
    }

    @Override
    public String name() {
        return "/dev/zero (deleted)";
    }
}
