package biscotti.ext4;

import static biscotti.abi.Errno.EIO;
import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.BlockMap;
import biscotti.block.BlockRun;
import biscotti.block.CachedPages;
import biscotti.block.PageCache;
import biscotti.driver.disk.BlockDevice;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import biscotti.memory.Mappings;

/** The blocks of a file system's structures, in the page cache. Who reads one pins it, and has its address until it is unpinned. */
final class Blocks implements BlockMap {
    private final BlockDevice device;
    private final FrameAllocator frames;
    private final CachedPages pages;
    private final PhysicalMemory memory;
    private volatile boolean closed;

    /** Nothing is in memory yet. */
    Blocks(PageCache cache, BlockDevice device) {
        this.device = device;
        this.frames = cache.frames();
        this.memory = cache.memory();
        this.pages = new CachedPages(cache, device, this);
    }

    /** Where the pinned bytes are. */
    PhysicalMemory memory() {
        return memory;
    }

    /** How long the device is, in bytes. */
    @Override
    public long length() {
        return device.bytes();
    }

    @Override
    public int blockShift() {
        return BlockDevice.SECTOR_SHIFT;
    }

    @Override
    public long find(long block, int most) {
        long left = device.sectors() - block;
        return left > 0 ? BlockRun.of(block, (int) Math.min(left, most)) : BlockRun.of(BlockRun.HOLE, most);
    }

    @Override
    public Mappings mappings() {
        return Mappings.NONE;
    }

    /**
     * The address in memory of a place on the device, to be unpinned. What lies in the same page is there, too.
     *
     * @return the address; -EUCLEAN for a place behind the end; -EIO, also after {@link #close}; -ENOMEM
     */
    long pin(long place) {
        if (closed) {
            return -EIO;
        }
        if (place < 0 || place >= device.bytes()) {
            return -EUCLEAN;
        }
        long frame = pages.retain(place >>> PhysicalMemory.FRAME_SHIFT);
        return frame < 0 ? frame : frame + (place & PhysicalMemory.FRAME_MASK);
    }

    /** An address of {@link #pin} is not used any more. */
    void unpin(long address) {
        frames.release(address & ~PhysicalMemory.FRAME_MASK);
    }

    /** Forgets all: nothing is read any more, though a program may still have a file mapped. */
    void close() {
        closed = true;
        pages.close();
    }
}
