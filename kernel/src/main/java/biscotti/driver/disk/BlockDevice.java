package biscotti.driver.disk;

import static biscotti.abi.Errno.EIO;
import static biscotti.abi.Errno.EROFS;

/** A device of sectors: a disk, or a part of one. May be used by all threads. */
public abstract class BlockDevice {
    /** log2 of {@link #SECTOR_SIZE}. */
    public static final int SECTOR_SHIFT = 9;

    /** Bytes of a sector, the unit in which places on any device are told; a device may move several at least. */
    public static final int SECTOR_SIZE = 1 << SECTOR_SHIFT;

    /** Requests that may be on their way at once: about what the deepest queues of disks here take. */
    private static final int REQUESTS = 64;

    private static final int LONGEST_NAME = 16;

    private final String name;
    private final int number;
    private final long sectors;
    private final int blockSize;
    private final boolean readOnly;
    private final RequestPool requests;

    /**
     * A device.
     *
     * @param name as in /dev, such as {@code vda}
     * @param number as stat(2) tells it in {@code st_rdev}
     * @param sectors its size in sectors of 512 bytes
     * @param blockSize bytes that it moves at least: a power of 2 from 512 to 4096
     * @param readOnly whether it refuses writes
     */
    protected BlockDevice(String name, int number, long sectors, int blockSize, boolean readOnly) {
        this(name, number, sectors, blockSize, readOnly, new RequestPool(REQUESTS));
    }

    /** A device whose requests are another's: a part of it. */
    protected BlockDevice(
            String name, int number, long sectors, int blockSize, boolean readOnly, RequestPool requests) {
        this.name = name.substring(0, Math.min(name.length(), LONGEST_NAME));
        this.number = number;
        this.sectors = sectors;
        this.blockSize = blockSize;
        this.readOnly = readOnly;
        this.requests = requests;
    }

    /** Its name in /dev. */
    public final String name() {
        return name;
    }

    /** Its number in {@code st_rdev}. */
    public final int number() {
        return number;
    }

    /** Its size in sectors of 512 bytes. */
    public final long sectors() {
        return sectors;
    }

    /** Its size in bytes. */
    public final long bytes() {
        return sectors << SECTOR_SHIFT;
    }

    /** Bytes that it moves at least; places and lengths of requests are multiples of it. */
    public final int blockSize() {
        return blockSize;
    }

    /** Whether it refuses writes. */
    public final boolean readOnly() {
        return readOnly;
    }

    /** The requests that it takes. */
    public final RequestPool requests() {
        return requests;
    }

    /**
     * Hands a request over, and does not wait for it. One that the device cannot do ends at once: -EIO beyond its end or not in
     * whole blocks, -EROFS for a write to a device that can only be read.
     */
    public final void submit(BlockRequest request) {
        int error = check(request);
        if (error == 0) {
            accept(request);
        } else {
            request.end(error);
        }
    }

    private int check(BlockRequest request) {
        if (request.operation() == BlockRequest.Operation.FLUSH) {
            return 0;
        }
        if (request.operation() == BlockRequest.Operation.WRITE && readOnly) {
            return -EROFS;
        }
        long first = request.sector();
        long count = request.bytes() >>> SECTOR_SHIFT;
        long mask = blockSize - 1;
        boolean whole = ((first << SECTOR_SHIFT | request.bytes()) & mask) == 0;
        return whole && count > 0 && first >= 0 && first <= sectors - count ? 0 : -EIO;
    }

    /** Makes lasting all writes that have ended, and waits for it, uninterrupted: 0 or -EIO. */
    public final int flush() {
        BlockRequest request = requests.take();
        request.begin(BlockRequest.Operation.FLUSH, 0);
        submit(request);
        int error = request.await();
        request.giveBack();
        return error;
    }

    /** Takes a request that lies on the device, without waiting; its end is told by {@link BlockRequest#end}. */
    protected abstract void accept(BlockRequest request);

    @Override
    public final String toString() {
        return name;
    }
}
