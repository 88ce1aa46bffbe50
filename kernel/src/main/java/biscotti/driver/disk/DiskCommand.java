package biscotti.driver.disk;

import biscotti.machine.PhysicalMemory;

/**
 * What a disk does at once in a slot: a request, or the next part of one that is more than a command can name. Guarded by the
 * lock of its disk.
 */
public final class DiskCommand {
    private final int slot;
    private final CommandLimits limits;
    private BlockRequest request;
    private BlockRequest.Operation operation = BlockRequest.Operation.FLUSH;

    /** Where the request's next part begins: a piece of memory, and bytes into it. */
    private int nextSegment;

    private int nextOffset;
    private int bytesDone;
    private boolean flushed;

    private int firstSegment;
    private int firstOffset;
    private int segments;
    private int bytes;
    private int lastLength;
    private long sector;
    private int error;
    private boolean late;

    DiskCommand(int slot, CommandLimits limits) {
        this.slot = slot;
        this.limits = limits;
    }

    void begin(BlockRequest newRequest) {
        request = newRequest;
        nextSegment = 0;
        nextOffset = 0;
        bytesDone = 0;
        bytes = 0;
        flushed = false;
        error = 0;
        late = false;
    }

    BlockRequest request() {
        return request;
    }

    int error() {
        return error;
    }

    /** Its slot. */
    public int slot() {
        return slot;
    }

    /** For the driver: it has ended with a negative errno. */
    public void fail(int newError) {
        error = newError;
    }

    /** The device has taken too long for it: whether that was not the first time. */
    boolean isLateAgain() {
        boolean again = late;
        late = true;
        return again;
    }

    /** Whether the device took too long for it before, and is to do it once more. */
    public boolean wasLate() {
        return late;
    }

    /** What to do. */
    public BlockRequest.Operation operation() {
        return operation;
    }

    /** Whether it ends only when its bytes are lasting: never for a disk that cannot be asked for that. */
    public boolean forcesUnitAccess() {
        return limits.forcesUnitAccess() && operation == BlockRequest.Operation.WRITE && request.forcesUnitAccess();
    }

    /** The first sector, of 512 bytes. */
    public long sector() {
        return sector;
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
        return request.address(firstSegment + segment) + (segment == 0 ? firstOffset : 0);
    }

    /** How many bytes a piece has. */
    public int length(int segment) {
        return segment == segments - 1
                ? lastLength
                : request.length(firstSegment + segment) - (segment == 0 ? firstOffset : 0);
    }

    /** Becomes the next part of the request; false if all is done. */
    boolean next() {
        bytesDone += bytes;
        bytes = 0;
        segments = 0;
        if (request.operation() == BlockRequest.Operation.FLUSH) {
            return limits.caches() && flush();
        }
        if (bytesDone == request.bytes()) {
            boolean asked = request.operation() == BlockRequest.Operation.WRITE && request.forcesUnitAccess();
            return asked && limits.caches() && !limits.forcesUnitAccess() && flush();
        }
        operation = request.operation();
        sector = request.sector() + (bytesDone >>> BlockDevice.SECTOR_SHIFT);
        firstSegment = nextSegment;
        firstOffset = nextOffset;
        while (segments < limits.segments() && nextSegment < request.segments() && bytes < limits.bytes() && fits()) {
            take();
        }
        return true;
    }

    private boolean flush() {
        boolean first = !flushed;
        flushed = true;
        operation = BlockRequest.Operation.FLUSH;
        return first;
    }

    /** Whether the next piece may follow those before it. */
    private boolean fits() {
        if (segments == 0 || !limits.wholeFrames()) {
            return true;
        }
        long end = address(segments - 1) + lastLength;
        return ((end | request.address(nextSegment)) & PhysicalMemory.FRAME_MASK) == 0;
    }

    private void take() {
        int left = request.length(nextSegment) - nextOffset;
        lastLength = Math.min(left, limits.bytes() - bytes);
        segments++;
        bytes += lastLength;
        if (lastLength == left) {
            nextSegment++;
            nextOffset = 0;
        } else {
            nextOffset += lastLength;
        }
    }
}
