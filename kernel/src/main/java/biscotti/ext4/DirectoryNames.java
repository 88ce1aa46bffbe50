package biscotti.ext4;

import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.ENOTEMPTY;
import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.Block;
import biscotti.ext4.journal.Handle;
import biscotti.file.DirectoryReader;

/**
 * The names of directories, found and changed. The inode of a directory is locked, but for a listing: its lock guards the content, too.
 *
 * <p>A directory with one block gets an index when that is full, if the file system has indexes; without one, names are looked for in
 * block after block. What changes is stored with the handle of the operation; after an error, all names are as before.
 */
final class DirectoryNames {
    private final Volume volume;
    private final Superblock superblock;
    private final EntryBlocks entries;
    private final DirectoryIndex index;

    DirectoryNames(Volume volume) {
        this.volume = volume;
        this.superblock = volume.superblock();
        this.entries = new EntryBlocks(superblock);
        this.index = new DirectoryIndex(volume, entries);
    }

    /** Tells names from a position on, as {@link biscotti.file.Directory#list}; the inode is not locked. */
    long list(Inode directory, long parent, long position, DirectoryReader receiver) {
        return new DirectoryListing(volume, entries, index, directory, parent, receiver).from(position);
    }

    /** Where an entry is: a pinned block and an offset there. */
    private static final class Found {
        private Block block;
        private int offset;
    }

    /** How many blocks there may be: no more than the file system has. */
    private long blocksOf(Inode directory) {
        return Math.min(directory.size() >>> superblock.blockShift, superblock.blocks);
    }

    /** The number of the inode that has a name; -ENOENT; -EUCLEAN for a damaged directory; -EIO, -ENOMEM. */
    long find(Inode directory, byte[] name) {
        Found found = new Found();
        int error = locate(directory, name, found);
        if (error < 0) {
            return error;
        }
        long number = entries.number(found.block, found.offset);
        found.block.release();
        return number;
    }

    /** Finds the entry of a name, and pins its block: 0 or a negative errno. */
    private int locate(Inode directory, byte[] name, Found found) {
        return index.isUsedBy(directory) ? locateHashed(directory, name, found) : locateLinear(directory, name, found);
    }

    private int locateLinear(Inode directory, byte[] name, Found found) {
        long count = blocksOf(directory);
        int error = -ENOENT;
        for (long number = 0; number < count && error == -ENOENT; number++) {
            error = locateIn(directory, number, name, found);
        }
        return error;
    }

    private int locateIn(Inode directory, long number, byte[] name, Found found) {
        Block block = volume.read(directory, number);
        if (block.error() < 0) {
            return block.error();
        }
        int offset = entries.find(directory.seed, block, name);
        if (offset < 0) {
            block.release();
            return offset;
        }
        found.block = block;
        found.offset = offset;
        return 0;
    }

    private int locateHashed(Inode directory, byte[] name, Found found) {
        IndexPath path = new IndexPath(volume);
        int error = path.open(directory);
        if (error < 0) {
            return error;
        }
        int hash = index.hash(path, name);
        error = path.descend(directory, hash);
        error = error < 0 ? error : locateIn(directory, path.leaf(), name, found);
        boolean more = true;
        while (error == -ENOENT && more) {
            int next = path.next(directory);
            more = next > 0 && path.beginsWith() == (hash | 1);
            error = next < 0 ? next : more ? locateIn(directory, path.leaf(), name, found) : error;
        }
        path.close();
        return error;
    }

    /** Whether there are no names but "." and "..": 0, -ENOTEMPTY, -EUCLEAN, -EIO, -ENOMEM. */
    int checkEmpty(Inode directory) {
        long count = blocksOf(directory);
        int error = 0;
        for (long number = 0; number < count && error == 0; number++) {
            Block block = volume.read(directory, number);
            error = block.error() < 0 ? block.error() : checkEmpty(directory.seed, block);
            block.release();
        }
        return error;
    }

    private int checkEmpty(int seed, Block block) {
        if (!entries.isRight(seed, block)) {
            return -EUCLEAN;
        }
        int end = entries.endOf(block);
        int offset = 0;
        while (offset < end) {
            int length = entries.lengthAt(block, offset);
            if (length < 0) {
                return length;
            }
            if (entries.number(block, offset) != 0 && !entries.isDot(block, offset)) {
                return -ENOTEMPTY;
            }
            offset += length;
        }
        return 0;
    }

    /** Makes the first block of a new directory: 0, -ENOSPC or another errno. */
    int begin(Handle handle, Inode directory, long parent) {
        Block block = index.grow(handle, directory);
        int error = block.error();
        if (error == 0) {
            entries.begin(directory.seed, block, directory.number, parent);
            handle.dirty(block);
        }
        block.release();
        return error;
    }

    /**
     * Has a name be that of a file; if it is there, it was another's.
     *
     * @param mode the file's type
     * @return 0; -ENOSPC for a new name; -EUCLEAN, -EIO, -ENOMEM, -EROFS
     */
    int put(Handle handle, Inode directory, byte[] name, long number, int mode) {
        Found found = new Found();
        int error = locate(directory, name, found);
        if (error == -ENOENT) {
            return add(handle, directory, name, number, mode);
        }
        if (error < 0) {
            return error;
        }
        error = handle.access(found.block);
        if (error == 0) {
            entries.replace(found.block, found.offset, number, mode);
            entries.seal(directory.seed, found.block);
            handle.dirty(found.block);
        }
        found.block.release();
        return error;
    }

    /** Forgets a name: 0, -ENOENT, -EUCLEAN, -EIO, -ENOMEM, -EROFS. */
    int remove(Handle handle, Inode directory, byte[] name) {
        Found found = new Found();
        int error = locate(directory, name, found);
        if (error < 0) {
            return error;
        }
        error = handle.access(found.block);
        if (error == 0) {
            entries.remove(directory.seed, found.block, found.offset);
            handle.dirty(found.block);
        }
        found.block.release();
        return error;
    }

    /** Says which directory is above: 0, -EUCLEAN, -EIO, -ENOMEM, -EROFS. */
    int setParent(Handle handle, Inode directory, long parent) {
        Block block = volume.read(directory, 0);
        if (block.error() < 0) {
            return block.error();
        }
        int offset = entries.parentOffset(block);
        int error = offset < 0 ? offset : handle.access(block);
        if (error == 0) {
            block.putInt(offset, (int) parent);
            if (index.isUsedBy(directory)) {
                new IndexNode(superblock, block, true).changed(directory.seed);
            } else {
                entries.seal(directory.seed, block);
            }
            handle.dirty(block);
        }
        block.release();
        return error;
    }

    private int add(Handle handle, Inode directory, byte[] name, long number, int mode) {
        if (index.isUsedBy(directory)) {
            return index.add(handle, directory, name, number, mode);
        }
        long count = blocksOf(directory);
        int error = -ENOSPC;
        for (long i = 0; i < count && error == -ENOSPC; i++) {
            Block block = volume.read(directory, i);
            error = block.error() < 0 ? block.error() : index.addTo(handle, directory, block, name, number, mode);
            block.release();
        }
        if (error != -ENOSPC) {
            return error;
        }
        if (count == 1 && superblock.hasCompatible(Features.DIRECTORY_INDEX)) {
            error = index.begin(handle, directory);
            return error < 0 ? error : index.add(handle, directory, name, number, mode);
        }
        return append(handle, directory, name, number, mode);
    }

    private int append(Handle handle, Inode directory, byte[] name, long number, int mode) {
        Block block = index.grow(handle, directory);
        int error = block.error();
        if (error == 0) {
            entries.clear(directory.seed, block);
            entries.insert(directory.seed, block, 0, name, number, mode);
            handle.dirty(block);
        }
        block.release();
        return error;
    }
}
