package biscotti.file;

import biscotti.abi.Latin1;
import biscotti.abi.Limits;

/** Finds the path of a place, from below: what getcwd(2) and the links in /proc/PID show. Made for one path. */
final class PathName {
    private static final String DELETED = " (deleted)";
    static final String UNREACHABLE = "(unreachable)";

    /** The path, at the end of the array. */
    private final byte[] path = new byte[Limits.PATH_MAX];

    private int start = path.length;
    private boolean tooLong;

    private PathName() {}

    /**
     * The path of a place as seen under a root; starts with "(unreachable)" if it is not below it.
     *
     * @return the path; empty if it is longer than {@link Limits#PATH_MAX}
     */
    static String of(Place place, Place root) {
        return place.kind() == Place.Kind.ANONYMOUS ? place.name() : new PathName().find(place, root);
    }

    /** The path of a place in its file system, wherever that is mounted; {@code "//deleted"} behind it if it has no name any more. */
    static String inFileSystem(Place place) {
        PathName name = new PathName();
        boolean gone = place.vnode() instanceof Directory self
                ? self.removed()
                : place.vnode().links() == 0;
        name.prepend(gone ? "//deleted" : "");
        if (!(place.vnode() instanceof Directory)) {
            name.prependName(place.name());
        }
        Directory at = place.directory();
        while (!name.tooLong && at.parent() != at) {
            name.prependName(at.nameInParent());
            at = at.parent();
        }
        return name.tooLong ? "" : name.text();
    }

    /** What was put together; a slash for nothing. */
    private String text() {
        if (start == path.length || path[start] != '/') {
            prepend("/");
        }
        return Latin1.text(path, start, path.length - start);
    }

    private String find(Place file, Place root) {
        Place place = file;
        while (!(place.vnode() instanceof Directory)
                && place.vnode() == place.mount().root()
                && !place.mount().isTop()) {
            place = place.mount().point();
        }
        Directory directory = place.directory();
        if (place.vnode() instanceof Directory self) {
            prepend(self.removed() ? DELETED : "");
        } else {
            Slot<Vnode> present = new Slot<>();
            boolean top = place.vnode() == place.mount().root();
            boolean there = top || directory.lookup(place.name(), present) == 0 && isSame(present.get(), place.vnode());
            prepend(there ? "" : DELETED);
            prependName(place.name());
        }
        boolean reachable = climb(place.mount(), directory, root);
        if (start == path.length || path[start] != '/') {
            prepend("/");
        }
        prepend(reachable ? "" : UNREACHABLE);
        return tooLong ? "" : Latin1.text(path, start, path.length - start);
    }

    /** Some file systems make a new vnode for each look-up. */
    private static boolean isSame(Vnode one, Vnode other) {
        return one == other || one.number() == other.number() && one.fileSystem() == other.fileSystem();
    }

    /** Puts the names from a directory up to the root in front; false if the top came first. */
    private boolean climb(Mount startMount, Directory from, Place root) {
        Mount mount = startMount;
        Directory directory = from;
        while (!tooLong && (directory != root.vnode() || mount != root.mount())) {
            if (directory == mount.root()) {
                if (mount.isTop()) {
                    return false;
                }
                Place point = mount.point();
                directory = (Directory) point.vnode();
                mount = point.mount();
            } else {
                Directory.Position position = directory.position();
                if (position.parent() == directory) {
                    return false;
                }
                prependName(position.name());
                directory = position.parent();
            }
        }
        return true;
    }

    private void prependName(String name) {
        prepend(name);
        prepend("/");
    }

    private void prepend(String text) {
        if (text.length() > start) {
            tooLong = true;
            return;
        }
        start -= text.length();
        Latin1.copy(text, 0, path, start, text.length());
    }
}
