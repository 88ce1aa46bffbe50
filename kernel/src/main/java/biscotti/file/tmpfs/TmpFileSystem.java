package biscotti.file.tmpfs;

import biscotti.bounded.Hash;
import biscotti.file.DataVnode;
import biscotti.file.Devices;
import biscotti.file.Directory;
import biscotti.file.FileSystem;
import biscotti.file.Identity;
import biscotti.file.Vnode;
import biscotti.file.attribute.AttributeStore;
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

    private final TmpFileSystems common;
    private final AtomicLong lastNumber = new AtomicLong();
    private final AtomicLong used = new AtomicLong();
    private final HeapShare heap;
    private final long limit;
    private final Hash<String> nameHash;
    private final TmpDirectory root;
    private final FrameChains chains;
    private final Optional<AttributeStore> here = Optional.of(this);

    TmpFileSystem(TmpFileSystems common, String type, Hash<String> nameHash, int permissions) {
        super(type, common.devices().nextAnonymous(), common.wallClock());
        this.common = common;
        this.heap = common.heap().part();
        this.chains = new FrameChains(common.memory(), common.frames());
        this.limit = common.frames().totalFrames() / 2;
        this.nameHash = nameHash;
        this.root = TmpDirectory.top(this, permissions);
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
    }

    @Override
    public Statistics statistics() {
        long free = Math.min(limit - Math.min(used.get(), limit), frames().freeFrames());
        long files = heap.limit() / FILE_BYTES;
        return new Statistics(MAGIC, PhysicalMemory.FRAME_SIZE, limit, free, files, heap.free() / FILE_BYTES);
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
        return heap.hasRoom();
    }

    /** Counts a name and its file. */
    void nameAdded(String name, Vnode file) {
        heap.take(bytes(name, file));
    }

    /** Counts them no longer. */
    void nameRemoved(String name, Vnode file) {
        heap.give(bytes(name, file));
    }

    private static long bytes(String name, Vnode file) {
        return FILE_BYTES + name.length() + (file instanceof TmpSymbolicLink link ? link.size() : 0);
    }

    @Override
    protected Optional<AttributeStore> attributeStore() {
        return here;
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
