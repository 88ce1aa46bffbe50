package biscotti.tools.root;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import biscotti.tools.archive.FileTree;
import biscotti.tools.archive.Node.SymbolicLink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostDirectoryTest {
    @TempDir
    Path directory;

    @Test
    void filesKeepTheirModesAndBelongToRoot() throws IOException {
        Path file = Files.writeString(directory.resolve("program"), "x");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
        Files.createLink(directory.resolve("same"), file);
        Files.createSymbolicLink(directory.resolve("link"), Path.of("program"));
        FileTree tree = new FileTree();
        HostDirectory.add(directory, "opt/x", tree);
        assertEquals(
                List.of("", "opt", "opt/x", "opt/x/link", "opt/x/program", "opt/x/same"),
                List.copyOf(tree.nodes().keySet()));
        assertEquals(0751, tree.nodes().get("opt/x/program").attributes().permissions());
        assertEquals(0, tree.nodes().get("opt/x/program").attributes().user());
        assertEquals(
                "program",
                assertInstanceOf(SymbolicLink.class, tree.nodes().get("opt/x/link"))
                        .target());
        assertSame(tree.nodes().get("opt/x/program"), tree.nodes().get("opt/x/same"));
    }

    @Test
    void aSingleFileGetsTheNameAskedFor() throws IOException {
        Path file = Files.writeString(directory.resolve("a"), "x");
        FileTree tree = new FileTree();
        HostDirectory.add(file, "usr/bin/b", tree);
        assertEquals(
                List.of("", "usr", "usr/bin", "usr/bin/b"),
                List.copyOf(tree.nodes().keySet()));
    }

    @Test
    void namesAreBytes() {
        assertEquals("a b/c", HostDirectory.bytes(Path.of("a b/c")));
        assertEquals("/a", HostDirectory.bytes(Path.of("/a")));
        assertEquals("caf\u00c3\u00a9 %41?", HostDirectory.bytes(Path.of("caf\u00e9 %41?")));
    }
}
