package biscotti.driver.disk;

/** A part of a disk that is a device of its own. */
public final class Partition extends BlockDevice {
    private final QueuedDevice disk;
    private final long start;

    /**
     * A part.
     *
     * @param index 1 for the first
     * @param start its first sector on the disk
     * @param sectors how many it has, all on the disk
     */
    public Partition(QueuedDevice disk, int index, long start, long sectors) {
        super(
                nameOf(disk.name(), index),
                disk.number() + index,
                sectors,
                disk.blockSize(),
                disk.readOnly(),
                disk.requests());
        this.disk = disk;
        this.start = start;
    }

    /** As on Linux: {@code sda1}, but {@code nvme0n1p1}. */
    private static String nameOf(String disk, int index) {
        return Character.isDigit(disk.charAt(disk.length() - 1)) ? disk + "p" + index : disk + index;
    }

    /** Its first sector on the disk. */
    public long start() {
        return start;
    }

    @Override
    protected void accept(BlockRequest request) {
        request.move(start);
        disk.accept(request);
    }
}
