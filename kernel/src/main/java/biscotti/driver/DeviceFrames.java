package biscotti.driver;

import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import java.util.Optional;

/** Frames that a driver shares with its device: full of zeros at first, each by itself. */
public final class DeviceFrames {
    private final long[] addresses;

    private DeviceFrames(long[] addresses) {
        this.addresses = addresses;
    }

    /** Takes some; nothing if there are not enough. */
    public static Optional<DeviceFrames> take(FrameAllocator frames, int count) {
        long[] addresses = new long[count];
        for (int i = 0; i < count; i++) {
            addresses[i] = frames.allocateZeroed();
            if (addresses[i] < 0) {
                for (int j = 0; j < i; j++) {
                    frames.release(addresses[j]);
                }
                return Optional.empty();
            }
        }
        return Optional.of(new DeviceFrames(addresses));
    }

    /** Gives them back: the device no longer looks at them. */
    public void giveBack(FrameAllocator frames) {
        for (long each : addresses) {
            frames.release(each);
        }
    }

    /** Where one lies in physical memory. */
    public long frame(int index) {
        return addresses[index];
    }

    /**
     * Where one of many pieces of the same size lies, none of which crosses the end of a frame.
     *
     * @param first the frame where the first piece is
     * @param index which piece
     * @param bytes their size, a power of 2
     */
    public long piece(int first, int index, int bytes) {
        int each = PhysicalMemory.FRAME_SIZE / bytes;
        return addresses[first + index / each] + (long) (index % each) * bytes;
    }
}
