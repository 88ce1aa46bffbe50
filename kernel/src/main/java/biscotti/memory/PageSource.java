package biscotti.memory;

import static biscotti.abi.Errno.EINVAL;

import java.util.Arrays;

/**
 * Where the pages of a mapping come from when they are touched first: a file, shared memory, a device.
 *
 * <p>A page fault calls {@link #frameFor} without any lock of the address space held, so a source may take its own locks
 * and wait for a disk.
 */
public interface PageSource {
    /**
     * The frame that holds a page. The caller owns one more reference to it.
     *
     * @param pageIndex the page's number in the source, from 0
     * @param write whether a shared mapping is about to write to the page, which the source may have to remember
     * @return physical address of the frame; or -ENXIO if the page lies behind the source's end (the program gets SIGBUS),
     *     -EIO if it cannot be read (SIGBUS too), -ENOMEM if no frame is free
     */
    long frameFor(long pageIndex, boolean write);

    /** One more mapping uses this source. */
    void mapped();

    /** One mapping less uses this source; after the last one, it may be freed. */
    void unmapped();

    /**
     * Writes changed pages back to where they are kept, and waits for it; nothing to do for memory that is only memory.
     *
     * @return 0 or a negative errno
     */
    default long sync(long pageIndex, long pages) {
        return 0;
    }

    /**
     * Makes a hole: the pages are zeros from now on, and the frames go.
     *
     * @return 0; -EINVAL for a source that is no file's, -EOPNOTSUPP for a file that has no holes, or another negative errno
     */
    default long discard(long pageIndex, long pages) {
        return -EINVAL;
    }

    /** Whether a page is in memory, mapped or not: mincore(2). */
    default boolean isCached(long pageIndex) {
        return false;
    }

    /**
     * The frames of some pages that are in memory already, for a page fault to map beside the page that it was about. Called with
     * the address space locked: takes no lock but a frame map's, waits for nothing, and fills no hole.
     *
     * @param first the number of the first page in the source
     * @param into gets, for each page from the first on, its frame with one more reference for the caller, or 0
     * @param count how many pages
     */
    default void retainPresent(long first, long[] into, int count) {
        Arrays.fill(into, 0, count, 0);
    }

    /** Who maps it shared; the source tells them when it loses pages. */
    default Mappings mappings() {
        return Mappings.NONE;
    }

    /** What /proc/PID/maps shows: the path of the file. */
    String name();

    /** The device number that /proc/PID/maps shows. */
    default int device() {
        return 0;
    }

    /** The inode number that /proc/PID/maps shows. */
    default long inode() {
        return 0;
    }
}
