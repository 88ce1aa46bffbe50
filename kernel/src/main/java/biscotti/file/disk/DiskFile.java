package biscotti.file.disk;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.ENOTTY;
import static biscotti.abi.Errno.ENXIO;

import biscotti.abi.FileMode;
import biscotti.abi.Ioctl;
import biscotti.abi.OpenFlags;
import biscotti.block.BlockRun;
import biscotti.block.PageCache;
import biscotti.driver.disk.BlockDevice;
import biscotti.file.AnonymousFiles;
import biscotti.file.CachedFile;
import biscotti.file.Caller;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.machine.PhysicalMemory;

/** A block device as a file: what all device nodes with its number open. It is always as long as the device. */
final class DiskFile extends CachedFile {
    /** What BLKRAGET tells: the most that is read ahead, in sectors. */
    private static final long READ_AHEAD_SECTORS = 512;

    private final BlockDevice device;

    DiskFile(AnonymousFiles files, PageCache cache, BlockDevice device) {
        super(files, files.nextNumber(), FileMode.S_IFBLK, 0, 0, cache, device, device.bytes(), device.bytes());
        this.device = device;
        retain(); // for ever
    }

    /** The device that it is. */
    BlockDevice disk() {
        return device;
    }

    @Override
    public int open(Caller caller, Place place, int flags, Slot<OpenFile> opened) {
        boolean writes = (flags & OpenFlags.O_ACCMODE) != OpenFlags.O_RDONLY;
        return writes && device.readOnly() ? -EACCES : super.open(caller, place, flags, opened);
    }

    @Override
    public int blockShift() {
        return BlockDevice.SECTOR_SHIFT;
    }

    @Override
    public long find(long block, int most) {
        long left = device.sectors() - block;
        return left > 0 ? BlockRun.of(block, (int) Math.min(left, most)) : BlockRun.of(BlockRun.HOLE, most);
    }

    @Override
    protected int prepare(long page, long position, int bytes, boolean fault) {
        return 0;
    }

    @Override
    protected int lengthen(long newLength) {
        return -ENOSPC;
    }

    @Override
    protected int tooLong() {
        return -ENOSPC;
    }

    @Override
    public long nextData(long position) {
        return position >= 0 && position < length() ? position : -ENXIO;
    }

    @Override
    public long nextHole(long position) {
        return position >= 0 && position < length() ? length() : -ENXIO;
    }

    /** {@inheritDoc} Those of {@code linux/fs.h} that tell of a device. */
    @Override
    public long control(Caller caller, int request, long argument) {
        return switch (request) {
            case Ioctl.BLKGETSIZE -> caller.memory().writeLong(argument, device.sectors());
            case Ioctl.BLKGETSIZE64 -> caller.memory().writeLong(argument, device.bytes());
            case Ioctl.BLKRAGET -> caller.memory().writeLong(argument, READ_AHEAD_SECTORS);
            case Ioctl.BLKROGET -> caller.memory().writeInt(argument, device.readOnly() ? 1 : 0);
            case Ioctl.BLKSSZGET, Ioctl.BLKPBSZGET, Ioctl.BLKIOMIN ->
                caller.memory().writeInt(argument, device.blockSize());
            case Ioctl.BLKBSZGET -> caller.memory().writeInt(argument, PhysicalMemory.FRAME_SIZE);
            case Ioctl.BLKIOOPT, Ioctl.BLKALIGNOFF -> caller.memory().writeInt(argument, 0);
            case Ioctl.BLKFLSBUF -> sync(true);
            default -> -ENOTTY;
        };
    }

    @Override
    public String name() {
        return device.name();
    }
}
