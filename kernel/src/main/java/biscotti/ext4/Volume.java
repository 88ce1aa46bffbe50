package biscotti.ext4;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EUCLEAN;

import biscotti.block.BlockRun;
import biscotti.block.PageCache;
import biscotti.driver.disk.BlockDevice;
import biscotti.machine.PhysicalMemory;

/** The structures of a file system on a device: inodes by number, and the blocks of files. */
final class Volume {
    private final Blocks blocks;
    private final PhysicalMemory memory;
    private final Superblock superblock;
    private final Groups groups;
    private final ExtentTree extents;
    private final IndirectMap indirect;

    private Volume(Blocks blocks, Superblock superblock) {
        this.blocks = blocks;
        this.memory = blocks.memory();
        this.superblock = superblock;
        this.groups = new Groups(superblock, blocks);
        this.extents = new ExtentTree(superblock, blocks);
        this.indirect = new IndirectMap(superblock, blocks);
    }

    /** Gets the structures of a device, or says why that is not possible. */
    interface Opened {
        /** They can be used. */
        int put(Volume volume);

        /** They cannot: the reason, and a negative errno that is returned. */
        int refuse(String reason, int error);
    }

    /** Reads superblock and descriptors: what {@link Opened} returns; -EIO, -ENOMEM. */
    static int open(PageCache cache, BlockDevice device, Opened opened) {
        Blocks blocks = new Blocks(cache, device);
        long at = device.bytes() < 2 * Superblock.PLACE ? -EUCLEAN : blocks.pin(Superblock.PLACE);
        if (at < 0) {
            blocks.close();
            return opened.refuse("the superblock cannot be read", (int) at);
        }
        Superblock superblock = new Superblock(cache.memory(), at, device.bytes());
        blocks.unpin(at);
        String problem = superblock.problem();
        if (problem.isEmpty()) {
            Volume volume = new Volume(blocks, superblock);
            int error = volume.checkGroups();
            if (error == 0) {
                return opened.put(volume);
            }
            problem = "a group's descriptor is wrong or cannot be read";
        }
        blocks.close();
        return opened.refuse(problem, -EINVAL);
    }

    private int checkGroups() {
        int error = 0;
        for (int group = 0; group < superblock.groups && error == 0; group++) {
            error = groups.check(group);
        }
        return error;
    }

    Superblock superblock() {
        return superblock;
    }

    Blocks blocks() {
        return blocks;
    }

    /** Forgets what it has in memory. */
    void close() {
        blocks.close();
    }

    /** Receives an inode. */
    interface InodeReader {
        /** Takes it: an answer to hand on. */
        int take(Inode inode);
    }

    /** Reads an inode: what the reader answers; -EUCLEAN for one that is not there, or damaged; -EIO, -ENOMEM. */
    int read(long number, InodeReader reader) {
        if (!superblock.hasInode(number)) {
            return -EUCLEAN;
        }
        long index = number - 1;
        long table = groups.inodeTable((int) (index / superblock.inodesPerGroup));
        if (table < 0) {
            return (int) table;
        }
        long place = (table << superblock.blockShift) + index % superblock.inodesPerGroup * superblock.inodeSize;
        long at = blocks.pin(place);
        if (at < 0) {
            return (int) at;
        }
        Inode inode = new Inode(superblock, memory, number, place, at);
        blocks.unpin(at);
        return inode.isRight() && inode.mode != 0 ? reader.take(inode) : -EUCLEAN;
    }

    /** Finds a run of a file's blocks, as {@link biscotti.block.BlockMap#find}. */
    long find(Inode inode, long block, int most) {
        return inode.hasExtents() ? extents.find(inode, block, most) : indirect.find(inode, block, most);
    }

    /** Pins a block of a file that has no holes, a directory or a link: its address; -EUCLEAN for a hole; -EIO, -ENOMEM. */
    long pin(Inode inode, long block) {
        long run = find(inode, block, 1);
        if (run < 0) {
            return run;
        }
        return BlockRun.isHole(run) ? -EUCLEAN : blocks.pin(BlockRun.start(run) << superblock.blockShift);
    }
}
