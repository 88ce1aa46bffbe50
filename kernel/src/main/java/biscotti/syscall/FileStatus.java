package biscotti.syscall;

import biscotti.abi.DeviceNumber;
import biscotti.abi.MountFlags;
import biscotti.abi.StatLayout;
import biscotti.abi.StatxLayout;
import biscotti.file.Caller;
import biscotti.file.FileSystem;
import biscotti.file.Mount;
import biscotti.file.Place;
import biscotti.file.Vnode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes what is known of a file to user memory, in the layouts of stat(2), statx(2) and statfs(2). */
final class FileStatus {
    /** The size of every file system's blocks. */
    static final int BLOCK_SIZE = 4096;

    /** What blocks are counted in: stat(2). */
    static final int BYTES_PER_BLOCK = 512;

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final int STATFS_SIZE = 120;
    private static final int NAME_MAX = 255;

    private FileStatus() {}

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** struct stat: 0 or -EFAULT. */
    static int writeStat(Caller caller, Vnode vnode, long address) {
        ByteBuffer out = buffer(StatLayout.SIZE);
        out.putLong(StatLayout.DEVICE, vnode.fileSystem().device());
        out.putLong(StatLayout.INODE, vnode.number());
        out.putLong(StatLayout.LINKS, vnode.links());
        out.putInt(StatLayout.MODE, vnode.mode());
        out.putInt(StatLayout.USER, vnode.userId());
        out.putInt(StatLayout.GROUP, vnode.groupId());
        out.putLong(StatLayout.SPECIAL_DEVICE, vnode.deviceNumber());
        out.putLong(StatLayout.LENGTH, vnode.size());
        out.putLong(StatLayout.BLOCK_SIZE, BLOCK_SIZE);
        out.putLong(StatLayout.BLOCKS, vnode.blocks());
        putTime(out, StatLayout.ACCESS_TIME, vnode.accessTime());
        putTime(out, StatLayout.MODIFY_TIME, vnode.modifyTime());
        putTime(out, StatLayout.CHANGE_TIME, vnode.changeTime());
        return caller.memory().write(address, out.array(), 0, StatLayout.SIZE);
    }

    /** struct statx, with everything whatever was asked for, but that nobody is told of a birth he did not ask for: 0 or -EFAULT. */
    static int writeStatx(Caller caller, Place place, int asked, long address) {
        ByteBuffer out = buffer(StatxLayout.SIZE);
        Vnode vnode = place.vnode();
        boolean top = vnode == place.mount().root();
        out.putLong(StatxLayout.ATTRIBUTES, top ? StatxLayout.ATTR_MOUNT_ROOT : 0);
        out.putLong(StatxLayout.ATTRIBUTES_MASK, StatxLayout.ATTR_KNOWN);
        out.putLong(StatxLayout.MOUNT_ID, place.mount().id());
        out.putInt(StatxLayout.MASK, StatxLayout.EVERYTHING & (asked | ~StatxLayout.BIRTH));
        out.putInt(StatxLayout.BLOCK_SIZE, BLOCK_SIZE);
        out.putInt(StatxLayout.LINKS, vnode.links());
        out.putInt(StatxLayout.USER, vnode.userId());
        out.putInt(StatxLayout.GROUP, vnode.groupId());
        out.putShort(StatxLayout.MODE, (short) vnode.mode());
        out.putLong(StatxLayout.INODE, vnode.number());
        out.putLong(StatxLayout.LENGTH, vnode.size());
        out.putLong(StatxLayout.BLOCKS, vnode.blocks());
        putTime(out, StatxLayout.ACCESS_TIME, vnode.accessTime());
        putTime(out, StatxLayout.BIRTH_TIME, vnode.birthTime());
        putTime(out, StatxLayout.CHANGE_TIME, vnode.changeTime());
        putTime(out, StatxLayout.MODIFY_TIME, vnode.modifyTime());
        putDevice(out, StatxLayout.SPECIAL_DEVICE, vnode.deviceNumber());
        putDevice(out, StatxLayout.DEVICE, vnode.fileSystem().device());
        return caller.memory().write(address, out.array(), 0, StatxLayout.SIZE);
    }

    /** In both layouts the nanoseconds lie eight bytes behind the seconds. */
    private static void putTime(ByteBuffer out, int offset, long nanos) {
        out.putLong(offset, Math.floorDiv(nanos, NANOS_PER_SECOND));
        out.putInt(offset + Long.BYTES, (int) Math.floorMod(nanos, NANOS_PER_SECOND));
    }

    private static void putDevice(ByteBuffer out, int offset, int device) {
        out.putInt(offset, DeviceNumber.major(device));
        out.putInt(offset + Integer.BYTES, DeviceNumber.minor(device));
    }

    /**
     * struct statfs: 0 or -EFAULT.
     *
     * @param mount through which it was reached, for {@code f_flags}
     */
    static int writeStatfs(Caller caller, FileSystem fileSystem, Mount mount, long address) {
        FileSystem.Statistics statistics = fileSystem.statistics();
        ByteBuffer out = buffer(STATFS_SIZE);
        out.putLong(statistics.magic());
        out.putLong(statistics.blockSize());
        out.putLong(statistics.blocks());
        out.putLong(statistics.freeBlocks());
        out.putLong(statistics.availableBlocks());
        out.putLong(statistics.files());
        out.putLong(statistics.freeFiles());
        out.putLong(fileSystem.device());
        out.putLong(NAME_MAX);
        out.putLong(statistics.blockSize());
        out.putLong(flags(mount, fileSystem));
        return caller.memory().write(address, out.array(), 0, STATFS_SIZE);
    }

    /** The flags of statfs(2), which are those of mount(2) but for two. */
    private static int flags(Mount mount, FileSystem fileSystem) {
        int same = mount.flags() & ~(Mount.RELATIVE_ACCESS_TIME | Mount.NO_LINKS)
                | fileSystem.flags() & (MountFlags.MS_RDONLY | MountFlags.MS_SYNCHRONOUS | MountFlags.MS_MANDLOCK);
        return same
                | VALID
                | (mount.has(Mount.RELATIVE_ACCESS_TIME) ? RELATIVE_ACCESS_TIME : 0)
                | (mount.has(Mount.NO_LINKS) ? NO_LINKS : 0);
    }

    /** ST_RELATIME. */
    private static final int RELATIVE_ACCESS_TIME = 0x1000;

    /** ST_NOSYMFOLLOW. */
    private static final int NO_LINKS = 0x2000;

    /** ST_VALID: {@code f_flags} means something. */
    private static final int VALID = 0x20;
}
