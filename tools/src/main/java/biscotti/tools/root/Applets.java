package biscotti.tools.root;

import biscotti.tools.Directories;
import biscotti.tools.HostProgram;
import biscotti.tools.archive.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The links by which busybox's applets are called, as {@code busybox --install -s} makes them. */
final class Applets {
    private Applets() {}

    /** Makes a link for each applet of the busybox in {@code debianPackage} whose name is still free in {@code tree}. */
    static void add(Path debianPackage, FileTree tree) throws IOException {
        Path directory = Files.createTempDirectory("biscotti");
        try {
            HostProgram.of("dpkg-deb", "-x", debianPackage.toString(), directory.toString())
                    .output();
            Path busybox = Files.exists(directory.resolve("bin/busybox"))
                    ? directory.resolve("bin/busybox")
                    : directory.resolve("usr/bin/busybox");
            // The package's program is a static one for this architecture: it tells its own list.
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
