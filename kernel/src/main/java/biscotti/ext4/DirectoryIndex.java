package biscotti.ext4;

import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.Block;
import biscotti.block.BlockRun;
import biscotti.ext4.journal.Handle;

/**
 * Directories with an index by the hashes of names: "Hash Tree Directories". The inode is locked.
 *
 * <p>When the block for a name is full, it is divided in two by hashes. When a node of the index is full, it is divided before; when all are, up to the
 * top, there is one level more. Each of these steps leaves a directory that is right, so that the file system may run full
 * after any of them.
 */
final class DirectoryIndex {
    /** The most steps that one name needs: three nodes, and the block as often as long names make it necessary. */
    private static final int MOST_STEPS = 16;

    private final Volume volume;
    private final Superblock superblock;
    private final EntryBlocks entries;
    private final NameHash hash;

    DirectoryIndex(Volume volume, EntryBlocks entries) {
        this.volume = volume;
        this.superblock = volume.superblock();
        this.entries = entries;
        int[] seed = new int[4];
        for (int i = 0; i < seed.length; i++) {
            seed[i] = superblock.hashSeed(i);
        }
        this.hash = new NameHash(seed, !superblock.signedHash);
    }

    /** Whether a directory has an index. */
    boolean isUsedBy(Inode directory) {
        return directory.has(Inode.FLAG_INDEX) && superblock.hasCompatible(Features.DIRECTORY_INDEX);
    }

    NameHash hash() {
        return hash;
    }

    /** What an index has of a name's hash. */
    int hash(IndexPath path, byte[] name) {
        return NameHash.upper(hash.of(path.version(), name, name.length));
    }

    /**
     * Adds a block at the end of a directory.
     *
     * @return pinned, for the handle to be changed; its error is -ENOSPC or another
     */
    Block grow(Handle handle, Inode directory) {
        long run = volume.allocate(handle, directory, directory.size() >>> superblock.blockShift, 1, true);
        if (run < 0) {
            return volume.blocks().failed((int) run);
        }
        Block block = volume.blocks().get(BlockRun.start(run));
        int error = block.error() < 0 ? block.error() : handle.create(block);
        if (error == 0) {
            directory.setSize(directory.size() + superblock.blockSize());
            error = directory.storeMap(handle);
        }
        if (error < 0) {
            block.release();
            return volume.blocks().failed(error);
        }
        return block;
    }

    /** Adds a name to a block, if there is room: 0; -ENOSPC; -EUCLEAN, -EROFS. */
    int addTo(Handle handle, Inode directory, Block block, byte[] name, long number, int mode) {
        int room = entries.findRoom(directory.seed, block, name.length);
        int error = room < 0 ? room : handle.access(block);
        if (error == 0) {
            entries.insert(directory.seed, block, room, name, number, mode);
            handle.dirty(block);
        }
        return error;
    }

    /** Adds a name that is not there: 0, -ENOSPC, -EUCLEAN, -EIO, -ENOMEM, -EROFS. */
    int add(Handle handle, Inode directory, byte[] name, long number, int mode) {
        IndexPath path = new IndexPath(volume);
        int error = 1;
        for (int i = 0; i < MOST_STEPS && error > 0; i++) {
            error = path.open(directory);
            error = error < 0 ? error : path.descend(directory, hash(path, name));
            error = error < 0 ? error : addOrDivide(handle, directory, path, name, number, mode);
            path.close();
        }
        return error > 0 ? -ENOSPC : error;
    }

    /** Adds a name, or makes room: 0; 1 if there may be room now; a negative errno. */
    private int addOrDivide(Handle handle, Inode directory, IndexPath path, byte[] name, long number, int mode) {
        Block leaf = volume.read(directory, path.leaf());
        if (leaf.error() < 0) {
            return leaf.error();
        }
        int error = addTo(handle, directory, leaf, name, number, mode);
        if (error == -ENOSPC) {
            int level = path.depth() - 1;
            error = path.node(level).isFull()
                    ? divideNode(handle, directory, path)
                    : divide(handle, directory, path, leaf);
            error = error < 0 ? error : 1;
        }
        leaf.release();
        return error;
    }

    /** Moves the greater half of a block's names to a new one. */
    private int divide(Handle handle, Inode directory, IndexPath path, Block leaf) {
        HashedEntries sorted = new HashedEntries(entries);
        int error = sorted.read(leaf, hash, path.version());
        if (error == 0 && sorted.count() < 2) {
            error = -EUCLEAN;
        }
        int level = path.depth() - 1;
        IndexNode node = path.node(level);
        error = error < 0 ? error : handle.access(leaf);
        error = error < 0 ? error : handle.access(node.block());
        if (error < 0) {
            return error;
        }
        long child = directory.size() >>> superblock.blockShift;
        Block made = grow(handle, directory);
        if (made.error() < 0) {
            return made.error();
        }
        byte[] before = new byte[superblock.blockSize()];
        leaf.get(0, before, 0, before.length);
        int middle = sorted.middle(leaf);
        pack(directory.seed, made, sorted, middle, sorted.count(), before);
        pack(directory.seed, leaf, sorted, 0, middle, before);
        boolean goesOn = sorted.upper(middle) == sorted.upper(middle - 1);
        node.insert(directory.seed, path.at(level) + 1, sorted.upper(middle) | (goesOn ? 1 : 0), child);
        handle.dirty(leaf);
        handle.dirty(made);
        handle.dirty(node.block());
        made.release();
        return 0;
    }

    /** Makes a block of some of the entries that were in another. */
    private void pack(int seed, Block to, HashedEntries sorted, int from, int end, byte[] bytes) {
        int last = 0;
        int behind = 0;
        for (int i = from; i < end; i++) {
            last = behind;
            behind = entries.append(to, behind, bytes, sorted.offset(i));
        }
        entries.finish(seed, to, last, behind);
    }

    /** The lowest node is full: divides the highest node of which that above is not full, or adds a level. */
    private int divideNode(Handle handle, Inode directory, IndexPath path) {
        int level = path.depth() - 1;
        while (level > 0 && path.node(level - 1).isFull()) {
            level--;
        }
        if (level == 0) {
            return path.mayGrow() ? addLevel(handle, directory, path) : -ENOSPC;
        }
        IndexNode node = path.node(level);
        IndexNode above = path.node(level - 1);
        int error = handle.access(node.block());
        error = error < 0 ? error : handle.access(above.block());
        if (error < 0) {
            return error;
        }
        long child = directory.size() >>> superblock.blockShift;
        Block made = grow(handle, directory);
        if (made.error() < 0) {
            return made.error();
        }
        int middle = node.count() / 2;
        int begin = node.hash(middle);
        new IndexNode(superblock, made, false).takeFrom(directory.seed, node, middle);
        above.insert(directory.seed, path.at(level - 1) + 1, begin, child);
        handle.dirty(node.block());
        handle.dirty(above.block());
        handle.dirty(made);
        made.release();
        return 0;
    }

    /** What the top has goes into a new node, which the top leads to. */
    private int addLevel(Handle handle, Inode directory, IndexPath path) {
        IndexNode top = path.node(0);
        int error = handle.access(top.block());
        if (error < 0) {
            return error;
        }
        long child = directory.size() >>> superblock.blockShift;
        Block made = grow(handle, directory);
        if (made.error() < 0) {
            return made.error();
        }
        new IndexNode(superblock, made, false).takeFrom(directory.seed, top, 0);
        path.setLevels(path.depth());
        top.begin(directory.seed, child);
        handle.dirty(top.block());
        handle.dirty(made);
        made.release();
        return 0;
    }

    /** A directory of one block gets an index: its names go into a second one. */
    int begin(Handle handle, Inode directory) {
        Block root = volume.read(directory, 0);
        if (root.error() < 0) {
            return root.error();
        }
        HashedEntries sorted = new HashedEntries(entries);
        int parent = entries.parentOffset(root);
        int error = parent == EntryBlocks.LEAST ? sorted.read(root, hash, superblock.hashVersion) : -EUCLEAN;
        error = error < 0 ? error : handle.access(root);
        Block made = error < 0 ? volume.blocks().failed(error) : grow(handle, directory);
        error = made.error();
        if (error == 0) {
            byte[] before = new byte[superblock.blockSize()];
            root.get(0, before, 0, before.length);
            pack(directory.seed, made, sorted, 0, sorted.count(), before);
            root.putShort(EntryBlocks.LEAST + EntryBlocks.LENGTH, superblock.blockSize() - EntryBlocks.LEAST);
            IndexPath.begin(superblock, directory.seed, root, 1);
            directory.setFlags(directory.flags() | Inode.FLAG_INDEX);
            error = directory.storeMap(handle);
            handle.dirty(made);
            handle.dirty(root);
        }
        made.release();
        root.release();
        return error;
    }
}
