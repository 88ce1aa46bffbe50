package biscotti.tools.root;

import biscotti.tools.ToolFailure;
import biscotti.tools.archive.Attributes;
import biscotti.tools.archive.Content;
import biscotti.tools.archive.FileTree;
import biscotti.tools.archive.Node.Directory;
import biscotti.tools.archive.Node.RegularFile;
import biscotti.tools.archive.Node.SymbolicLink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Takes files of the host into a tree. Everything belongs to root there, for the host's owners mean nothing in the machine. */
final class HostDirectory {
    private final Map<Object, RegularFile> linked = new HashMap<>();
    private final FileTree tree;

    private HostDirectory(FileTree tree) {
        this.tree = tree;
    }

    /** Puts {@code file}, a directory with all that is in it or a single file, at {@code place} of {@code tree}. */
    static void add(Path file, String place, FileTree tree) throws IOException {
        HostDirectory directory = new HostDirectory(tree);
        try (Stream<Path> walk = Files.walk(file)) {
            for (Path found : (Iterable<Path>) walk.sorted()::iterator) {
                String below = bytes(file.relativize(found));
                directory.put(found, below.isEmpty() ? place : place.isEmpty() ? below : place + "/" + below);
            }
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof AccessDeniedException denied) {
                throw new ToolFailure(denied.getFile() + ": permission denied");
            }
            throw e.getCause();
        }
    }

    private void put(Path file, String place) throws IOException {
        Map<String, Object> stat =
                Files.readAttributes(file, "unix:mode,nlink,ino,dev,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) stat.get("mode");
        long modified =
                Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis() / 1000;
        Attributes attributes = new Attributes(mode & 07777, 0, 0, modified);
        switch (mode & 0170000) {
            case 0040000 -> {
                if (!place.isEmpty()) {
                    tree.put(place, new Directory(attributes));
                }
            }
            case 0120000 -> tree.put(place, new SymbolicLink(attributes, bytes(Files.readSymbolicLink(file))));
            case 0100000 -> {
                if (!Files.isReadable(file)) {
                    throw new ToolFailure(file + ": permission denied");
                }
                RegularFile regular = new RegularFile(attributes, Content.of(file, 0, (long) stat.get("size")));
                if ((int) stat.get("nlink") > 1) {
                    regular = linked.computeIfAbsent(
                            stat.get("dev") + " " + stat.get("ino"),
                            key -> new RegularFile(attributes, Content.of(file, 0, (long) stat.get("size"))));
                }
                tree.put(place, regular);
            }
            default -> {} // devices, sockets and FIFOs: the kernel makes its own
        }
    }

    /**
     * The name of {@code path} as one character for each byte. A path's string depends on the locale; its URI escapes the
     * very bytes.
     */
    static String bytes(Path path) {
        if (path.toString().isEmpty()) {
            return "";
        }
        String text = path.toString();
        if (text.chars().allMatch(c -> c < 0x80 && c != '?')) {
            return text;
        }
        String base = Path.of("/").toUri().getRawPath();
        String raw = Path.of("/").resolve(path).toUri().getRawPath().substring(base.length());
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) == '%') {
                decoded.write(Integer.parseInt(raw, i + 1, i + 3, 16));
                i += 2;
            } else {
                decoded.write(raw.charAt(i));
            }
        }
        String name = decoded.toString(StandardCharsets.ISO_8859_1);
        name = name.endsWith("/") && !text.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        return path.isAbsolute() ? "/" + name : name;
    }
}
