package biscotti.machine;

/**
 * A range of physical memory.
 *
 * @param start its first byte
 * @param end the byte after its last
 */
public record PhysicalRange(long start, long end) {
    /** How many bytes it has. */
    public long length() {
        return end - start;
    }
}
