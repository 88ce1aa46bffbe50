package biscotti.file;

import java.util.ArrayDeque;
import java.util.Deque;

/** Finds the path of a place, from below: what getcwd(2) and the links in /proc/PID show. */
final class PathName {
    private static final String DELETED = " (deleted)";

    private PathName() {}

    /** The path of a place as seen under a root; starts with "(unreachable)" if it is not below it. */
    static String of(Place place, Place root) {
        if (place.kind() == Place.Kind.ANONYMOUS) {
            return place.name();
        }
        Deque<String> names = new ArrayDeque<>();
        String end = "";
        Directory directory = place.directory();
        if (place.vnode() instanceof Directory self) {
            end = self.removed() ? DELETED : "";
        } else {
            names.push(place.name());
            Slot<Vnode> present = new Slot<>();
            boolean there = directory.lookup(place.name(), present) == 0 && isSame(present.get(), place.vnode());
            end = there ? "" : DELETED;
        }
        boolean reachable = climb(place.mount(), directory, root, names);
        String path = names.isEmpty() ? "/" : "/" + String.join("/", names);
        return (reachable ? path : "(unreachable)" + path) + end;
    }

    /** Some file systems make a new vnode for each look-up. */
    private static boolean isSame(Vnode one, Vnode other) {
        return one == other || one.number() == other.number() && one.fileSystem() == other.fileSystem();
    }

    /** Collects the names from a directory up to the root; false if the top came first. */
    private static boolean climb(Mount startMount, Directory start, Place root, Deque<String> names) {
        Mount mount = startMount;
        Directory directory = start;
        while (directory != root.vnode() || mount != root.mount()) {
            if (directory == mount.root()) {
                if (mount.isTop()) {
                    return false;
                }
                directory = (Directory) mount.point().vnode();
                mount = mount.point().mount();
            } else if (directory.parent() == directory) {
                return false;
            } else {
                names.push(directory.nameInParent());
                directory = directory.parent();
            }
        }
        return true;
    }
}
