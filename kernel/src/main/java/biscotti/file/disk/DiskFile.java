package biscotti.file.disk;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.ENOTTY;
import static biscotti.abi.Errno.ENXIO;

import biscotti.abi.FileMode;
import biscotti.abi.Ioctl;
import biscotti.abi.MountFlags;
import biscotti.abi.OpenFlags;
import biscotti.block.BlockRun;
import biscotti.block.PageCache;
import biscotti.driver.disk.BlockDevice;
import biscotti.file.AnonymousFiles;
import biscotti.file.CachedFile;
import biscotti.file.Caller;
import biscotti.file.FileSystem;
import biscotti.file.FileSystemTypes;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.machine.PhysicalMemory;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import java.util.Optional;

/** A block device as a file: what all device nodes with its number open. It is always as long as the device. */
final class DiskFile extends CachedFile {
    /** What BLKRAGET tells: the most that is read ahead, in sectors. */
    private static final long READ_AHEAD_SECTORS = 512;

    private static final long ALL_PAGES = Long.MAX_VALUE >>> PhysicalMemory.FRAME_SHIFT;

    private final BlockDevice device;

    /** Held while a file system of the disk is opened. */
    private final RankedLock mounting = new RankedLock(LockRank.MOUNTS);

    /** The file system that was mounted last. */
    private volatile Optional<FileSystem> mounted = Optional.empty();

    DiskFile(AnonymousFiles files, PageCache cache, BlockDevice device) {
        super(files, files.nextNumber(), FileMode.S_IFBLK, 0, 0, cache, device, device.bytes(), device.bytes());
        this.device = device;
        retain(); // for ever
    }

    /** The device that it is. */
    BlockDevice disk() {
        return device;
    }

    /**
     * {@inheritDoc} O_EXCL is refused while a file system of the disk is mounted, as open(2) has it. What a mounted file system has
     * written since, the file reads from the disk.
     */
    @Override
    public int open(Caller caller, Place place, int flags, Slot<OpenFile> opened) {
        boolean writes = (flags & OpenFlags.O_ACCMODE) != OpenFlags.O_RDONLY;
        if (writes && device.readOnly()) {
            return -EACCES;
        }
        if (mounted.isPresent()) {
            if ((flags & OpenFlags.O_EXCL) != 0 && mounted.get().isMounted()) {
                return -EBUSY;
            }
            forgetPages();
        }
        return super.open(caller, place, flags, opened);
    }

    /** Writes what is dirty and reads all anew from now on. */
    private void forgetPages() {
        lock().lock();
        try {
            pages().sync();
            pages().remove(0, ALL_PAGES);
        } finally {
            lock().unlock();
        }
    }

    /** The file system on the disk, see {@link Disks#fileSystem}. */
    int fileSystem(
            FileSystemTypes.Opener opener, String type, boolean readOnly, String options, Slot<FileSystem> found) {
        mounting.lock();
        try {
            if (mounted.isPresent() && mounted.get().keepMounted()) {
                FileSystem present = mounted.get();
                boolean same = present.type().equals(type) && (present.flags() & MountFlags.MS_RDONLY) != 0 == readOnly;
                if (!same) {
                    present.lostMount();
                }
                return same ? found.put(present) : -EBUSY;
            }
            mounted.ifPresent(FileSystem::awaitEnd);
            forgetPages();
            int error = opener.open(type, device, readOnly, options, found);
            if (error == 0) {
                found.get().gainedMount();
                found.get().setFlags(readOnly ? MountFlags.MS_RDONLY : 0);
                mounted = Optional.of(found.get());
            }
            return error;
        } finally {
            mounting.unlock();
        }
    }

    /** Has the file system on the disk forget files that nobody uses: about how many bytes of the heap they had. */
    long shrinkFileSystem() {
        Optional<FileSystem> present = mounted;
        return present.isPresent() ? present.get().shrink() : 0;
    }

    /** Writes what a file system on the disk has changed. */
    void syncFileSystem() {
        Optional<FileSystem> present = mounted;
        if (present.isPresent() && present.get().keepMounted()) {
            present.get().sync();
            present.get().lostMount();
        }
    }

    /** Ends the writing of a file system on the disk, as the machine is about to be turned off. */
    void endFileSystem() {
        Optional<FileSystem> present = mounted;
        if (present.isPresent() && present.get().keepMounted()) {
            present.get().turnedOff();
            present.get().lostMount();
        }
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
    protected int prepare(long position, int bytes, boolean fault) {
        return bytes;
    }

    @Override
    protected long lengthen(long from, long newLength) {
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
