package biscotti.file;

import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.DeviceNumber;
import biscotti.file.attribute.Attributes;
import biscotti.sched.WaitQueue;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** A tree of vnodes: one tmpfs, procfs, disk. It is seen where it is mounted. */
public abstract class FileSystem {
    private final String type;
    private final int device;
    private final LongSupplier wallClock;
    private final ReentrantLock renameLock = new ReentrantLock();

    private final AtomicInteger mounts = new AtomicInteger();

    /** How many files in it are open for writing. */
    final AtomicInteger writers = new AtomicInteger();

    private final WaitQueue end = new WaitQueue();
    private volatile boolean gone;
    private volatile int flags;

    /**
     * A file system.
     *
     * @param type its name in mount(2) and /proc/filesystems
     * @param device its number in {@code st_dev}
     * @param wallClock nanoseconds since 1970, for the times of files
     */
    protected FileSystem(String type, int device, LongSupplier wallClock) {
        this.type = type;
        this.device = device;
        this.wallClock = wallClock;
    }

    /** Nanoseconds since 1970. */
    public final long now() {
        return wallClock.getAsLong();
    }

    /** Held by a rename that changes the shape of the tree, and while it is unmounted. */
    final ReentrantLock renameLock() {
        return renameLock;
    }

    /** Its name in mount(2), such as {@code tmpfs}. */
    public final String type() {
        return type;
    }

    /** Its number in {@code st_dev}, see {@link DeviceNumber}. */
    public final int device() {
        return device;
    }

    /** Its top directory. */
    public abstract Directory root();

    /** One more mount shows it, or somebody who is about to mount it keeps it as one does. */
    public final void gainedMount() {
        mounts.incrementAndGet();
    }

    /** One mount less shows or keeps it; when the last one is gone, nothing leads to its files any more. No lock is held. */
    public final void lostMount() {
        if (mounts.decrementAndGet() == 0) {
            renameLock.lock();
            unmounted();
            renameLock.unlock();
            gone = true;
            end.wakeAll();
        }
    }

    /** As {@link #gainedMount}, unless its last mount has gone: then false. */
    public final boolean keepMounted() {
        while (true) {
            int count = mounts.get();
            if (count == 0) {
                return false;
            }
            if (mounts.compareAndSet(count, count + 1)) {
                return true;
            }
        }
    }

    /** Whether a mount shows it. */
    public final boolean isMounted() {
        return mounts.get() > 0;
    }

    /** After its last mount has gone: waits until it is through with its disk. No signal ends that wait. */
    public final void awaitEnd() {
        end.awaitUninterrupted(() -> gone);
    }

    /**
     * Makes lasting all that has changed: syncfs(2).
     *
     * @return 0, -EIO, -EROFS
     */
    public int sync() {
        return 0;
    }

    /**
     * Makes lasting what was done to names so far: fsync(2) of a directory.
     *
     * @return 0, -EIO, -EROFS
     */
    protected int syncNames() {
        return 0;
    }

    /** Times or other attributes of a file have changed in memory; a file system on a disk stores them soon. May be called with any lock of a file held. */
    protected void touched(Vnode vnode) {}

    /**
     * Forgets files that nobody uses and that can be read from its disk again: memory of the heap is short. Waits for no lock, and for nothing
     * but transfers that are under way.
     *
     * @return about how many bytes of the heap they had
     */
    public long shrink() {
        return 0;
    }

    /** Begins an operation on names; the directories are locked. To be ended whatever its error says. */
    protected Change beginChange() {
        return Change.NONE;
    }

    /** How many names a file may have. */
    protected int mostLinks() {
        return Integer.MAX_VALUE - 1;
    }

    /** How many links a directory may have: two, and one from each directory in it. */
    protected int mostDirectoryLinks() {
        return Integer.MAX_VALUE - 1;
    }

    /**
     * The machine is about to be turned off: writes what it has changed, marks itself as whole, and refuses all changes from then on.
     * For a file system that keeps nothing on a disk there is nothing to do.
     */
    public void turnedOff() {}

    /** Its own flags of mount(2): MS_RDONLY, MS_SYNCHRONOUS, MS_MANDLOCK, MS_DIRSYNC, MS_LAZYTIME. */
    public final int flags() {
        return flags;
    }

    /** Sets its flags. */
    public final void setFlags(int newFlags) {
        flags = newFlags;
    }

    /** Whether it is the only one of its type, as there is one on Linux: then it is not mounted twice at a place. */
    final boolean isOnlyOne() {
        return type.equals("sysfs") || type.equals("devtmpfs");
    }

    /**
     * It is mounted once more, or remounted, with options.
     *
     * @param options with commas between
     * @return 0, or -EINVAL for one that it does not know
     */
    public int configure(String options) {
        return options.isEmpty() ? 0 : -EINVAL;
    }

    /** Whether it can be changed at all, if it is not mounted read only. */
    protected boolean isChangeable() {
        return true;
    }

    /** It is mounted nowhere any more: what only mounts could lead to may be given back. */
    protected void unmounted() {}

    /** What it says to statfs(2). */
    public abstract Statistics statistics();

    /** Its own mount options for /proc/mounts, each with a comma in front; empty for none. */
    public String options() {
        return "";
    }

    /** The extended attributes of a file, as nothing in memory has them yet; nothing if it keeps none. */
    protected Optional<Attributes> newAttributes(Vnode vnode) {
        return Optional.empty();
    }

    /** Whether a file may have extended attributes of which nothing in memory knows yet. */
    protected boolean storesAttributes() {
        return false;
    }

    /** The {@link biscotti.abi.InodeFlags} that its regular files and directories keep; 0 if it keeps none. */
    public int inodeFlags() {
        return 0;
    }

    /** What finds its files by handles; nothing if it makes none. */
    public Optional<FileHandles> handles() {
        return Optional.empty();
    }

    /**
     * What statfs(2) tells of a file system.
     *
     * @param magic {@code f_type}
     * @param blockSize bytes of a block
     * @param blocks all blocks
     * @param freeBlocks blocks that are free
     * @param availableBlocks those of them that anybody may take
     * @param files all inodes; 0 if there is no fixed number
     * @param freeFiles inodes that are free
     */
    public record Statistics(
            long magic,
            long blockSize,
            long blocks,
            long freeBlocks,
            long availableBlocks,
            long files,
            long freeFiles) {
        /** One that keeps no blocks for some users. */
        public Statistics(long magic, long blockSize, long blocks, long freeBlocks, long files, long freeFiles) {
            this(magic, blockSize, blocks, freeBlocks, freeBlocks, files, freeFiles);
        }
    }
}
