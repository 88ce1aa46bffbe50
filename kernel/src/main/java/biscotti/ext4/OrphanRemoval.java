package biscotti.ext4;

import static biscotti.abi.Errno.EUCLEAN;

import biscotti.file.Slot;
import biscotti.file.Vnode;

/**
 * What a mount does about files that were being deleted or cut when the machine stopped: "Orphan inode list" (ext4_orphan_cleanup of Linux). They are
 * seen to one after the other, so that none but the first is in memory.
 */
final class OrphanRemoval {
    private final Ext4FileSystem ext4;
    private final Volume volume;

    OrphanRemoval(Ext4FileSystem ext4) {
        this.ext4 = ext4;
        this.volume = ext4.volume();
    }

    /** As many can be in the list: one that leads in a circle ends there. */
    long most() {
        return volume.superblock().inodes;
    }

    /** Sees to the first one: 1; 0 if there is none left; -EUCLEAN if the list leads to what cannot be in it; -EIO, -ENOMEM. */
    int next() {
        long number = volume.state().firstOrphan();
        int error = number > 0 ? remove(number) : (int) number;
        return error < 0 || number == 0 ? error : 1;
    }

    private int remove(long number) {
        Slot<Vnode> found = new Slot<>();
        long[] following = new long[1];
        int error = volume.read(number, record -> {
            following[0] = record.deletionTime();
            return ext4.vnode(record, record.attributes(), found);
        });
        if (error < 0) {
            return error;
        }
        if (following[0] > volume.superblock().inodes || !(found.get() instanceof OnDisk file)) {
            return -EUCLEAN;
        }
        Inode inode = file.diskInode();
        volume.orphans().load(inode, following[0]);
        if (found.get().links() == 0) {
            inode.setNameless(true);
            error = volume.remove(inode);
        } else {
            error = file instanceof Ext4File cut ? cut.cutAgain() : -EUCLEAN;
        }
        if (file instanceof Ext4File regular) {
            regular.forgetPages();
        }
        return error;
    }
}
