package biscotti.ext4;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EUCLEAN;

import biscotti.abi.DeviceNumber;
import biscotti.abi.FileMode;
import biscotti.abi.MountFlags;
import biscotti.block.PageCache;
import biscotti.driver.disk.BlockDevice;
import biscotti.file.Devices;
import biscotti.file.Directory;
import biscotti.file.FileSystem;
import biscotti.file.Slot;
import biscotti.file.SpecialFile;
import biscotti.file.Vnode;
import biscotti.sched.KernelLog;
import java.util.function.LongSupplier;

/** An ext4 file system, or ext2 or ext3, that is read only: nothing on its device is ever changed. */
public final class Ext4FileSystem extends FileSystem {
    /** {@code f_type}: EXT4_SUPER_MAGIC of statfs(2). */
    private static final long MAGIC = 0xef53;

    /** The inode of the top directory: "Special inodes". */
    private static final long ROOT = 2;

    /** Files in memory that one file system has. */
    private static final int MOST_VNODES = 1 << 14;

    private final PageCache cache;
    private final BlockDevice disk;
    private final Devices devices;
    private final Volume volume;
    private final DirectoryBlocks names;
    private final VnodeTable vnodes;
    private final Slot<Vnode> root = new Slot<>();

    private Ext4FileSystem(
            PageCache cache, BlockDevice disk, String type, Devices devices, LongSupplier wallClock, Volume volume) {
        super(type, disk.number(), wallClock);
        this.cache = cache;
        this.disk = disk;
        this.devices = devices;
        this.volume = volume;
        this.names = new DirectoryBlocks(volume);
        this.vnodes = new VnodeTable(MOST_VNODES);
        setFlags(MountFlags.MS_RDONLY);
    }

    /**
     * Opens the file system on a device.
     *
     * @param type {@code ext4}, or for those that have no more than they had {@code ext3} or {@code ext2}
     * @return 0; -EINVAL if there is none that is known, with the reason on the log; -EUCLEAN if it is damaged; -EIO, -ENOMEM
     */
    public static int open(
            PageCache cache,
            BlockDevice disk,
            String type,
            Devices devices,
            LongSupplier wallClock,
            KernelLog log,
            Slot<FileSystem> made) {
        return Volume.open(cache, disk, new Volume.Opened() {
            @Override
            public int put(Volume volume) {
                if (!volume.superblock().is(type)) {
                    volume.close();
                    return refuse("it has features that " + type + " does not have", -EINVAL);
                }
                Ext4FileSystem ext4 = new Ext4FileSystem(cache, disk, type, devices, wallClock, volume);
                int error = ext4.begin();
                if (error < 0) {
                    volume.close();
                    return refuse("the top directory cannot be read", error);
                }
                return made.put(ext4);
            }

            @Override
            public int refuse(String reason, int error) {
                log.error(type + " on " + disk.name() + ": " + reason);
                return error;
            }
        });
    }

    private int begin() {
        Slot<Vnode> top = new Slot<>();
        int error = volume.read(ROOT, inode -> FileMode.isDirectory(inode.mode) ? make(inode, top) : -EUCLEAN);
        if (error < 0) {
            return error;
        }
        return vnodes.add(top.get(), (Ext4Directory) top.get(), "", root);
    }

    PageCache cache() {
        return cache;
    }

    BlockDevice disk() {
        return disk;
    }

    Volume volume() {
        return volume;
    }

    DirectoryBlocks names() {
        return names;
    }

    @Override
    public Directory root() {
        return (Directory) root.get();
    }

    /** The vnode of an inode that has a name in a directory: 0; -EUCLEAN, -EIO, -ENOMEM, -ENFILE. */
    int vnode(long number, Ext4Directory parent, String name, Slot<Vnode> found) {
        if (vnodes.find(number, found)) {
            return 0;
        }
        Slot<Vnode> made = new Slot<>();
        int error = volume.read(number, inode -> inode.links > 0 ? make(inode, made) : -EUCLEAN);
        return error < 0 ? error : vnodes.add(made.get(), parent, name, found);
    }

    private int make(Inode inode, Slot<Vnode> made) {
        Vnode vnode;
        switch (inode.mode & FileMode.S_IFMT) {
            case FileMode.S_IFREG -> vnode = new Ext4File(this, inode);
            case FileMode.S_IFDIR -> vnode = new Ext4Directory(this, inode);
            case FileMode.S_IFLNK -> vnode = new Ext4SymbolicLink(this, inode);
            case FileMode.S_IFCHR, FileMode.S_IFBLK, FileMode.S_IFIFO, FileMode.S_IFSOCK ->
                vnode = new SpecialFile(
                        this, inode.number, inode.mode, inode.userId, inode.groupId, deviceOf(inode), devices);
            default -> {
                return -EUCLEAN;
            }
        }
        vnode.load(new Vnode.Stored(
                inode.mode,
                inode.userId,
                inode.groupId,
                inode.links,
                inode.accessTime,
                inode.modifyTime,
                inode.changeTime,
                inode.birthTime));
        return made.put(vnode);
    }

    /** The device of a device node, which has eight bits for each part, or in the next word 12 and 20. */
    private static int deviceOf(Inode inode) {
        int old = inode.oldDevice;
        if (old != 0) {
            return DeviceNumber.of(old >>> 8 & 0xff, old & 0xff);
        }
        int wide = inode.newDevice;
        return DeviceNumber.of(wide >>> 8 & 0xfff, wide & 0xff | wide >>> 12 & 0xfff00);
    }

    @Override
    public Statistics statistics() {
        Superblock superblock = volume.superblock();
        return new Statistics(
                MAGIC,
                1L << superblock.blockShift,
                superblock.blocks,
                superblock.freeBlocks,
                superblock.inodes,
                superblock.freeInodes);
    }

    @Override
    protected boolean isChangeable() {
        return false;
    }

    /** {@inheritDoc} Its files in memory go. */
    @Override
    protected void unmounted() {
        vnodes.close();
        volume.close();
    }
}
