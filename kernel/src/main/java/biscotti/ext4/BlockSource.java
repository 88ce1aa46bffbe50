package biscotti.ext4;

import biscotti.ext4.journal.Handle;

/** Who gives out the blocks of a device, and takes them back. */
interface BlockSource {
    /** The most credits of giving out blocks, or of taking back some that lie in one group: a bitmap and a descriptor. */
    int CREDITS = 2;

    /**
     * Gives out blocks that follow one another.
     *
     * @param goal where the first should lie
     * @param most how many are wanted, 1 to {@link biscotti.block.BlockRun#MOST}
     * @return a {@link biscotti.block.BlockRun} of at least one; -ENOSPC; -EIO, -ENOMEM, -EROFS, -EUCLEAN
     */
    long allocate(Handle handle, long goal, int most);

    /**
     * Takes blocks back.
     *
     * @return 0; -EUCLEAN if they cannot be a file's; -EIO, -ENOMEM, -EROFS
     */
    int free(Handle handle, long start, int count);
}
