package biscotti.memory;

import static biscotti.abi.Errno.ENXIO;

/** Pages that are the same for everybody who maps them, and are never freed: the vDSO. */
public final class FixedPages implements PageSource {
    private final FrameAllocator frames;
    private final String name;
    private final long[] pages;

    /**
     * Some frames, of each of which a reference is owned for ever.
     *
     * @param name what /proc/PID/maps shows
     * @param pages physical addresses
     */
    public FixedPages(FrameAllocator frames, String name, long[] pages) {
        this.frames = frames;
        this.name = name;
        this.pages = pages;
    }

    /** How many pages there are. */
    public int count() {
        return pages.length;
    }

    @Override
    public long frameFor(long pageIndex, boolean write) {
        if (pageIndex >= pages.length) {
            return -ENXIO;
        }
        frames.retain(pages[(int) pageIndex]);
        return pages[(int) pageIndex];
    }

    @Override
    public void mapped() {}

    @Override
    public void unmapped() {}

    @Override
    public String name() {
        return name;
    }
}
