package biscotti.ext4;

/** A vnode whose inode is on the disk. */
interface OnDisk {
    /** Its inode. */
    Inode diskInode();

    /** Whether the disk has all of it, so that it may go from memory. */
    default boolean isStored() {
        return !diskInode().isChanged();
    }
}
