package biscotti.memory;

import static biscotti.abi.Errno.ENOMEM;

import biscotti.machine.PhysicalMemory;

/**
 * Bytes that the kernel keeps for somebody, off its heap: messages, extended attributes. A chain is a list of frames; the first
 * eight bytes of each are the address of the next one, or 0. Whoever has the address of the first one owns the chain, and knows
 * how many bytes it holds.
 */
public final class FrameChains {
    /** The chain of no bytes. */
    public static final long EMPTY = 0;

    private static final int HEADER = Long.BYTES;

    /** How many bytes a frame of a chain holds. */
    public static final int PART = PhysicalMemory.FRAME_SIZE - HEADER;

    private final PhysicalMemory memory;
    private final FrameAllocator frames;

    /** Chains of these frames. */
    public FrameChains(PhysicalMemory memory, FrameAllocator frames) {
        this.memory = memory;
        this.frames = frames;
    }

    /** How many frames a chain of so many bytes has. */
    public static long framesFor(long bytes) {
        return (bytes + PART - 1) / PART;
    }

    /**
     * Copies user memory into a new chain.
     *
     * @return the chain; -EFAULT, -ENOMEM
     */
    public long read(UserMemory from, long address, int length) {
        long first = EMPTY;
        long last = EMPTY;
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, PART);
            long frame = frames.allocate();
            int error = -ENOMEM;
            if (frame >= 0) {
                memory.writeLong(frame, EMPTY);
                error = from.readToPhysical(address + done, frame + HEADER, part);
            }
            if (frame >= 0 && first == EMPTY) {
                first = frame;
            } else if (frame >= 0) {
                memory.writeLong(last, frame);
            }
            if (error < 0) {
                release(first);
                return error;
            }
            last = frame;
            done += part;
        }
        return first;
    }

    /**
     * Copies the first bytes of a chain into user memory.
     *
     * @return 0; -EFAULT, -ENOMEM
     */
    public int write(long chain, UserMemory to, long address, int length) {
        long frame = chain;
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, PART);
            int error = to.writeFromPhysical(address + done, frame + HEADER, part);
            if (error < 0) {
                return error;
            }
            frame = memory.readLong(frame);
            done += part;
        }
        return 0;
    }

    /** Copies the first bytes of a chain into an array. */
    public void copyTo(long chain, byte[] to, int length) {
        long frame = chain;
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, PART);
            memory.copyOut(frame + HEADER, to, done, part);
            frame = memory.readLong(frame);
            done += part;
        }
    }

    /** Gives the frames of a chain back. */
    public void release(long chain) {
        long frame = chain;
        while (frame != EMPTY) {
            long next = memory.readLong(frame);
            frames.release(frame);
            frame = next;
        }
    }
}
