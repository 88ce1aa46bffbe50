package biscotti.ext4;

import static biscotti.abi.Errno.ENAMETOOLONG;

import biscotti.abi.FileMode;
import biscotti.abi.Latin1;
import biscotti.block.Block;
import biscotti.block.BlockRun;
import biscotti.ext4.journal.Handle;
import biscotti.file.NewFile;
import biscotti.file.Slot;
import biscotti.file.Vnode;

/** Makes the inode of a file that has no name yet, and all that belongs to it from the beginning. */
final class NewFiles {
    private final Ext4FileSystem ext4;
    private final Volume volume;

    NewFiles(Ext4FileSystem ext4) {
        this.ext4 = ext4;
        this.volume = ext4.volume();
    }

    /**
     * Makes one.
     *
     * @param device of a device node
     * @param target of a symbolic link
     * @return 0; -ENOSPC; -ENAMETOOLONG for a target that does not fit into a block; -ENFILE; -EUCLEAN, -EIO, -ENOMEM, -EROFS
     */
    int make(Handle handle, Ext4Directory parent, NewFile attributes, int device, String target, Slot<Vnode> made) {
        if (target.length() >= volume.superblock().blockSize()) {
            return -ENAMETOOLONG;
        }
        long number = volume.inodes().allocate(handle, parent.diskInode(), attributes.mode());
        if (number < 0) {
            return (int) number;
        }
        boolean mapped = hasMap(attributes.mode(), target);
        int flags = mapped && volume.superblock().has(Features.EXTENTS) ? Inode.FLAG_EXTENTS : 0;
        Slot<Vnode> fresh = new Slot<>();
        int error = volume.create(handle, number, flags, record -> begin(record, attributes, device, target, fresh));
        error = error < 0 ? error : ext4.vnodes().add(fresh.get(), parent, "", made);
        if (error == 0) {
            error = fill(handle, parent.number(), made.get(), target);
            if (error < 0) {
                ext4.vnodes().remove(made.get());
            }
        }
        if (error < 0) {
            volume.inodes().free(handle, number, attributes.mode());
        }
        return error;
    }

    /** Whether its content is in blocks. */
    private static boolean hasMap(int mode, String target) {
        return FileMode.isRegular(mode)
                || FileMode.isDirectory(mode)
                || FileMode.isSymbolicLink(mode) && target.length() >= InodeRecord.MAP_SIZE;
    }

    private int begin(InodeRecord record, NewFile attributes, int device, String target, Slot<Vnode> made) {
        int mode = attributes.mode();
        if ((record.flags() & Inode.FLAG_EXTENTS) != 0) {
            new ExtentNode(record.block(), record.offset() + InodeRecord.MAP).begin(0, ExtentNode.ROOT_ENTRIES);
        }
        if (FileMode.isDevice(mode)) {
            record.setDevice(device);
        } else if (FileMode.isSymbolicLink(mode) && !hasMap(mode, target)) {
            byte[] text = Latin1.bytes(target);
            record.block().put(record.offset() + InodeRecord.MAP, text, 0, text.length);
            record.setSize(text.length);
        }
        long now = ext4.now();
        Vnode.Stored stored = new Vnode.Stored(mode, attributes.userId(), attributes.groupId(), 0, now, now, now, now);
        int error = ext4.vnode(record, stored, made);
        if (error == 0) {
            record.setAttributes(made.get(), 0);
        }
        return error;
    }

    /** What it has from the beginning: "." and "..", or a target. */
    private int fill(Handle handle, long parent, Vnode vnode, String target) {
        Inode inode = ((OnDisk) vnode).diskInode();
        inode.lock.lock();
        try {
            if (vnode instanceof Ext4Directory) {
                return ext4.names().begin(handle, inode, parent);
            }
            boolean writes = vnode instanceof Ext4SymbolicLink && hasMap(vnode.mode(), target);
            return writes ? writeTarget(handle, inode, Latin1.bytes(target)) : 0;
        } finally {
            inode.lock.unlock();
        }
    }

    private int writeTarget(Handle handle, Inode inode, byte[] text) {
        long run = volume.allocate(handle, inode, 0, 1, true);
        if (run < 0) {
            return (int) run;
        }
        Block block = volume.blocks().get(BlockRun.start(run));
        int error = block.error() < 0 ? block.error() : handle.create(block);
        if (error == 0) {
            block.zero(0, block.size());
            block.put(0, text, 0, text.length);
            handle.dirty(block);
            inode.setSize(text.length);
            error = inode.storeMap(handle);
        }
        block.release();
        return error;
    }
}
