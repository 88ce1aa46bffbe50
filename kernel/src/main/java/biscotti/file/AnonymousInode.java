package biscotti.file;

import java.util.function.LongSupplier;

/** The one inode of all files that are nothing but open, such as those of eventfd(2) and epoll_create(2). */
public final class AnonymousInode {
    private static final long MAGIC = 0x09041934;
    /** It has permissions, but no type, as on Linux. */
    private static final int MODE = 0600;

    private final AnonymousFiles files;
    private final Vnode vnode;

    /** The inode, with times of a clock. */
    public AnonymousInode(Devices devices, LongSupplier wallClock) {
        files = new AnonymousFiles("anon_inodefs", MAGIC, devices, wallClock);
        vnode = new SpecialFile(files, files.nextNumber(), MODE, 0, 0, 0, devices);
    }

    /**
     * Where a new open file of it is.
     *
     * @param name what /proc/PID/fd shows, such as {@code anon_inode:[eventfd]}
     */
    public Place place(String name) {
        vnode.retain();
        return files.place(vnode, name);
    }

    /** The file system that it is of. */
    FileSystem fileSystem() {
        return files;
    }
}
