package biscotti.file;

import biscotti.file.Place.Kind;

/** A tree of files made visible at a place: what mount(2) makes. Immutable, but for its flags. */
public final class Mount {
    /** Nothing can be changed through it: MS_RDONLY. */
    public static final int READ_ONLY = 1;

    /** Set-id bits have no effect: MS_NOSUID. */
    public static final int NO_SET_ID = 2;

    /** Device nodes cannot be opened: MS_NODEV. */
    public static final int NO_DEVICES = 4;

    /** Programs cannot be run: MS_NOEXEC. */
    public static final int NO_EXECUTE = 8;

    /** Times of access are not kept: MS_NOATIME. */
    public static final int NO_ACCESS_TIME = 1024;

    /** All flags that a mount keeps. */
    public static final int FLAGS = READ_ONLY | NO_SET_ID | NO_DEVICES | NO_EXECUTE | NO_ACCESS_TIME;

    /** The number of a mount at the top. */
    private static final int TOP = 1;

    /** The mount that covers the same directory and is next older; null if there is none. Changed under the table's lock. */
    volatile Mount olderHere;

    // The mounts that cover directories in this one, in a list; guarded by the table's lock.
    private Mount newestInside;
    private Mount nextInside;
    private Mount previousInside;

    private final int id;
    private final String source;
    private final Directory root;
    private final Place point;
    private volatile int flags;

    private Mount(int id, String source, Directory root, Place point, int flags) {
        this.id = id;
        this.source = source;
        this.root = root;
        this.point = point == null ? new Place(Kind.NAMED, this, root, root, "") : point;
        this.flags = flags;
    }

    /** The mount at the top of everything: it is mounted on itself. */
    public static Mount top(FileSystem fileSystem) {
        return new Mount(TOP, "none", fileSystem.root(), null, 0);
    }

    /**
     * A mount below another.
     *
     * @param id its number
     * @param source what /proc/mounts tells as the device
     * @param root the directory that is seen at the mount point
     * @param point the directory it covers
     */
    static Mount on(int id, String source, Directory root, Place point, int flags) {
        return new Mount(id, source, root, point, flags);
    }

    /** Has another one cover a directory in this one. Table locked. */
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

    /** Whether no mount covers a directory in this one. Table locked. */
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

    /** Its number, as /proc/PID/mountinfo tells it. */
    public int id() {
        return id;
    }

    /** What is mounted, as mount(2) was told. */
    public String source() {
        return source;
    }

    /** The directory that is seen at the mount point. */
    public Directory root() {
        return root;
    }

    /** The directory it covers; for the mount at the top its own root. */
    public Place point() {
        return point;
    }

    /** Whether this is the mount at the top. */
    public boolean isTop() {
        return point.mount() == this;
    }

    /** The constants above, as a union. */
    public int flags() {
        return flags;
    }

    /** Whether it has all of some flags. */
    public boolean has(int wanted) {
        return (flags & wanted) == wanted;
    }

    /** Sets the flags: MS_REMOUNT. */
    void setFlags(int newFlags) {
        flags = newFlags;
    }

    /** The place of its root. */
    public Place rootPlace() {
        return new Place(Kind.NAMED, this, root, root, "");
    }
}
