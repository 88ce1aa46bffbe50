package biscotti.file;

import biscotti.abi.Limits;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A file system of files that never have a path, such as pipes: it gives them numbers and places. */
public final class AnonymousFiles extends FileSystem {
    private final long magic;
    private final Directory root = new EmptyDirectory(this);
    private final Mount mount;
    private final AtomicLong lastNumber = new AtomicLong(1);

    /**
     * A file system of anonymous files.
     *
     * @param type its name, such as {@code pipefs}
     * @param magic {@code f_type} of statfs(2)
     */
    public AnonymousFiles(String type, long magic, Devices devices, LongSupplier wallClock) {
        super(type, devices.nextAnonymous(), wallClock);
        this.magic = magic;
        this.mount = Mount.top(this);
    }

    /** A number for a new file. */
    public long nextNumber() {
        return lastNumber.incrementAndGet();
    }

    /** The place of a file; /proc/PID/fd shows it as {@code name}. It counts as having one name, as on Linux. */
    public Place place(Vnode vnode, String name) {
        if (vnode.links() == 0) {
            vnode.addLink();
        }
        return new Place(Place.Kind.ANONYMOUS, mount, vnode, root, name);
    }

    @Override
    public Directory root() {
        return root;
    }

    @Override
    public Statistics statistics() {
        return new Statistics(magic, Limits.PIPE_BUF, 0, 0, 0, 0);
    }
}
