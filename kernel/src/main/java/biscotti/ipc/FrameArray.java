package biscotti.ipc;

import biscotti.machine.PhysicalMemory;

/** An array of shorts or longs of zeros at first, in frames of the {@link IpcSpace}'s share. Its user has a lock for it. */
final class FrameArray {
    private static final int MOST_FRAMES = 64;

    private final IpcSpace space;
    private final long[] frames;
    private boolean whole = true;

    /** An array of so many bytes, at most 256 KB; {@link #isWhole} says whether there was memory for it. */
    FrameArray(IpcSpace space, long bytes) {
        this.space = space;
        int count = (int) Math.clamp(bytes + PhysicalMemory.FRAME_MASK >>> PhysicalMemory.FRAME_SHIFT, 0, MOST_FRAMES);
        frames = new long[count];
        for (int i = 0; i < count && whole; i++) {
            long frame = space.takeFrame();
            whole = frame >= 0;
            frames[i] = Math.max(frame, 0);
        }
        if (!whole) {
            release();
        }
    }

    /** Whether it has all its frames. */
    boolean isWhole() {
        return whole;
    }

    private long address(long offset) {
        return frames[(int) (offset >>> PhysicalMemory.FRAME_SHIFT)] + (offset & PhysicalMemory.FRAME_MASK);
    }

    int getShort(int index) {
        return space.memory().readShort(address(2L * index));
    }

    void setShort(int index, int value) {
        space.memory().writeShort(address(2L * index), (short) value);
    }

    long getLong(int index) {
        return space.memory().readLong(address(8L * index));
    }

    void setLong(int index, long value) {
        space.memory().writeLong(address(8L * index), value);
    }

    /** Gives the frames back; the array is not used any more. */
    void release() {
        for (int i = 0; i < frames.length; i++) {
            if (frames[i] != 0) {
                space.giveFrame(frames[i]);
                frames[i] = 0;
            }
        }
    }
}
