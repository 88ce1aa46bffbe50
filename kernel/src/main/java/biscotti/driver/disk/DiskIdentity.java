package biscotti.driver.disk;

/**
 * What a driver finds out about a disk first.
 *
 * @param name as in /dev
 * @param number as stat(2) tells it in {@code st_rdev}
 * @param sectors its size in sectors of 512 bytes
 * @param blockSize bytes that it moves at least
 * @param readOnly whether it refuses writes
 */
public record DiskIdentity(String name, int number, long sectors, int blockSize, boolean readOnly) {}
