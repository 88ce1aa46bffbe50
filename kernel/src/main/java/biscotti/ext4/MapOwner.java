package biscotti.ext4;

import biscotti.block.Block;
import biscotti.ext4.journal.Handle;

/** The file whose blocks a map tells: where the map begins, and who counts its blocks. All is guarded by the lock of its inode. */
interface MapOwner {
    /** The block that the root of the map lies in, pinned: see {@link Block#error}. */
    Block read();

    /** Where the root lies in that block, in bytes. */
    int mapOffset();

    /** Where checksums of the map's blocks begin. */
    int seed();

    /** The block of the device near which its first block should lie. */
    long goal();

    /** It has so many blocks more, or less. */
    void addBlocks(long count);

    /**
     * The root, of which the handle has access already, or the number of blocks has changed.
     *
     * @return 0 or a negative errno
     */
    int storeMap(Handle handle);
}
