package biscotti.ext4;

import biscotti.abi.MountFlags;
import biscotti.ext4.journal.Handle;
import biscotti.file.Change;
import biscotti.file.Vnode;

/** An operation on names: one handle. */
final class Ext4Change implements Change {
    /** Blocks of a directory's map that change only once in an operation, when it gets several blocks: all but the last node. */
    private static final int ONE_MORE_BLOCK = 3;

    /** A name goes into a directory: its block, a new one, and two for each of three levels of the index, with their allocation. */
    private static final int INSERT = 2 + 3 * (2 + ONE_MORE_BLOCK);

    /** The old name, "..", and the first block of a new directory or a long symbolic link. */
    private static final int OTHER_BLOCKS = 3 + ONE_MORE_BLOCK;

    /** Inodes: two directories, two files, a whiteout; and one that is made. */
    private static final int INODES = 5 + InodeAllocator.CREDITS;

    /** The most blocks that an operation on names changes. */
    static final int CREDITS = Volume.CREDITS_TO_ALLOCATE + INSERT + OTHER_BLOCKS + INODES + 2 * Orphans.CREDITS;

    private final Volume volume;
    private final Handle handle;

    private Ext4Change(Volume volume, Handle handle) {
        this.volume = volume;
        this.handle = handle;
    }

    /** Begins one; with MS_DIRSYNC or MS_SYNCHRONOUS among the flags its end waits until all is on the disk. */
    static Ext4Change begin(Volume volume, int flags) {
        Handle handle = volume.transactions().begin(CREDITS);
        if ((flags & (MountFlags.MS_DIRSYNC | MountFlags.MS_SYNCHRONOUS)) != 0) {
            handle.setSynchronous();
        }
        return new Ext4Change(volume, handle);
    }

    /** The handle of a change of this file system. */
    static Handle handle(Change change) {
        return ((Ext4Change) change).handle;
    }

    @Override
    public int error() {
        return handle.error();
    }

    @Override
    public int store(Vnode vnode) {
        Inode inode = ((OnDisk) vnode).diskInode();
        boolean nameless = vnode.links() == 0;
        boolean wasNameless = inode.isNameless();
        inode.setNameless(nameless);
        int error = inode.store(handle);
        if (error == 0 && nameless) {
            error = volume.orphans().add(handle, inode);
        } else if (error == 0 && wasNameless) {
            error = volume.orphans().remove(handle, inode, 0);
        }
        return error;
    }

    @Override
    public int end() {
        return handle.end();
    }
}
