package biscotti.tools.root;

import biscotti.tools.Directories;
import biscotti.tools.HostProgram;
import biscotti.tools.ToolFailure;
import biscotti.tools.archive.FileTree;
import biscotti.tools.archive.Node;
import biscotti.tools.archive.Node.Directory;
import biscotti.tools.archive.Node.RegularFile;
import biscotti.tools.archive.Node.SymbolicLink;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Makes a disk image with an ext4 file system of a tree of files. It needs no rights of root's: mke2fs(8) copies the
 * contents from a directory, debugfs(8) then sets what an ordinary user cannot give to a file of his own (owners, set-id bits, times of
 * links), and makes links and device nodes.
 */
public final class Ext4Image {
    private static final String MAKE = "/usr/sbin/mke2fs";
    private static final String CHANGE = "/usr/sbin/debugfs";
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;
    private static final int CHARACTER_DEVICE = 0020000;

    private final FileTree tree;
    private final Path staging;
    private final Map<RegularFile, Path> written = new IdentityHashMap<>();
    private final StringBuilder script = new StringBuilder();

    private Ext4Image(FileTree tree, Path staging) {
        this.tree = tree;
        this.staging = staging;
    }

    /**
     * Writes an image of {@code tree}.
     *
     * @param megabytes its size
     * @param image the file, which appears only when it is whole
     */
    public static void make(FileTree tree, int megabytes, Path image) throws IOException {
        if (!Files.isExecutable(Path.of(MAKE)) || !Files.isExecutable(Path.of(CHANGE))) {
            throw new ToolFailure("a disk image needs mke2fs and debugfs, type: sudo apt-get install e2fsprogs");
        }
        Path directory = Files.createTempDirectory(image.toAbsolutePath().getParent(), ".biscotti");
        try {
            Path unfinished = directory.resolve("image");
            Ext4Image made = new Ext4Image(tree, Files.createDirectory(directory.resolve("root")));
            made.stage();
            made.write(megabytes, unfinished, directory.resolve("script"));
            Files.move(unfinished, image, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Directories.delete(directory);
        }
    }

    /** Puts directories and contents into the staging directory, and all else into the script. */
    private void stage() throws IOException {
        for (Map.Entry<String, Node> entry : tree.nodes().entrySet()) {
            String path = entry.getKey();
            switch (entry.getValue()) {
                case Directory directory -> {
                    Files.createDirectories(staged(path));
                    attributes(path, DIRECTORY, directory);
                }
                case SymbolicLink link -> {
                    script.append("symlink ").append(quoted(path)).append(' ').append(argument(link.target()));
                    script.append('\n');
                    attributes(path, LINK, link);
                }
                case RegularFile file -> stage(path, file);
            }
        }
        if (tree.node("dev").filter(Directory.class::isInstance).isPresent()) {
            device("console", 5, 1, 0600);
            device("null", 1, 3, 0666);
        }
    }

    private void stage(String path, RegularFile file) throws IOException {
        Path place = staged(path);
        Path first = written.putIfAbsent(file, place);
        if (first != null) {
            Files.createLink(place, first);
            return;
        }
        try (FileChannel out = FileChannel.open(place, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.content().writeTo(out);
        }
        attributes(path, REGULAR, file);
    }

    /** What a program finds that looks into /dev before anything is mounted there. */
    private void device(String name, int major, int minor, int permissions) {
        String path = tree.resolve("dev").orElseThrow() + "/" + name;
        script.append("cd ")
                .append(quoted(path.substring(0, path.lastIndexOf('/'))))
                .append('\n');
        script.append("mknod " + name + " c " + major + " " + minor + "\n");
        set(path, "mode", "0" + Integer.toOctalString(CHARACTER_DEVICE | permissions));
    }

    private void attributes(String path, int type, Node node) {
        set(path, "mode", "0" + Integer.toOctalString(type | node.attributes().permissions()));
        set(path, "uid", Integer.toUnsignedString(node.attributes().user()));
        set(path, "gid", Integer.toUnsignedString(node.attributes().group()));
        for (String time : new String[] {"atime", "ctime", "mtime", "crtime"}) {
            set(path, time, "@" + node.attributes().modified());
        }
    }

    private void set(String path, String field, String value) {
        script.append("set_inode_field ").append(quoted(path)).append(' ');
        script.append(field).append(' ').append(value).append('\n');
    }

    private static String quoted(String path) {
        return argument("/" + path);
    }

    /** A word of debugfs: in quotation marks, with those inside written twice. */
    private static String argument(String text) {
        if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
            throw new ToolFailure(text.strip() + ": a name with a line break cannot be put into a disk image");
        }
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    /** Where the node of a path is put first. Names are bytes: a URI takes them as they are. */
    private Path staged(String path) {
        StringBuilder uri = new StringBuilder(staging.toUri().getRawPath());
        for (byte each : path.getBytes(StandardCharsets.ISO_8859_1)) {
            boolean plain = each == '/' || Character.isLetterOrDigit(each) && each > 0;
            uri.append(plain ? "" + (char) each : String.format("%%%02x", each & 0xff));
        }
        return Path.of(URI.create("file://" + uri));
    }

    private void write(int megabytes, Path image, Path commands) throws IOException {
        HostProgram.of(
                        MAKE,
                        "-q",
                        "-t",
                        "ext4",
                        "-E",
                        "root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0",
                        "-d",
                        staging.toString(),
                        image.toString(),
                        megabytes + "M")
                .output();
        Files.writeString(commands, script, StandardCharsets.ISO_8859_1);
        String complaints = HostProgram.of(CHANGE, "-w", "-f", commands.toString(), image.toString())
                .errors();
        complaints
                .lines()
                .filter(line -> !line.startsWith("debugfs ") && !line.isBlank()) // its version
                .findFirst()
                .ifPresent(complaint -> {
                    throw new ToolFailure("debugfs failed: " + complaint);
                });
    }
}
