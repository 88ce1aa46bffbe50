package biscotti.file.pipe;

import static biscotti.abi.Errno.EBUSY;

import biscotti.file.Transfer;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAccount;
import biscotti.memory.FrameAllocator;
import java.util.Arrays;

/**
 * The bytes in a pipe or pseudo terminal: a ring of pages, each with a frame only while there are bytes in it. The first page keeps its frame, and
 * an empty ring starts there again, so that a pipe with few bytes in it at a time always uses the same memory.
 *
 * <p>Not safe for use by several threads: its owner's lock guards it.
 */
public final class ByteRing {
    private static final int PAGE_SHIFT = PhysicalMemory.FRAME_SHIFT;
    private static final int PAGE_SIZE = PhysicalMemory.FRAME_SIZE;
    private static final long PAGE_MASK = PhysicalMemory.FRAME_MASK;
    private static final long NONE = 0;
    /** The most pages of a pipe, even for those who may exceed fs.pipe-max-size. */
    static final int MOST_PAGES = 4096;

    private final FrameAllocator frames;
    /** The frame of each page, or {@link #NONE}; a power of two of them. */
    private long[] pages;

    /** Positions in the stream of all bytes since the ring was last empty. */
    private long head;

    private long tail;

    /** Whom the frames are charged to, and how many there are. */
    private FrameAccount account = new FrameAccount();

    private int held;

    /** An empty ring of a power of two of pages. */
    public ByteRing(FrameAllocator frames, int pageCount) {
        this.frames = frames;
        this.pages = new long[pageCount];
    }

    /** Charges the frames that it will have to an account; those that it has stay where they are, and so do all until it has none. */
    public void chargeTo(FrameAccount payer) {
        if (held == 0) {
            account = payer;
        }
    }

    /** How many bytes are in it. */
    public int length() {
        return (int) (tail - head);
    }

    /** How many bytes it can hold. */
    int capacity() {
        return pages.length << PAGE_SHIFT;
    }

    /** How many more bytes it can hold. */
    public int room() {
        return capacity() - length();
    }

    private int slot(long position) {
        return (int) (position >>> PAGE_SHIFT) & pages.length - 1;
    }

    /**
     * Puts bytes at the end.
     *
     * @param length at most {@link #room}
     * @return how many were put; fewer, or an errno if none, if the transfer failed or no frame was free
     */
    public int put(Transfer from, int length) {
        int done = 0;
        while (done < length) {
            int slot = slot(tail);
            if (pages[slot] == NONE) {
                long frame = frames.allocate();
                if (frame < 0) {
                    return done > 0 ? done : (int) frame;
                }
                pages[slot] = frame;
                count(1);
            }
            int offset = (int) (tail & PAGE_MASK);
            int part = Math.min(length - done, PAGE_SIZE - offset);
            int error = from.toPhysical(pages[slot] + offset, part);
            if (error < 0) {
                return done > 0 ? done : error;
            }
            tail += part;
            done += part;
        }
        return done;
    }

    /**
     * Takes bytes from the front.
     *
     * @param length at most {@link #length()}
     * @return how many were taken; fewer, or an errno if none, if the transfer failed
     */
    public int take(Transfer to, int length) {
        int done = 0;
        while (done < length) {
            int slot = slot(head);
            int offset = (int) (head & PAGE_MASK);
            int part = Math.min(length - done, PAGE_SIZE - offset);
            int error = to.fromPhysical(pages[slot] + offset, part);
            if (error < 0) {
                return done > 0 ? done : error;
            }
            head += part;
            done += part;
            if ((head & PAGE_MASK) == 0 || head == tail) {
                emptied(slot);
            }
        }
        return done;
    }

    private void emptied(int slot) {
        // In a ring that is nearly full, the newest bytes already lie at the start of the page that the oldest have
        // just left.
        boolean reused = length() > capacity() - PAGE_SIZE;
        if (slot != 0 && !reused) {
            drop(slot);
        }
        if (head == tail) {
            head = 0;
            tail = 0;
        }
    }

    private void drop(int slot) {
        if (pages[slot] != NONE) {
            frames.release(pages[slot]);
            pages[slot] = NONE;
            count(-1);
        }
    }

    private void count(int delta) {
        held += delta;
        account.add(delta);
    }

    /** Changes the size: 0, or -EBUSY if more bytes are in it than would fit, or if the oldest and the newest share a page. */
    int resize(int pageCount) {
        long first = head >>> PAGE_SHIFT;
        long last = tail + PAGE_MASK >>> PAGE_SHIFT;
        if (last - first > Math.min(pageCount, pages.length)) {
            return -EBUSY;
        }
        long[] resized = new long[Math.min(pageCount, MOST_PAGES)];
        for (long page = first; page < last; page++) {
            int slot = (int) page & pages.length - 1;
            resized[(int) page & pageCount - 1] = pages[slot];
            pages[slot] = NONE;
        }
        clear();
        pages = resized;
        return 0;
    }

    /** Gives all frames back. */
    private void clear() {
        for (int slot = 0; slot < pages.length; slot++) {
            drop(slot);
        }
    }

    /** Forgets all bytes and gives all frames back. */
    public void close() {
        clear();
        Arrays.fill(pages, NONE);
        head = 0;
        tail = 0;
    }
}
