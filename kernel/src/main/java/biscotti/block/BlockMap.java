package biscotti.block;

import biscotti.memory.Mappings;

/** Where the blocks of a file lie on its device. May be asked by all threads. */
public interface BlockMap {
    /** log2 of the bytes of a block: 9 to 12. */
    int blockShift();

    /** The file's length in bytes. */
    long length();

    /**
     * Finds a run of the file's blocks that also lie one after the other on the device, or are all missing.
     *
     * @param block the first block of the file
     * @param most how many are wanted, 1 to {@link BlockRun#MOST}
     * @return a {@link BlockRun} of at most as many; or a negative errno, such as -EIO if the map itself cannot be read
     */
    long find(long block, int most);

    /** Who maps the file shared. */
    Mappings mappings();
}
