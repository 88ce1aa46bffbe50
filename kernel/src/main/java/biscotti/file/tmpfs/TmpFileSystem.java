package biscotti.file.tmpfs;

import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.FileMode;
import biscotti.abi.InodeFlags;
import biscotti.bounded.Hash;
import biscotti.file.DataVnode;
import biscotti.file.Devices;
import biscotti.file.Directory;
import biscotti.file.FileHandles;
import biscotti.file.FileSystem;
import biscotti.file.FileSystemContext;
import biscotti.file.FileSystemTypes;
import biscotti.file.Identity;
import biscotti.file.Vnode;
import biscotti.file.attribute.AttributeStore;
import biscotti.file.attribute.Attributes;
import biscotti.file.attribute.MemoryAttributes;
import biscotti.heap.HeapShare;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import biscotti.memory.FrameChains;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A file system in memory: tmpfs(5). Its files may take half of all frames, and its names a part of the kernel's heap. */
public final class TmpFileSystem extends FileSystem implements AttributeStore {
    /** {@code f_type} of tmpfs: TMPFS_MAGIC of statfs(2). */
    private static final long MAGIC = 0x01021994;

    /** About what a file takes of the heap, and its name but for its letters. */
    private static final int FILE_BYTES = 700;

    /** About what an extended attribute takes. */
    private static final int ATTRIBUTE_BYTES = 300;

    private static final int KILO_SHIFT = 10;
    private static final int ANYBODY = 01777;
    private static final String INODES = ",inode64";

    /** No limit for names was given: the heap's share is one. */
    private static final long SHARE = Long.MAX_VALUE - 1;

    private final TmpFileSystems common;
    private final AtomicLong lastNumber = new AtomicLong();
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong names = new AtomicLong();
    private final HeapShare heap;
    private volatile long limit;
    private volatile long nameLimit = SHARE;
    private volatile String shown = INODES;
    private final Hash<String> nameHash;
    private final TmpDirectory root;
    private final FrameChains chains;
    private final FileHandles handles;
    private final Optional<FileHandles> knownHandles;

    TmpFileSystem(TmpFileSystems common, String type, Hash<String> nameHash, int permissions) {
        super(type, common.devices().nextAnonymous(), common.wallClock());
        this.common = common;
        this.heap = common.heap().part();
        this.handles = new FileHandles(heap);
        this.knownHandles = Optional.of(handles);
        this.chains = new FrameChains(common.memory(), common.frames());
        this.limit = common.frames().totalFrames() / 2;
        this.nameHash = nameHash;
        this.root = TmpDirectory.top(this, permissions);
    }

    /**
     * Takes the options of its first mount.
     *
     * @return 0 or -EINVAL
     */
    public int begin(String text) {
        TmpOptions options = new TmpOptions(frames().totalFrames());
        int error = options.parse(text);
        if (error < 0) {
            return error;
        }
        int mode = options.mode == TmpOptions.UNSET ? root.mode() & FileMode.PERMISSIONS : (int) options.mode;
        int user = (int) Math.max(0, options.user);
        int group = (int) Math.max(0, options.group);
        root.restore(FileMode.S_IFDIR | mode, user, group, root.modifyTime());
        limit = options.frames == TmpOptions.UNSET ? limit : unlessZero(options.frames);
        nameLimit = options.names == TmpOptions.UNSET ? nameLimit : unlessZero(options.names);
        show(options, mode, user, group);
        return 0;
    }

    /** What is to be said of one option: {@link FileSystemTypes.ParameterCheck}. */
    public static FileSystemTypes.Verdict check(String name, FileSystemContext.Kind kind, String value) {
        boolean hasValue = kind != FileSystemContext.Kind.FLAG;
        if (TmpOptions.isFlag(name)) {
            return hasValue ? FileSystemTypes.Verdict.SURPLUS : FileSystemTypes.Verdict.GOOD;
        }
        if (!TmpOptions.takesValue(name)) {
            return FileSystemTypes.Verdict.UNKNOWN;
        }
        boolean good = kind == FileSystemContext.Kind.TEXT && new TmpOptions(1).accepts(name, value);
        return good ? FileSystemTypes.Verdict.GOOD : FileSystemTypes.Verdict.BAD;
    }

    /** No limit is written as 0. */
    private static long unlessZero(long given) {
        return given == 0 ? Long.MAX_VALUE : given;
    }

    private static long zeroForNone(long limit) {
        return limit == Long.MAX_VALUE ? 0 : limit;
    }

    /**
     * {@inheritDoc}
     *
     * <p>What it was mounted with stays, but for its limits: these change if what is there fits, and if there was a limit before.
     */
    @Override
    public synchronized int configure(String text) {
        TmpOptions options = new TmpOptions(frames().totalFrames());
        int error = options.parse(text);
        if (error < 0) {
            return error;
        }
        boolean cuts = options.frames > 0 && (limit == Long.MAX_VALUE || used.get() > options.frames);
        boolean cutsNames = options.names > 0 && (nameLimit == Long.MAX_VALUE || usedNames() > options.names);
        if (cuts || cutsNames) {
            return -EINVAL;
        }
        limit = options.frames == TmpOptions.UNSET ? limit : unlessZero(options.frames);
        nameLimit = options.names == TmpOptions.UNSET ? nameLimit : unlessZero(options.names);
        show(options, root.mode() & FileMode.PERMISSIONS, root.userId(), root.groupId());
        return 0;
    }

    /** What /proc/mounts tells of it, as Linux does: what is not as without options. */
    private void show(TmpOptions options, int mode, int user, int group) {
        long kilobytes = zeroForNone(limit) << PhysicalMemory.FRAME_SHIFT - KILO_SHIFT;
        String size = limit == frames().totalFrames() / 2 ? "" : ",size=" + kilobytes + "k";
        String count = nameLimit == SHARE ? "" : ",nr_inodes=" + zeroForNone(nameLimit);
        String permissions = mode == ANYBODY ? "" : ",mode=" + octal(mode);
        String owner = (user == 0 ? "" : ",uid=" + Integer.toUnsignedString(user))
                + (group == 0 ? "" : ",gid=" + Integer.toUnsignedString(group));
        String kept = (options.narrow ? ",inode32" : INODES)
                + (options.huge.isEmpty() ? "" : ",huge=" + options.huge)
                + (options.policy.isEmpty() ? "" : ",mpol=" + options.policy);
        shown = size + count + permissions + owner + kept;
    }

    /** Three digits, or four. */
    private static String octal(int mode) {
        String digits = "" + (mode >>> 6 & 7) + (mode >>> 3 & 7) + (mode & 7);
        return mode > 0777 ? (mode >>> 9) + digits : digits;
    }

    @Override
    public String options() {
        return type().equals("tmpfs") ? shown : "";
    }

    @Override
    public Directory root() {
        return root;
    }

    /** A file of this file system that has no name and begins with some seals, as memfd_create(2) makes. */
    public DataVnode unnamed(Identity owner, int mode, int seals) {
        return new TmpFile(this, mode, owner.userId(), owner.groupId(), seals);
    }

    /**
     * {@inheritDoc}
     *
     * <p>A tmpfs was made by its mount, and its files end with it, but for those that are in use; a
     * process that still works in one of its directories can make no more. There is one devtmpfs for
     * all its mounts, which keeps its files.
     */
    @Override
    protected void unmounted() {
        if (!type().equals("tmpfs")) {
            return;
        }
        TmpDirectory.abandonAll(root);
        handles.close();
    }

    @Override
    public Statistics statistics() {
        long most = limit;
        long free = most == Long.MAX_VALUE ? 0 : most - Math.min(used.get(), most);
        boolean shares = nameLimit == SHARE;
        long files = shares ? heap.limit() / FILE_BYTES : zeroForNone(nameLimit);
        long freeFiles = shares ? heap.free() / FILE_BYTES : Math.max(0, files - usedNames());
        return new Statistics(MAGIC, PhysicalMemory.FRAME_SIZE, zeroForNone(most), free, files, freeFiles);
    }

    /** How many frames its files have. */
    public long usedFrames() {
        return used.get();
    }

    PhysicalMemory memory() {
        return common.memory();
    }

    FrameAllocator frames() {
        return common.frames();
    }

    Devices devices() {
        return common.devices();
    }

    Hash<String> nameHash() {
        return nameHash;
    }

    /** Whether there may be one name more: nr_inodes of tmpfs(5), which counts each hard link, too. */
    boolean hasRoomForName() {
        return heap.hasRoom() && usedNames() < nameLimit;
    }

    /** The root counts, too. */
    private long usedNames() {
        return names.get() + 1;
    }

    /** Counts a name and its file. */
    void nameAdded(Directory directory, String name, Vnode file) {
        names.incrementAndGet();
        heap.take(bytes(name, file));
        handles.named(file, directory, name);
    }

    /** Counts them no longer. */
    void nameRemoved(String name, Vnode file) {
        names.decrementAndGet();
        heap.give(bytes(name, file));
    }

    private static long bytes(String name, Vnode file) {
        return FILE_BYTES + name.length() + (file instanceof TmpSymbolicLink link ? link.size() : 0);
    }

    @Override
    public int inodeFlags() {
        return InodeFlags.IMMUTABLE | InodeFlags.APPEND | InodeFlags.NO_DUMP | InodeFlags.NO_ACCESS_TIME;
    }

    @Override
    public Optional<FileHandles> handles() {
        return knownHandles;
    }

    @Override
    protected Optional<Attributes> newAttributes(Vnode vnode) {
        return Optional.of(new MemoryAttributes(this));
    }

    @Override
    public FrameChains chains() {
        return chains;
    }

    @Override
    public boolean addAttribute() {
        if (!heap.hasRoom()) {
            return false;
        }
        heap.take(ATTRIBUTE_BYTES);
        return true;
    }

    @Override
    public void removeAttribute() {
        heap.give(ATTRIBUTE_BYTES);
    }

    long nextNumber() {
        return lastNumber.incrementAndGet();
    }

    /** Whether one file may ever have so many frames. */
    boolean couldHold(long count) {
        return count <= limit;
    }

    /** Whether files may take so many more frames; they are counted then. */
    @Override
    public boolean charge(long count) {
        if (used.addAndGet(count) <= limit) {
            frames().commitment().add(count << PhysicalMemory.FRAME_SHIFT);
            return true;
        }
        used.addAndGet(-count);
        return false;
    }

    /** Counts frames less. */
    @Override
    public void credit(long count) {
        used.addAndGet(-count);
        frames().commitment().add(-count << PhysicalMemory.FRAME_SHIFT);
    }

    /** Counts frames that came from the boot archive, whatever the limit. */
    void adopted(long count) {
        used.addAndGet(count);
        frames().commitment().add(count << PhysicalMemory.FRAME_SHIFT);
    }
}
