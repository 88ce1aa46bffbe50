package biscotti.file;

import biscotti.memory.Mappings;
import biscotti.memory.PageSource;

/** The pages of a file, as mapped through a place: so that /proc/PID/maps can tell the path. Two are equal if both are. */
record FilePages(PageSource pages, Place place) implements PageSource {
    @Override
    public long frameFor(long pageIndex, boolean write) {
        return pages.frameFor(pageIndex, write);
    }

    @Override
    public void mapped() {
        pages.mapped();
        place.mount().mapped();
    }

    @Override
    public void unmapped() {
        pages.unmapped();
        place.mount().unmapped();
    }

    @Override
    public long sync(long pageIndex, long count) {
        return pages.sync(pageIndex, count);
    }

    @Override
    public long discard(long pageIndex, long count) {
        return pages.discard(pageIndex, count);
    }

    @Override
    public void retainPresent(long first, long[] into, int count) {
        pages.retainPresent(first, into, count);
    }

    @Override
    public boolean isCached(long pageIndex) {
        return pages.isCached(pageIndex);
    }

    @Override
    public Mappings mappings() {
        return pages.mappings();
    }

    @Override
    public String name() {
        return place.path();
    }

    @Override
    public int device() {
        return pages.device();
    }

    @Override
    public long inode() {
        return pages.inode();
    }
}
