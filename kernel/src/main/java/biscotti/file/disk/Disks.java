package biscotti.file.disk;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.ENXIO;

import biscotti.block.PageCache;
import biscotti.block.PartitionTable;
import biscotti.bounded.BoundedList;
import biscotti.driver.disk.BlockDevice;
import biscotti.driver.disk.Partition;
import biscotti.driver.disk.QueuedDevice;
import biscotti.file.AnonymousFiles;
import biscotti.file.Devices;
import biscotti.file.FileSystem;
import biscotti.file.FileSystemTypes;
import biscotti.file.Slot;
import biscotti.heap.ShrinkableCache;
import biscotti.sched.KernelLog;
import java.util.function.LongSupplier;

/** The disks that the machine has, and their parts: each a block device that can be opened; and what is in memory of the files on them. */
public final class Disks implements ShrinkableCache {
    private static final int MOST = 64;
    private static final long MAGIC = 0x62646576;

    private final BoundedList<DiskFile> all = new BoundedList<>(MOST);
    private final PageCache cache;
    private final Devices devices;
    private final AnonymousFiles files;
    private final KernelLog log;

    /** None yet. */
    public Disks(PageCache cache, Devices devices, LongSupplier wallClock, KernelLog log) {
        this.cache = cache;
        this.devices = devices;
        this.files = new AnonymousFiles("bdev", MAGIC, devices, wallClock);
        this.log = log;
    }

    /** Adds a disk and the parts that it says it has, when the kernel starts. */
    public void add(QueuedDevice disk) {
        BoundedList<Partition> parts = PartitionTable.read(disk, cache.memory(), cache.frames());
        addOne(disk);
        for (int i = 0; i < parts.size(); i++) {
            addOne(parts.get(i));
        }
    }

    private void addOne(BlockDevice device) {
        DiskFile file = new DiskFile(files, cache, device);
        if (all.add(file)) {
            devices.registerBlock(device.number(), file::open);
        } else {
            log.warning("no room for " + device.name() + ": there are " + MOST + " block devices");
        }
    }

    /** The pages of all files on disks. */
    public PageCache cache() {
        return cache;
    }

    /** How many devices there are. */
    public int count() {
        return all.size();
    }

    /** One of them, by its index. */
    public BlockDevice get(int index) {
        return all.get(index).disk();
    }

    /**
     * The file system on a disk, to be mounted: the one that is mounted already, or else one that is opened now. The caller lets it go
     * when it is mounted ({@link FileSystem#lostMount}).
     *
     * @param number of the device
     * @param type the name by which it was asked for
     * @return 0; -ENXIO if there is no such device; -EBUSY if it is mounted as another type, or one is to be read only and the other
     *     not; -EACCES if it can only be read; what {@link FileSystemTypes.Opener#open} says
     */
    public int fileSystem(
            int number,
            FileSystemTypes.Opener opener,
            String type,
            boolean readOnly,
            String options,
            Slot<FileSystem> found) {
        for (int i = 0; i < all.size(); i++) {
            DiskFile file = all.get(i);
            if (file.disk().number() == number) {
                return file.disk().readOnly() && !readOnly
                        ? -EACCES
                        : file.fileSystem(opener, type, readOnly, options, found);
            }
        }
        return -ENXIO;
    }

    @Override
    public String name() {
        return "files on disks";
    }

    @Override
    public long shrink() {
        long bytes = 0;
        for (int i = 0; i < all.size(); i++) {
            bytes += all.get(i).shrinkFileSystem();
        }
        return bytes;
    }

    /** Writes all that is dirty to the disks, and makes it lasting: sync(2). */
    public void sync() {
        cache.sync();
        for (int i = 0; i < all.size(); i++) {
            all.get(i).syncFileSystem();
        }
        flush();
    }

    /**
     * Before the machine is turned off: writes all that is dirty, has file systems end their writing, and makes all lasting. Waits for the disks, as long
     * as they answer.
     */
    public void shutDown() {
        sync();
        for (int i = 0; i < all.size(); i++) {
            all.get(i).endFileSystem();
        }
        flush();
    }

    private void flush() {
        for (int i = 0; i < all.size(); i++) {
            if (!(get(i) instanceof Partition)) {
                get(i).flush();
            }
        }
    }
}
