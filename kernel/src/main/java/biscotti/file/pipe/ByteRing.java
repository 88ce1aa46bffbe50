package biscotti.file.pipe;

import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EFAULT;

import biscotti.file.Transfer;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAccount;
import biscotti.memory.FrameAllocator;
import java.util.Arrays;

/**
 * The bytes in a pipe or pseudo terminal: a ring of pages, each with a frame only while there are bytes in it. The first page keeps its frame, and
 * an empty ring starts there again, so that a pipe with few bytes in it at a time always uses the same memory.
 *
 * <p>A packet has a page for itself, and what is read ends where it ends (pipe2(2), O_DIRECT). What is behind the last byte of
 * such a page, or of one that was closed for a packet to follow, is padding: the positions of bytes skip it.
 *
 * <p>Not safe for use by several threads: its owner's lock guards it.
 */
public final class ByteRing {
    private static final int PAGE_SHIFT = PhysicalMemory.FRAME_SHIFT;
    private static final int PAGE_SIZE = PhysicalMemory.FRAME_SIZE;
    private static final long PAGE_MASK = PhysicalMemory.FRAME_MASK;
    private static final long NONE = 0;
    private static final int PACKET = 1 << 14;
    private static final short[] NO_ENDS = {};
    /** The most pages of a pipe, even for those who may exceed fs.pipe-max-size. */
    static final int MOST_PAGES = 4096;

    private final FrameAllocator frames;
    /** The frame of each page, or {@link #NONE}; a power of two of them. */
    private long[] pages;

    /** Positions in the stream of all bytes since the ring was last empty. */
    private long head;

    private long tail;

    /** For each page that does not go to its end, where that is; with {@link #PACKET} for one with a packet. None until there is a packet. */
    private short[] ends = NO_ENDS;

    /** How much of what is between the positions is padding. */
    private int padding;

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
        return span() - padding;
    }

    private int span() {
        return (int) (tail - head);
    }

    /** How many bytes it can hold. */
    int capacity() {
        return pages.length << PAGE_SHIFT;
    }

    /** How many more bytes it can hold. */
    public int room() {
        return capacity() - span();
    }

    /** There may be packets from now on, until it is closed. */
    void expectPackets() {
        if (ends == NO_ENDS) {
            ends = new short[Math.min(pages.length, MOST_PAGES)];
        }
    }

    /** Whether the last page has bytes that are no packet, and room for some more behind them. */
    boolean joinsLast(int length) {
        long offset = tail & PAGE_MASK;
        return offset != 0 && length > 0 && offset + length <= PAGE_SIZE;
    }

    /** Whether there is a page for a packet. */
    boolean hasRoomForPacket() {
        long start = tail + PAGE_MASK & ~PAGE_MASK;
        return start + PAGE_SIZE - (head & ~PAGE_MASK) <= capacity();
    }

    /**
     * Puts a packet at the end; {@link #hasRoomForPacket} said that it fits.
     *
     * @param length at least 1, at most a page
     * @return {@code length}, or an errno if the transfer failed or no frame was free
     */
    int putPacket(Transfer from, int length) {
        long before = tail;
        tail = tail + PAGE_MASK & ~PAGE_MASK;
        int slot = slot(tail);
        int put = put(from, length);
        if (put < length) {
            tail = before;
            if (slot != 0) {
                drop(slot);
            }
            return put < 0 ? put : -EFAULT;
        }
        close(before, 0);
        close(tail, PACKET);
        return length;
    }

    /** Lets a page end at a position, if it has any bytes before that. */
    private void close(long position, int kind) {
        int end = (int) (position & PAGE_MASK);
        boolean full = kind == PACKET && end == 0;
        if (end != 0 || full) {
            ends[slot(position - 1)] = (short) (kind | (full ? PAGE_SIZE : end));
            padding += full ? 0 : PAGE_SIZE - end;
        }
        if (kind == PACKET) {
            tail = position + PAGE_MASK & ~PAGE_MASK;
        }
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
            int kind = ends == NO_ENDS ? 0 : ends[slot];
            boolean packet = (kind & PACKET) != 0;
            if (packet && done > 0) {
                return done;
            }
            int end = kind == 0 ? PAGE_SIZE : kind & ~PACKET;
            int part = Math.min(length - done, end - offset);
            int error = to.fromPhysical(pages[slot] + offset, part);
            if (error < 0) {
                return done > 0 ? done : error;
            }
            head += part;
            done += part;
            if (kind != 0 && (packet || offset + part == end)) {
                skip(slot, end);
            }
            if (packet) {
                emptied(slot);
                return done;
            }
            if ((head & PAGE_MASK) == 0 || head == tail) {
                emptied(slot);
            }
        }
        return done;
    }

    /** Goes on behind a page that ends early; what has not been taken of a packet is lost. */
    private void skip(int slot, int end) {
        ends[slot] = 0;
        padding -= PAGE_SIZE - end;
        head = (head - 1 & ~PAGE_MASK) + PAGE_SIZE;
    }

    private void emptied(int slot) {
        // In a ring that is nearly full, the newest bytes already lie at the start of the page that the oldest have
        // just left.
        boolean reused = span() > capacity() - PAGE_SIZE;
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
        ends = ends == NO_ENDS ? ends : resizedEnds(first, last);
        return 0;
    }

    private short[] resizedEnds(long first, long last) {
        short[] resized = new short[Math.min(pages.length, MOST_PAGES)];
        for (long page = first; page < last; page++) {
            resized[(int) page & resized.length - 1] = ends[(int) page & ends.length - 1];
        }
        return resized;
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
        ends = NO_ENDS;
        padding = 0;
        head = 0;
        tail = 0;
    }
}
