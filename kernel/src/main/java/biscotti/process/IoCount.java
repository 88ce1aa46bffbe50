package biscotti.process;

/** How much somebody has read and written: /proc/PID/io of proc(5). Written by its thread alone. */
public final class IoCount {
    private long bytesRead;
    private long bytesWritten;
    private long reads;
    private long writes;

    IoCount() {}

    /** Counts a read, with its result. */
    void read(long result) {
        reads++;
        bytesRead += Math.max(result, 0);
    }

    /** Counts a write, with its result. */
    void written(long result) {
        writes++;
        bytesWritten += Math.max(result, 0);
    }

    void add(IoCount other) {
        bytesRead += other.bytesRead;
        bytesWritten += other.bytesWritten;
        reads += other.reads;
        writes += other.writes;
    }

    /** Bytes that read(2) and its kin gave. */
    public long bytesRead() {
        return bytesRead;
    }

    /** Bytes that write(2) and its kin took. */
    public long bytesWritten() {
        return bytesWritten;
    }

    /** How often read(2) or its kin was called. */
    public long reads() {
        return reads;
    }

    /** How often write(2) or its kin was called. */
    public long writes() {
        return writes;
    }
}
