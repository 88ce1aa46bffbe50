package biscotti.tools.archive;

import biscotti.tools.archive.Node.Directory;
import biscotti.tools.archive.Node.SymbolicLink;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of a root file system in the making: paths and what is there.
 *
 * <p>Paths are relative to the root, without a leading or trailing slash; the root itself is the empty path. A name is a
 * string of bytes, kept as a Java string with one character (0 to 255) for each.
 */
public final class FileTree {
    /** As many symbolic links may be followed in one path as on Linux. */
    private static final int MAX_LINKS = 40;

    private final TreeMap<String, Node> nodes = new TreeMap<>();

    /** A tree that holds only its root directory. */
    public FileTree() {
        nodes.put("", new Directory(Attributes.ofRoot(0755)));
    }

    /** All paths in order, each directory before what is in it. */
    public SortedMap<String, Node> nodes() {
        return Collections.unmodifiableSortedMap(nodes);
    }

    /**
     * Puts {@code node} at {@code path}, as unpacking an archive over an existing system does: parents that are symbolic
     * links to directories are followed, missing parents are made, and a directory over a link to a directory leaves the
     * link.
     */
    public void put(String path, Node node) {
        String place = parentResolved(path);
        if (node instanceof Directory && nodes.get(place) instanceof SymbolicLink) {
            Optional<String> target = resolve(place);
            if (target.isPresent() && nodes.get(target.get()) instanceof Directory) {
                return;
            }
        }
        if (!(node instanceof Directory) && nodes.get(place) instanceof Directory) {
            remove(place);
        }
        nodes.put(place, node);
    }

    /** Makes a directory of root's, unless there is one. */
    public void directory(String path, int permissions) {
        if (node(path).filter(Directory.class::isInstance).isEmpty()) {
            put(path, new Directory(Attributes.ofRoot(permissions)));
        }
    }

    /** A tree of the same nodes. */
    public FileTree copy() {
        FileTree copy = new FileTree();
        copy.nodes.putAll(nodes);
        return copy;
    }

    /** What was put into this tree since it was a {@link #copy} of {@code before}: unpacked over that, it gives this one. */
    public FileTree changesSince(FileTree before) {
        FileTree changes = new FileTree();
        nodes.forEach((path, node) -> {
            if (!path.isEmpty() && before.nodes.get(path) != node) {
                changes.nodes.put(path, node);
            }
        });
        return changes;
    }

    /** Whether it holds nothing but its root directory. */
    public boolean isEmpty() {
        return nodes.size() == 1;
    }

    /** Puts a file of root's. */
    public void file(String path, int permissions, Content content) {
        put(path, new Node.RegularFile(Attributes.ofRoot(permissions), content));
    }

    /** Puts a symbolic link of root's. */
    public void link(String path, String target) {
        put(path, new SymbolicLink(Attributes.ofRoot(0777), target));
    }

    /** Removes what is at {@code path} (a parent that is a link is not followed), with everything below. */
    public void remove(String path) {
        nodes.remove(path);
        nodes.subMap(path + "/", path + "0").clear(); // '0' follows '/' in ASCII
    }

    /** What is at {@code path} after all symbolic links. */
    public Optional<Node> node(String path) {
        return resolve(path).map(nodes::get);
    }

    /** What is at {@code path} itself, be it a symbolic link; links among its parents are followed. */
    public Optional<Node> nodeItself(String path) {
        int slash = path.lastIndexOf('/');
        if (slash < 0) {
            return Optional.ofNullable(nodes.get(path));
        }
        return resolve(path.substring(0, slash)).map(parent -> nodes.get(join(parent, path.substring(slash + 1))));
    }

    /** The path without symbolic links at which the node of {@code path} is; empty if there is none or links go in circles. */
    public Optional<String> resolve(String path) {
        Deque<String> names = new ArrayDeque<>();
        pushNames(names, path);
        String place = "";
        int links = 0;
        while (!names.isEmpty()) {
            String name = names.pop();
            if (name.equals("..")) {
                place = parent(place);
                continue;
            }
            String next = join(place, name);
            Node node = nodes.get(next);
            if (node == null) {
                return Optional.empty();
            }
            if (node instanceof SymbolicLink link) {
                if (++links > MAX_LINKS) {
                    return Optional.empty();
                }
                pushNames(names, link.target());
                place = link.target().startsWith("/") ? "" : place;
            } else {
                place = next;
            }
        }
        return Optional.of(place);
    }

    /** {@code path} with every symbolic link among its parents followed; parents that are missing are made. */
    private String parentResolved(String path) {
        int slash = path.lastIndexOf('/');
        if (slash < 0) {
            return path;
        }
        String place = "";
        for (String name : path.substring(0, slash).split("/", -1)) {
            String next = join(place, name);
            Optional<String> resolved = resolve(next);
            if (resolved.isPresent() && nodes.get(resolved.get()) instanceof Directory) {
                place = resolved.get();
            } else {
                remove(next);
                nodes.put(next, new Directory(Attributes.ofRoot(0755)));
                place = next;
            }
        }
        return join(place, path.substring(slash + 1));
    }

    private static void pushNames(Deque<String> names, String path) {
        String[] parts = path.split("/", -1);
        for (int i = parts.length - 1; i >= 0; i--) {
            if (!parts[i].isEmpty() && !parts[i].equals(".")) {
                names.push(parts[i]);
            }
        }
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    private static String join(String directory, String name) {
        return directory.isEmpty() ? name : directory + "/" + name;
    }
}
