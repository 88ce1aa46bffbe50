package biscotti.driver.disk;

import biscotti.machine.PhysicalMemory;
import biscotti.sched.WaitQueue;
import java.util.function.BooleanSupplier;

/**
 * What is asked of a {@link BlockDevice}: to move sectors between the device and memory, or to make lasting what was written. It
 * comes from the device's {@link RequestPool}, is filled by one thread, handed over, and when it has ended, given back.
 */
public final class BlockRequest {
    /** The most pieces of memory that one request names. */
    public static final int MOST_SEGMENTS = 64;

    /** The most bytes that one request moves. */
    public static final int MOST_BYTES = MOST_SEGMENTS * PhysicalMemory.FRAME_SIZE;

    /** What to do. */
    public enum Operation {
        /** Reads sectors into memory. */
        READ,
        /** Writes sectors from memory. They may be lost while the device has not been flushed. */
        WRITE,
        /** Makes all writes lasting that have ended before. Moves no bytes. */
        FLUSH
    }

    /** Hears of a request's end, on a thread of the driver: must neither wait nor take long. */
    @FunctionalInterface
    public interface Completion {
        /** The request has ended, with 0 or a negative errno, and may be given back. */
        void ended(BlockRequest request, int error);
    }

    private static final Completion NOBODY = (request, error) -> {};

    private final RequestPool pool;
    private final long[] addresses = new long[MOST_SEGMENTS];
    private final int[] lengths = new int[MOST_SEGMENTS];
    private final WaitQueue waiters = new WaitQueue();
    private Operation operation = Operation.READ;
    private boolean forceUnitAccess;
    private long sector;
    private int segments;
    private int bytes;
    private Completion completion = NOBODY;
    private long tag;
    private int error;
    private volatile boolean ended;
    private final BooleanSupplier hasEnded = () -> ended;

    /** Links requests in the pool or in a device's queue. */
    BlockRequest next;

    BlockRequest(RequestPool pool) {
        this.pool = pool;
    }

    /**
     * Begins to fill it.
     *
     * @param newOperation what to do
     * @param first the first sector, of 512 bytes
     */
    public void begin(Operation newOperation, long first) {
        operation = newOperation;
        sector = first;
        segments = 0;
        bytes = 0;
        forceUnitAccess = false;
        completion = NOBODY;
        ended = false;
    }

    /**
     * Adds a piece of memory, which follows the last one on the device.
     *
     * @param address where it lies in physical memory; a multiple of 4
     * @param length a multiple of the device's block size
     * @return false if the request takes no more
     */
    public boolean add(long address, int length) {
        if (bytes + length > MOST_BYTES) {
            return false;
        }
        if (segments > 0 && addresses[segments - 1] + lengths[segments - 1] == address) {
            lengths[segments - 1] += length;
        } else {
            if (segments == MOST_SEGMENTS) {
                return false;
            }
            addresses[segments] = address;
            lengths[segments] = length;
            segments++;
        }
        bytes += length;
        return true;
    }

    /** Takes pieces back, so that only the first {@code length} bytes of those that were added are left. */
    public void shorten(int length) {
        while (bytes > length) {
            int last = Math.min(lengths[segments - 1], bytes - length);
            lengths[segments - 1] -= last;
            bytes -= last;
            segments -= lengths[segments - 1] == 0 ? 1 : 0;
        }
    }

    /** Where the byte lies in physical memory that is moved after so many others. */
    public long addressOf(int offset) {
        int segment = 0;
        int left = offset;
        while (left >= lengths[segment]) {
            left -= lengths[segment];
            segment++;
        }
        return addresses[segment] + left;
    }

    /** Has a write end only when its bytes are lasting ("force unit access"). */
    public void forceUnitAccess() {
        forceUnitAccess = true;
    }

    /**
     * Says who hears of the end; nobody, if the one who asks waits himself.
     *
     * @param newTag what this request is to him
     */
    public void onEnd(Completion newCompletion, long newTag) {
        completion = newCompletion;
        tag = newTag;
    }

    /** What the request is to the one who hears of its end. */
    public long tag() {
        return tag;
    }

    /** What to do. */
    public Operation operation() {
        return operation;
    }

    /** Whether a write ends only when its bytes are lasting. */
    public boolean forcesUnitAccess() {
        return forceUnitAccess;
    }

    /** The first sector, of 512 bytes. */
    public long sector() {
        return sector;
    }

    /** Moves it to another place, so many sectors farther on. */
    public void move(long sectors) {
        sector += sectors;
    }

    /** How many bytes it moves. */
    public int bytes() {
        return bytes;
    }

    /** How many pieces of memory it names. */
    public int segments() {
        return segments;
    }

    /** Where a piece lies in physical memory. */
    public long address(int segment) {
        return addresses[segment];
    }

    /** How many bytes a piece has. */
    public int length(int segment) {
        return lengths[segment];
    }

    /** For the driver, once: it is done, with 0 or a negative errno. */
    public void end(int result) {
        Completion who = completion;
        error = result;
        ended = true;
        waiters.wakeAll();
        who.ended(this, result);
    }

    /**
     * Waits until it has ended; no signal ends that wait. Whoever waits has no {@link Completion} that gives it back.
     *
     * @return 0; -EIO for bytes that cannot be read or written, or what else the device says
     */
    public int await() {
        waiters.awaitUninterrupted(hasEnded);
        return error;
    }

    /** Gives it back to its pool. */
    public void giveBack() {
        pool.giveBack(this);
    }
}
