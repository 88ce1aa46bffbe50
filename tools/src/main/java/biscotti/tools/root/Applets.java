package biscotti.tools.root;

import biscotti.tools.Directories;
import biscotti.tools.HostProgram;
import biscotti.tools.ToolFailure;
import biscotti.tools.archive.FileTree;
import biscotti.tools.archive.Node.RegularFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The links by which busybox's applets are called, as {@code busybox --install -s} makes them. */
final class Applets {
    private Applets() {}

    /** Makes a link for each applet of the tree's busybox whose name is still free. */
    static void add(FileTree tree) throws IOException {
        if (!(tree.node("bin/busybox").orElse(null) instanceof RegularFile file)) {
            throw new ToolFailure("Debian's package of busybox has no /bin/busybox");
        }
        Path directory = Files.createTempDirectory("biscotti");
        Path busybox = directory.resolve("busybox"); // it takes another name for that of an applet
        try {
            try (FileChannel out = FileChannel.open(busybox, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                file.content().writeTo(out);
            }
            Files.setPosixFilePermissions(busybox, PosixFilePermissions.fromString("rwx------"));
            // A static program for this architecture: it tells its own list.
            HostProgram.of(busybox.toString(), "--list-full").output().lines().forEach(applet -> {
                if (applet.contains("/") && tree.nodeItself(applet).isEmpty()) { // not "linuxrc" in the root itself
                    tree.link(applet, "/bin/busybox");
                }
            });
        } finally {
            Directories.delete(directory);
        }
    }
}
