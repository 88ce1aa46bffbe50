package biscotti.net.unix;

import static biscotti.abi.Errno.ENOBUFS;

import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import biscotti.net.Payload;

/**
 * Bytes in order, in frames: each frame ends with the address of the next one. So there may be any number of them, and none of
 * the heap is used.
 *
 * <p>Not safe for use by several threads: the socket's lock guards it.
 */
final class ByteChain {
    /** Where a frame has the address of the next one; before that are bytes. */
    private static final int NEXT = PhysicalMemory.FRAME_SIZE - Long.BYTES;

    private final PhysicalMemory memory;
    private final FrameAllocator frames;

    private long length;
    /** The first frame, and where in it the first byte is. */
    private long head;

    private int headOffset;
    /** The last frame, and where in it the next byte goes. */
    private long tail;

    private int tailOffset;

    ByteChain(PhysicalMemory memory, FrameAllocator frames) {
        this.memory = memory;
        this.frames = frames;
    }

    /** How many bytes there are. */
    long length() {
        return length;
    }

    /**
     * Puts bytes at the end, all or none.
     *
     * @return 0; -ENOBUFS without a free frame, -EFAULT, -ENOMEM
     */
    int append(Payload from, int count) {
        if (count == 0) {
            return 0;
        }
        boolean wasEmpty = length == 0;
        int error = wasEmpty ? begin() : 0;
        if (error < 0) {
            return error;
        }
        long oldTail = tail;
        int oldOffset = tailOffset;
        int left = count;
        while (left > 0 && error == 0) {
            error = tailOffset == NEXT ? extend() : 0;
            if (error == 0) {
                int part = Math.min(left, NEXT - tailOffset);
                error = from.toPhysical(tail + tailOffset, part);
                tailOffset += part;
                left -= part;
            }
        }
        if (error == 0) {
            length += count;
            return 0;
        }
        if (wasEmpty) {
            clear();
        } else {
            cutBehind(oldTail);
            tailOffset = oldOffset;
        }
        return error;
    }

    /** Takes the first frame. */
    private int begin() {
        long frame = frames.allocate();
        if (frame < 0) {
            return -ENOBUFS;
        }
        head = frame;
        headOffset = 0;
        tail = frame;
        tailOffset = 0;
        return 0;
    }

    /** Takes a frame behind the last one. */
    private int extend() {
        long frame = frames.allocate();
        if (frame < 0) {
            return -ENOBUFS;
        }
        memory.writeLong(tail + NEXT, frame);
        tail = frame;
        tailOffset = 0;
        return 0;
    }

    /** Gives back the frames behind one, which is the last one then. */
    private void cutBehind(long last) {
        long frame = last;
        while (frame != tail) {
            long next = memory.readLong(frame + NEXT);
            if (frame != last) {
                frames.release(frame);
            }
            frame = next;
        }
        if (frame != last) {
            frames.release(frame);
        }
        tail = last;
    }

    /**
     * Copies bytes from the front; they stay.
     *
     * @param skip how many to pass over; with {@code count} at most {@link #length}
     * @return 0; -EFAULT, -ENOMEM
     */
    int copy(long skip, Payload to, int count) {
        long frame = head;
        long offset = headOffset + skip;
        int left = count;
        while (left > 0) {
            while (offset >= NEXT) {
                frame = memory.readLong(frame + NEXT);
                offset -= NEXT;
            }
            int part = (int) Math.min(left, NEXT - offset);
            int error = to.fromPhysical(frame + offset, part);
            if (error < 0) {
                return error;
            }
            offset += part;
            left -= part;
        }
        return 0;
    }

    /** Forgets bytes at the front. */
    void drop(long count) {
        length -= count;
        if (length == 0) {
            clear();
            return;
        }
        long offset = headOffset + count;
        while (offset >= NEXT) {
            long next = memory.readLong(head + NEXT);
            frames.release(head);
            head = next;
            offset -= NEXT;
        }
        headOffset = (int) offset;
    }

    /** Forgets all bytes, and gives all frames back. */
    void clear() {
        length = 0;
        if (head != 0) {
            cutBehind(head);
            frames.release(head);
            head = 0;
            tail = 0;
        }
    }
}
