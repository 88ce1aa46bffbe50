package biscotti.ipc;

import static biscotti.abi.Errno.ENOMEM;

import biscotti.machine.PhysicalMemory;
import biscotti.memory.UserMemory;

/**
 * The bytes of a queue's messages, in blocks of 128 bytes, which lie in frames. A message is a chain of blocks; free blocks are one,
 * too. The first eight bytes of a block are the address of the next one. The first block of each frame is no message's: it leads to
 * the next frame, and when no block is used all frames go back. The queue has a lock for it.
 */
final class MessageStore {
    /** The chain of a message without bytes, and the end of a chain. */
    static final long EMPTY = 0;

    private static final int BLOCK = 128;
    private static final int HEADER = Long.BYTES;
    private static final int DATA = BLOCK - HEADER;

    private final IpcSpace space;
    private long firstFrame = EMPTY;
    private long free = EMPTY;
    private long used;

    /** No frames yet. */
    MessageStore(IpcSpace space) {
        this.space = space;
    }

    private PhysicalMemory memory() {
        return space.memory();
    }

    /**
     * Copies a message from user memory.
     *
     * @return its chain; -EFAULT, -ENOMEM
     */
    long put(UserMemory from, long address, int length) {
        long first = EMPTY;
        long last = EMPTY;
        int done = 0;
        while (done < length) {
            long block = take();
            int part = Math.min(length - done, DATA);
            int error = block < 0 ? -ENOMEM : from.readToPhysical(address + done, block + HEADER, part);
            if (block >= 0 && first == EMPTY) {
                first = block;
            } else if (block >= 0) {
                memory().writeLong(last, block);
            }
            if (error < 0) {
                release(first);
                return error;
            }
            last = block;
            done += part;
        }
        return first;
    }

    /** Copies the first bytes of a message to user memory: 0; -EFAULT, -ENOMEM. */
    int get(long message, UserMemory to, long address, int length) {
        long block = message;
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, DATA);
            int error = to.writeFromPhysical(address + done, block + HEADER, part);
            if (error < 0) {
                return error;
            }
            block = memory().readLong(block);
            done += part;
        }
        return 0;
    }

    /** A free block that leads nowhere, or -ENOMEM. */
    private long take() {
        if (free == EMPTY) {
            long frame = space.takeFrame();
            if (frame < 0) {
                return -ENOMEM;
            }
            memory().writeLong(frame, firstFrame);
            firstFrame = frame;
            for (int offset = BLOCK; offset < PhysicalMemory.FRAME_SIZE; offset += BLOCK) {
                memory().writeLong(frame + offset, free);
                free = frame + offset;
            }
        }
        long block = free;
        free = memory().readLong(block);
        memory().writeLong(block, EMPTY);
        used++;
        return block;
    }

    /** Gives the blocks of a message back. */
    void release(long message) {
        long block = message;
        while (block != EMPTY) {
            long next = memory().readLong(block);
            memory().writeLong(block, free);
            free = block;
            used--;
            block = next;
        }
        if (used == 0) {
            releaseFrames();
        }
    }

    private void releaseFrames() {
        long frame = firstFrame;
        while (frame != EMPTY) {
            long next = memory().readLong(frame);
            space.giveFrame(frame);
            frame = next;
        }
        firstFrame = EMPTY;
        free = EMPTY;
    }
}
