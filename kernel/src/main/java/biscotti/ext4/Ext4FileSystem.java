package biscotti.ext4;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EUCLEAN;

import biscotti.abi.FileMode;
import biscotti.abi.MountFlags;
import biscotti.block.PageCache;
import biscotti.bounded.TextHash;
import biscotti.driver.disk.BlockDevice;
import biscotti.ext4.journal.Handle;
import biscotti.file.Change;
import biscotti.file.Devices;
import biscotti.file.Directory;
import biscotti.file.FileSystem;
import biscotti.file.FileSystemContext;
import biscotti.file.FileSystemTypes;
import biscotti.file.NameCache;
import biscotti.file.Slot;
import biscotti.file.Vnode;
import biscotti.file.attribute.Attributes;
import java.util.Optional;
import java.util.function.LongSupplier;

/** An ext4 file system, or ext2 or ext3. */
public final class Ext4FileSystem extends FileSystem {
    /** {@code f_type}: EXT4_SUPER_MAGIC of statfs(2). */
    private static final long MAGIC = 0xef53;

    /** The inode of the top directory: "Special inodes". */
    private static final long ROOT = 2;

    /** Files in memory that one file system has. */
    private static final int MOST_VNODES = 1 << 14;

    /** Names of files that one file system keeps in memory. */
    private static final int MOST_NAMES = 1 << 14;

    /** About what a file in memory has of the heap. */
    private static final long VNODE_BYTES = 512;

    /** The most names of a file, and links of a directory without {@link Features#MANY_SUBDIRECTORIES}. */
    private static final int MOST_LINKS = 65000;

    private final PageCache cache;
    private final BlockDevice disk;
    private final Devices devices;
    private final Volume volume;
    private final DirectoryNames names;
    private final NewFiles newFiles;
    private final VnodeTable vnodes;
    private final NameCache nameCache;
    private final Upkeep upkeep;
    private final boolean writable;
    private volatile Ext4Options options;
    private final Slot<Vnode> root = new Slot<>();

    private Ext4FileSystem(
            PageCache cache,
            BlockDevice disk,
            String type,
            boolean readOnly,
            Devices devices,
            LongSupplier wallClock,
            Volume volume,
            Ext4Options options) {
        super(type, disk.number(), wallClock);
        this.cache = cache;
        this.disk = disk;
        this.devices = devices;
        this.volume = volume;
        this.names = new DirectoryNames(volume);
        this.newFiles = new NewFiles(this);
        this.vnodes = new VnodeTable(MOST_VNODES);
        this.nameCache =
                new NameCache(MOST_NAMES, new TextHash(volume.superblock().secret()));
        this.upkeep = new Upkeep(cache.scheduler(), volume, vnodes);
        this.writable = !readOnly;
        take(options);
    }

    /** What is to be said of a parameter of fsconfig(2): see {@link FileSystemTypes.ParameterCheck}. */
    public static FileSystemTypes.Verdict check(String name, FileSystemContext.Kind kind, String value) {
        return Ext4Options.check(name, kind, value);
    }

    /** As {@link #open(PageCache, BlockDevice, String, boolean, String, Devices, LongSupplier, Slot)}, without options. */
    public static int open(
            PageCache cache,
            BlockDevice disk,
            String type,
            boolean readOnly,
            Devices devices,
            LongSupplier wallClock,
            Slot<FileSystem> made) {
        return open(cache, disk, type, readOnly, "", devices, wallClock, made);
    }

    /**
     * Opens the file system on a device.
     *
     * @param type {@code ext4}, or for those that have no more than they had {@code ext3} or {@code ext2}
     * @param readOnly whether it will not be changed, but for its journal, which is replayed if it has to be
     * @param options the data of mount(2), with commas between: "Mount options for ext4" of ext4(5)
     * @return 0; -EINVAL if there is none that is known, or for options that are unknown or do not fit, with the reason on the log; -EROFS if it can only be read; -EUCLEAN if it is
     *     damaged; -EIO, -ENOMEM
     */
    public static int open(
            PageCache cache,
            BlockDevice disk,
            String type,
            boolean readOnly,
            String options,
            Devices devices,
            LongSupplier wallClock,
            Slot<FileSystem> made) {
        Opening opening = new Opening(cache, disk, readOnly, options, wallClock);
        Slot<Volume> opened = new Slot<>();
        int error = opening.open(type, opened);
        if (error < 0) {
            return refuse(cache, disk, type, opening.problem(), error);
        }
        Ext4FileSystem ext4 =
                new Ext4FileSystem(cache, disk, type, readOnly, devices, wallClock, opened.get(), opening.options());
        ext4.setFlags(readOnly ? MountFlags.MS_RDONLY : 0);
        error = ext4.begin();
        if (error < 0) {
            opened.get().close();
            return refuse(cache, disk, type, "the top directory cannot be read", error);
        }
        if (!readOnly) {
            error = ext4.upkeep.start(new OrphanRemoval(ext4));
        }
        if (error < 0) {
            ext4.unmounted();
            return refuse(cache, disk, type, "files that were being deleted cannot be", error);
        }
        return made.put(ext4);
    }

    /** These are its options from now on. */
    private void take(Ext4Options given) {
        options = given;
        volume.setOptions(given);
        if (!given.warning().isEmpty()) {
            cache.scheduler().log().warning(type() + " on " + disk.name() + ": " + given.warning());
        }
    }

    /** {@inheritDoc} Those that are not named stay as they are. */
    @Override
    public int configure(String text) {
        Ext4Options changed = options.copy();
        int error = changed.parse(text);
        if (error < 0) {
            return refuse(cache, disk, type(), changed.problem(), error);
        }
        String unfit = changed.problem(!writable, volume.superblock().journalInode != 0);
        if (!unfit.isEmpty()) {
            return refuse(cache, disk, type(), unfit, -EINVAL);
        }
        take(changed);
        return 0;
    }

    @Override
    public String options() {
        return options.text();
    }

    /** Whether a flag of {@link Ext4Options} is set. */
    boolean hasOption(int flag) {
        return options.has(flag);
    }

    private static int refuse(PageCache cache, BlockDevice disk, String type, String reason, int error) {
        cache.scheduler().log().error(type + " on " + disk.name() + ": " + reason);
        return error;
    }

    private int begin() {
        Slot<Vnode> top = new Slot<>();
        int error = volume.read(ROOT, record -> FileMode.isDirectory(record.mode()) ? make(record, top) : -EUCLEAN);
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

    NewFiles newFiles() {
        return newFiles;
    }

    Devices devices() {
        return devices;
    }

    DirectoryNames names() {
        return names;
    }

    NameCache nameCache() {
        return nameCache;
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
        int error = volume.read(number, record -> record.links() > 0 ? make(record, made) : -EUCLEAN);
        return error < 0 ? error : vnodes.add(made.get(), parent, name, found);
    }

    private int make(InodeRecord record, Slot<Vnode> made) {
        return vnode(record, record.attributes(), made);
    }

    /** A new vnode of an inode, in no table: 0, -EUCLEAN. */
    int vnode(InodeRecord record, Vnode.Stored stored, Slot<Vnode> made) {
        Inode inode = volume.inode(record);
        Vnode vnode;
        switch (stored.mode() & FileMode.S_IFMT) {
            case FileMode.S_IFREG -> vnode = new Ext4File(this, inode, stored);
            case FileMode.S_IFDIR -> vnode = new Ext4Directory(this, inode, stored);
            case FileMode.S_IFLNK -> vnode = new Ext4SymbolicLink(this, inode, stored);
            case FileMode.S_IFCHR, FileMode.S_IFBLK, FileMode.S_IFIFO, FileMode.S_IFSOCK ->
                vnode = new Ext4SpecialFile(this, inode, stored, record.device());
            default -> {
                return -EUCLEAN;
            }
        }
        vnode.load(stored);
        inode.setVnode(vnode);
        return made.put(vnode);
    }

    /** The files in memory. */
    VnodeTable vnodes() {
        return vnodes;
    }

    /** Sees to room in memory for what is looked for or made next; no handle is open, and no inode locked. */
    void makeRoom() {
        if (!vnodes.makeRoom() && writable) {
            cache.sync();
            upkeep.complete();
            vnodes.makeRoom();
        }
    }

    /**
     * After -ENOSPC: if files are being deleted, or blocks are free as soon as that is lasting, waits for it. No handle is open, and no inode locked.
     *
     * @return whether it is worth another try
     */
    boolean awaitBlocks() {
        long before = volume.groups().freeBlocks();
        upkeep.complete();
        return volume.allocator().awaitFreed() || volume.groups().freeBlocks() > before;
    }

    @Override
    protected Change beginChange() {
        makeRoom();
        return Ext4Change.begin(volume, flags());
    }

    @Override
    protected int mostLinks() {
        return MOST_LINKS;
    }

    @Override
    protected int mostDirectoryLinks() {
        boolean many = volume.superblock().hasForReading(Features.MANY_SUBDIRECTORIES);
        return many ? super.mostDirectoryLinks() : MOST_LINKS;
    }

    /** A file that nobody uses goes from memory: whether it has no names any more, and goes from the disk, too, a little later. */
    boolean discard(Inode inode) {
        boolean nameless = inode.vnode().links() == 0;
        if (nameless) {
            upkeep.deleteSoon(inode);
        }
        return nameless;
    }

    @Override
    protected void touched(Vnode vnode) {
        if (writable && vnode instanceof OnDisk file) {
            upkeep.storeSoon(file.diskInode());
        }
    }

    /** Stores a file's attributes if the disk does not have them, and makes lasting all that was done to it: 0 or a negative errno. */
    int sync(Inode inode, boolean attributes) {
        int error = 0;
        if (attributes && inode.isChanged()) {
            Handle handle = volume.transactions().begin(1);
            error = handle.error() == 0 ? inode.store(handle) : 0;
            handle.end();
        }
        boolean committed = volume.transactions().isCommitted(inode.tid());
        int lasting = committed ? disk.flush() : volume.transactions().commit(inode.tid());
        return error < 0 ? error : lasting;
    }

    @Override
    protected int syncNames() {
        return writable ? volume.transactions().commit() : 0;
    }

    @Override
    protected Optional<Attributes> newAttributes(Vnode vnode) {
        return vnode instanceof OnDisk file
                ? Optional.of(new Ext4Attributes(this, file.diskInode()))
                : Optional.empty();
    }

    @Override
    protected boolean storesAttributes() {
        return true;
    }

    @Override
    public int sync() {
        if (!writable) {
            return 0;
        }
        cache.sync();
        upkeep.complete();
        int error = volume.transactions().commit();
        int flushed = disk.flush();
        return error < 0 ? error : flushed;
    }

    @Override
    public Statistics statistics() {
        upkeep.complete(); // what was deleted is free
        Superblock superblock = volume.superblock();
        long free = volume.groups().freeBlocks();
        return new Statistics(
                MAGIC,
                1L << superblock.blockShift,
                superblock.blocks - (hasOption(Ext4Options.MINIX_DF) ? 0 : superblock.overhead),
                free,
                volume.allocator().reserve().available(free),
                superblock.inodes,
                volume.groups().freeInodes());
    }

    @Override
    public long shrink() {
        return nameCache.shrink() + vnodes.shrink() * VNODE_BYTES;
    }

    @Override
    protected boolean isChangeable() {
        return writable && volume.transactions().error() == 0;
    }

    @Override
    public void turnedOff() {
        if (writable) {
            cache.sync();
            upkeep.end();
            volume.finish();
        }
    }

    /** {@inheritDoc} All that has changed is written, and its files in memory go. */
    @Override
    protected void unmounted() {
        turnedOff();
        nameCache.shrink();
        vnodes.close();
        volume.close();
    }
}
