package biscotti.file;

import static biscotti.abi.Errno.EBUSY;

import biscotti.abi.MountFlags;
import biscotti.file.Place.Kind;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A tree of files made visible at a place: what mount(2) makes.
 *
 * <p>Its users are the tree of mounts itself, as long as it is there, the files that were opened through it, and the processes that
 * have their root or current directory in it. The last one to go gives its share of the file system back.
 */
public final class Mount {
    /** Nothing can be changed through it. */
    public static final int READ_ONLY = MountFlags.MS_RDONLY;

    /** Set-id bits have no effect. */
    public static final int NO_SET_ID = MountFlags.MS_NOSUID;

    /** Device nodes cannot be opened. */
    public static final int NO_DEVICES = MountFlags.MS_NODEV;

    /** Programs cannot be run. */
    public static final int NO_EXECUTE = MountFlags.MS_NOEXEC;

    /** Symbolic links are not followed. */
    public static final int NO_LINKS = MountFlags.MS_NOSYMFOLLOW;

    /** Times of access are not kept. */
    public static final int NO_ACCESS_TIME = MountFlags.MS_NOATIME;

    /** Those of directories are not kept. */
    public static final int NO_DIRECTORY_ACCESS_TIME = MountFlags.MS_NODIRATIME;

    /** Times of access are kept if they would be older than that of a change, or than a day. */
    public static final int RELATIVE_ACCESS_TIME = MountFlags.MS_RELATIME;

    /** What says when times of access are kept. */
    public static final int ACCESS_TIMES = NO_ACCESS_TIME | NO_DIRECTORY_ACCESS_TIME | RELATIVE_ACCESS_TIME;

    /** All flags that a mount keeps. */
    public static final int FLAGS = READ_ONLY | NO_SET_ID | NO_DEVICES | NO_EXECUTE | NO_LINKS | ACCESS_TIMES;

    /** The number of a mount at the top. */
    private static final int TOP = 1;

    /** The mount that covers the same file and is next older; null if there is none. Changed under the table's lock. */
    volatile Mount olderHere;

    /** How it spreads what is mounted in it; guarded by the table's lock. */
    final Spreading spreading = new Spreading();

    /** Its copy, while a tree of mounts is copied; guarded by the table's lock. */
    Mount twin;

    /** The next of the mounts that one call makes or takes away; guarded by the table's lock. */
    Mount nextMade;

    /** The call that made it, by its number in the table; guarded by the table's lock. */
    long madeBy;

    // The mounts that cover files in this one, in a list; guarded by the table's lock.
    private Mount newestInside;
    private Mount nextInside;
    private Mount previousInside;

    private final int id;
    private final String source;
    private final Place rootPlace;
    private final AtomicInteger users = new AtomicInteger(1);
    private final AtomicInteger writers = new AtomicInteger();
    private final AtomicInteger mappings = new AtomicInteger();
    private final AtomicInteger expiry = new AtomicInteger();
    private volatile Place point;
    private volatile int flags;

    private Mount(int id, String source, Place root, int flags) {
        this.id = id;
        this.source = source;
        this.rootPlace = new Place(Kind.NAMED, this, root.vnode(), root.directory(), root.name());
        this.point = rootPlace;
        this.flags = flags;
    }

    /** The mount at the top of everything: it is mounted on itself. */
    public static Mount top(FileSystem fileSystem) {
        return top("none", fileSystem);
    }

    /**
     * The mount at the top of everything.
     *
     * @param source what /proc/mounts tells as the device
     */
    public static Mount top(String source, FileSystem fileSystem) {
        return on(TOP, source, rootOf(fileSystem), RELATIVE_ACCESS_TIME);
    }

    /** What is seen of a file system that is mounted as a whole; the place is in no mount. */
    static Place rootOf(FileSystem fileSystem) {
        Directory root = fileSystem.root();
        return new Place(Kind.NAMED, null, root, root, "");
    }

    /**
     * A mount that is nowhere yet.
     *
     * @param id its number
     * @param source what /proc/mounts tells as the device
     * @param root what is seen at the mount point; its mount does not matter
     */
    static Mount on(int id, String source, Place root, int flags) {
        return new Mount(id, source, root, flags);
    }

    /** Has another one cover a file in this one. Table locked. */
    void addInside(Mount other) {
        other.nextInside = newestInside;
        if (newestInside != null) {
            newestInside.previousInside = other;
        }
        newestInside = other;
    }

    /** Ends {@link #addInside}. Table locked. */
    void removeInside(Mount other) {
        if (other.nextInside != null) {
            other.nextInside.previousInside = other.previousInside;
        }
        if (other.previousInside != null) {
            other.previousInside.nextInside = other.nextInside;
        } else {
            newestInside = other.nextInside;
        }
        other.nextInside = null;
        other.previousInside = null;
    }

    /** Whether no mount covers a file in this one. Table locked. */
    boolean isEmpty() {
        return newestInside == null;
    }

    /** A mount on which no other is, of those inside this one and inside these; itself if it is empty. Table locked. */
    Mount lowestInside() {
        Mount lowest = this;
        while (lowest.newestInside != null) {
            lowest = lowest.newestInside;
        }
        return lowest;
    }

    /**
     * The next mount of the tree below a mount, each before those inside it. Table locked.
     *
     * @param top the tree's top
     * @param descend whether those inside this one count
     * @return the next; {@code top} behind the last
     */
    Mount nextBelow(Mount top, boolean descend) {
        if (descend && newestInside != null) {
            return newestInside;
        }
        Mount at = this;
        while (at != top && at.nextInside == null) {
            at = at.point.mount();
        }
        return at == top ? top : at.nextInside;
    }

    /** Whether it is another mount, or below it. Table locked. */
    boolean isIn(Mount other) {
        Mount at = this;
        while (at != other && !at.isTop()) {
            at = at.point.mount();
        }
        return at == other;
    }

    /** The mount above which there is none. Table locked. */
    Mount highest() {
        Mount at = this;
        while (!at.isTop()) {
            at = at.point.mount();
        }
        return at;
    }

    /** Its number, as /proc/PID/mountinfo tells it. */
    public int id() {
        return id;
    }

    /** What is mounted, as mount(2) was told. */
    public String source() {
        return source;
    }

    /** The file that is seen at the mount point. */
    public Vnode root() {
        return rootPlace.vnode();
    }

    /** The file system that it shows, or a part of which. */
    public FileSystem fileSystem() {
        return rootPlace.vnode().fileSystem();
    }

    /** The place that it covers; for the mount at the top its own root. */
    public Place point() {
        return point;
    }

    /** Puts it elsewhere. Table locked. */
    void setPoint(Place place) {
        point = place;
    }

    /** Nothing is above it from now on. Table locked. */
    void setOff() {
        point = rootPlace;
    }

    /** Whether nothing is above it: it is at the top of everything, or nowhere. */
    public boolean isTop() {
        return point == rootPlace;
    }

    /** The constants above, as a union. */
    public int flags() {
        return flags;
    }

    /** Whether it has all of some flags. */
    public boolean has(int wanted) {
        return (flags & wanted) == wanted;
    }

    /** Whether nothing can be changed through it, for itself or for its file system. */
    public boolean isReadOnly() {
        return ((flags | fileSystem().flags()) & READ_ONLY) != 0;
    }

    /** Sets the flags: 0, or -EBUSY if it is to be read-only and files in it are open for writing. */
    int setFlags(int newFlags) {
        int error = checkFlags(newFlags);
        flags = error == 0 ? newFlags & FLAGS : flags;
        return error;
    }

    /** Whether the flags can be set: 0, or -EBUSY as {@link #setFlags} says. */
    int checkFlags(int newFlags) {
        boolean closes = (newFlags & ~flags & READ_ONLY) != 0;
        return closes && writers.get() > 0 ? -EBUSY : 0;
    }

    /** The number of the group of mounts that it tells, and hears from, what is mounted in it; 0 for none. */
    public int group() {
        return spreading.group();
    }

    /** The number of the group that it only hears from; 0 for none. */
    public int masterGroup() {
        return spreading.masterGroup();
    }

    /** Whether it refuses to be bound. */
    public boolean isUnbindable() {
        return spreading.isUnbindable();
    }

    /** The place of its root. */
    public Place rootPlace() {
        return rootPlace;
    }

    /** A file in it has been opened for writing. */
    void writerComes() {
        writers.incrementAndGet();
        fileSystem().writers.incrementAndGet();
    }

    /** That is over. */
    void writerGone() {
        writers.decrementAndGet();
        fileSystem().writers.decrementAndGet();
    }

    /** One more user. The mount at the top of everything stays anyway: so the users of most files are not counted. */
    void retain() {
        if (id != TOP) {
            users.incrementAndGet();
        }
    }

    /** One user less. No lock is held. */
    void release() {
        if (id != TOP) {
            drop();
        }
    }

    /** One user less, which may have been the tree of mounts. No lock is held. */
    void drop() {
        if (users.decrementAndGet() == 0) {
            fileSystem().lostMount();
        }
    }

    /** A file has been mapped through it. That makes it busy, but does not keep its file system: what is mapped keeps itself. */
    void mapped() {
        mappings.incrementAndGet();
    }

    /** That is over. */
    void unmapped() {
        mappings.decrementAndGet();
    }

    /** Whether it has users but the tree of mounts. */
    boolean isBusy() {
        return users.get() > 1 || mappings.get() > 0;
    }

    /** A path leads through it. */
    void passed() {
        if (expiry.get() > 0) {
            expiry.decrementAndGet();
        }
    }

    /** MNT_EXPIRE: whether only one path has led through it since this was asked before, which is the asker's own. */
    boolean expires() {
        return expiry.getAndSet(2) == 1;
    }

    /** A file in it is read: keeps the time, if it is one of those that are kept. */
    void accessed(Vnode file) {
        boolean quiet = has(NO_ACCESS_TIME) || file instanceof Directory && has(NO_DIRECTORY_ACCESS_TIME);
        if (!quiet && !isReadOnly()) {
            file.accessed(has(RELATIVE_ACCESS_TIME));
        }
    }
}
