package biscotti.ext4;

/** A vnode whose inode is on the disk. */
interface OnDisk {
    /** Its inode. */
    Inode diskInode();
}
