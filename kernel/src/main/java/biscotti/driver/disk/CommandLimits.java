package biscotti.driver.disk;

import biscotti.machine.PhysicalMemory;

/**
 * What the commands of a disk can do.
 *
 * @param slots how many it takes at once, at most {@value #MOST_SLOTS}
 * @param segments how many pieces of memory one names at most
 * @param bytes how many bytes one moves at most, in whole frames
 * @param wholeFrames whether all pieces but the first begin with a frame, and all but the last end with one
 * @param caches whether what is written may be lost until the disk is flushed
 * @param forcesUnitAccess whether a write can ask to end only when its bytes are lasting
 */
public record CommandLimits(
        int slots, int segments, int bytes, boolean wholeFrames, boolean caches, boolean forcesUnitAccess) {
    /** A set of slots is one long. */
    public static final int MOST_SLOTS = Long.SIZE;

    /** Keeps to what requests are. */
    public CommandLimits {
        slots = Math.clamp(slots, 1, MOST_SLOTS);
        segments = Math.clamp(segments, 1, BlockRequest.MOST_SEGMENTS);
        bytes = Math.clamp(bytes & -PhysicalMemory.FRAME_SIZE, PhysicalMemory.FRAME_SIZE, BlockRequest.MOST_BYTES);
    }
}
