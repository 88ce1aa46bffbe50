package biscotti.file;

import biscotti.memory.PageSource;

/**
 * A file as it was reached: through which mount, in which directory, under which name. Immutable.
 *
 * @param kind whether the place is in the tree
 * @param mount the mount it was reached through
 * @param vnode the file
 * @param directory the directory that has the name; for a directory, itself
 * @param name its name there; for a directory it is not used, as a directory knows its name
 */
public record Place(Kind kind, Mount mount, Vnode vnode, Directory directory, String name) {
    /** Whether a place is in the tree. */
    public enum Kind {
        /** Found by a path. */
        NAMED,
        /** Never had a path: a pipe, memfd_create(2). The name says what it is, as /proc/PID/fd shows it. */
        ANONYMOUS
    }

    /**
     * The path from a root down to here, see {@link PathName}; a name that is gone has " (deleted)" behind it; empty if too
     * long.
     */
    public String path(Place root) {
        return PathName.of(this, root);
    }

    /** What a mapping of the file that was opened here takes its pages from, by this place's name: 0, or -ENODEV. */
    public int pages(Vnode file, Slot<PageSource> source) {
        Slot<PageSource> unnamed = new Slot<>();
        int error = file.pages(unnamed);
        return error < 0 ? error : source.put(new FilePages(unnamed.get(), this));
    }

    /** The path from the top of all mounts down to here. */
    public String path() {
        Mount top = mount;
        while (!top.isTop()) {
            top = top.point().mount();
        }
        return PathName.of(this, top.rootPlace());
    }

    /** The path from a root down to here; from the top of all, or of a mount that is nowhere, for what is not below the root. */
    public String shownPath(Place root) {
        String below = path(root);
        return below.startsWith(PathName.UNREACHABLE) ? path() : below;
    }

    /** The path from the root of the file system, as mountinfo shows the root of a mount; empty if too long. */
    public String pathInFileSystem() {
        return PathName.inFileSystem(this);
    }
}
