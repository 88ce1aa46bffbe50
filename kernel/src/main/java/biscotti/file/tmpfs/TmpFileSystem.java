package biscotti.file.tmpfs;

import biscotti.bounded.Hash;
import biscotti.file.DataVnode;
import biscotti.file.Devices;
import biscotti.file.Directory;
import biscotti.file.FileSystem;
import biscotti.file.Identity;
import biscotti.file.attribute.AttributeStore;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import biscotti.memory.FrameChains;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A file system in memory: tmpfs(5). Its files may take half of all frames, and there may be as many names as frames. */
public final class TmpFileSystem extends FileSystem implements AttributeStore {
    /** {@code f_type} of tmpfs: TMPFS_MAGIC of statfs(2). */
    private static final long MAGIC = 0x01021994;

    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final Devices devices;
    private final AtomicLong lastNumber = new AtomicLong();
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong names = new AtomicLong();
    private final long limit;
    private final long nameLimit;
    private final Hash<String> nameHash;
    private final TmpDirectory root;
    private final FrameChains chains;
    private final Optional<AttributeStore> here = Optional.of(this);

    /**
     * An empty tmpfs.
     *
     * @param type {@code tmpfs}, or the name of a kind that is one
     * @param devices what its device nodes and FIFOs open
     * @param nameHash hashes the names in its directories
     * @param permissions of its root
     */
    public TmpFileSystem(
            String type,
            PhysicalMemory memory,
            FrameAllocator frames,
            Devices devices,
            LongSupplier wallClock,
            Hash<String> nameHash,
            int permissions) {
        super(type, devices.nextAnonymous(), wallClock);
        this.memory = memory;
        this.frames = frames;
        this.devices = devices;
        this.chains = new FrameChains(memory, frames);
        this.limit = frames.totalFrames() / 2;
        this.nameLimit = frames.totalFrames();
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
        long free = Math.min(limit - Math.min(used.get(), limit), frames.freeFrames());
        return new Statistics(
                MAGIC, PhysicalMemory.FRAME_SIZE, limit, free, nameLimit, Math.max(0, nameLimit - names.get()));
    }

    /** How many frames its files have. */
    public long usedFrames() {
        return used.get();
    }

    PhysicalMemory memory() {
        return memory;
    }

    FrameAllocator frames() {
        return frames;
    }

    Devices devices() {
        return devices;
    }

    Hash<String> nameHash() {
        return nameHash;
    }

    /** Whether there may be one name more: nr_inodes of tmpfs(5), which counts each hard link, too. */
    boolean hasRoomForName() {
        return names.get() < nameLimit;
    }

    void nameAdded() {
        names.incrementAndGet();
    }

    void nameRemoved() {
        names.decrementAndGet();
    }

    @Override
    protected Optional<AttributeStore> attributeStore() {
        return here;
    }

    @Override
    public FrameChains chains() {
        return chains;
    }

    /** {@inheritDoc} An attribute counts as a name. */
    @Override
    public boolean addAttribute() {
        if (!hasRoomForName()) {
            return false;
        }
        nameAdded();
        return true;
    }

    @Override
    public void removeAttribute() {
        nameRemoved();
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
            frames.commitment().add(count << PhysicalMemory.FRAME_SHIFT);
            return true;
        }
        used.addAndGet(-count);
        return false;
    }

    /** Counts frames less. */
    @Override
    public void credit(long count) {
        used.addAndGet(-count);
        frames.commitment().add(-count << PhysicalMemory.FRAME_SHIFT);
    }

    /** Counts frames that came from the boot archive, whatever the limit. */
    void adopted(long count) {
        used.addAndGet(count);
        frames.commitment().add(count << PhysicalMemory.FRAME_SHIFT);
    }
}
