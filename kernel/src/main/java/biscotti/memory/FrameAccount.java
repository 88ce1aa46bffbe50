package biscotti.memory;

import biscotti.machine.PhysicalMemory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The frames that a process has for what is mapped nowhere: the bytes in pipes and terminals that it has opened first. When memory is
 * out, that tells who has most.
 */
public final class FrameAccount {
    private final AtomicLong frames = new AtomicLong();

    /** An account without frames. */
    public FrameAccount() {}

    /** So many frames more; or fewer, if negative. */
    public void add(int delta) {
        frames.addAndGet(delta);
    }

    /** How many bytes they have. */
    public long bytes() {
        return frames.get() << PhysicalMemory.FRAME_SHIFT;
    }
}
