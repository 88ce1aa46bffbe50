package biscotti.process;

import biscotti.abi.Mman;
import biscotti.machine.Clock;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.AddressSpace;
import biscotti.memory.FixedPages;
import biscotti.memory.FrameAllocator;
import biscotti.sched.WallClock;

/**
 * What programs need to know the time without a system call (vdso(7)): an ELF image, and in front of it a page of data, which is
 * written when the clock is set. The image is {@code shim/vdso.c}; it knows the layout of the data.
 */
public final class Vdso extends WallClock.Observer {
    // struct data of shim/vdso.c.
    private static final int SEQUENCE = 0;
    private static final int TSC_BASE = 8;
    private static final int TSC_MULTIPLIER = 16;
    private static final int WALL_BASE = 24;
    private static final int WALL_START = 32;
    private static final int WALL_RATE = 40;
    private static final int SLEW_RATE = 48;
    private static final int SLEW_END = 56;

    private final PhysicalMemory memory;
    private final WallClock wallClock;
    private final FixedPages data;
    private final FixedPages image;
    private final long dataFrame;

    /**
     * For an image, whose frames are taken for ever.
     *
     * @throws IllegalStateException if there is no memory
     */
    public Vdso(PhysicalMemory memory, FrameAllocator frames, Clock clock, WallClock wallClock, byte[] elf) {
        this.memory = memory;
        this.wallClock = wallClock;
        dataFrame = take(frames);
        memory.writeLong(dataFrame + TSC_BASE, clock.tscBase());
        memory.writeLong(dataFrame + TSC_MULTIPLIER, clock.tscMultiplier());
        writeLine();
        data = new FixedPages(frames, "[vvar]", new long[] {dataFrame});
        long[] pages = new long[(elf.length + PhysicalMemory.FRAME_SIZE - 1) / PhysicalMemory.FRAME_SIZE];
        for (int i = 0; i < pages.length; i++) {
            int offset = i * PhysicalMemory.FRAME_SIZE;
            pages[i] = take(frames);
            memory.copyIn(pages[i], elf, offset, Math.min(PhysicalMemory.FRAME_SIZE, elf.length - offset));
        }
        image = new FixedPages(frames, "[vdso]", pages);
        wallClock.observe(this);
    }

    private static long take(FrameAllocator frames) {
        long frame = frames.allocateZeroed();
        if (frame < 0) {
            throw new IllegalStateException("no memory for the vDSO");
        }
        return frame;
    }

    /** {@inheritDoc} Programs that read meanwhile see an odd sequence number, or another one than before, and read again. */
    @Override
    protected void clockSet(boolean jumped) {
        int sequence = memory.readIntVolatile(dataFrame + SEQUENCE);
        memory.writeIntVolatile(dataFrame + SEQUENCE, sequence + 1);
        writeLine();
        memory.writeIntVolatile(dataFrame + SEQUENCE, sequence + 2);
    }

    private void writeLine() {
        memory.writeLongVolatile(dataFrame + WALL_BASE, wallClock.baseNanos());
        memory.writeLongVolatile(dataFrame + WALL_START, wallClock.startNanos());
        memory.writeLongVolatile(dataFrame + WALL_RATE, wallClock.rate());
        memory.writeLongVolatile(dataFrame + SLEW_RATE, wallClock.slewRate());
        memory.writeLongVolatile(dataFrame + SLEW_END, wallClock.slewEnd());
    }

    /**
     * Maps data and image one behind the other.
     *
     * @return the address of the image's ELF header, or a negative errno
     */
    long map(AddressSpace space) {
        long bytes = (1L + image.count()) << PhysicalMemory.FRAME_SHIFT;
        long start = space.map(0, bytes, Mman.PROT_NONE, 0, 0, AddressSpace.zeros(), 0);
        if (start < 0) {
            return start;
        }
        long imageStart = start + PhysicalMemory.FRAME_SIZE;
        long imageBytes = (long) image.count() << PhysicalMemory.FRAME_SHIFT;
        long error = space.map(start, PhysicalMemory.FRAME_SIZE, Mman.PROT_READ, Mman.MAP_FIXED, 0, data, 0);
        if (error >= 0) {
            int protection = Mman.PROT_READ | Mman.PROT_EXEC;
            error = space.map(imageStart, imageBytes, protection, Mman.MAP_FIXED, 0, image, 0);
        }
        return error < 0 ? error : imageStart;
    }
}
