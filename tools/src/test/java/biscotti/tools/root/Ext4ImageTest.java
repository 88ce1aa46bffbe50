package biscotti.tools.root;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.tools.HostProgram;
import biscotti.tools.ToolFailure;
import biscotti.tools.archive.Attributes;
import biscotti.tools.archive.Content;
import biscotti.tools.archive.FileTree;
import biscotti.tools.archive.Node.Directory;
import biscotti.tools.archive.Node.RegularFile;
import biscotti.tools.archive.Node.SymbolicLink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disk images, as debugfs(8) and e2fsck(8) see them. */
class Ext4ImageTest {
    private static final long TIME = 1_000_000_000;

    @TempDir
    private Path directory;

    private final FileTree tree = new FileTree();

    private Path made() throws IOException {
        Path image = directory.resolve("image");
        Ext4Image.make(tree, 16, image);
        assertEquals(16 << 20, Files.size(image));
        HostProgram.of("/usr/sbin/e2fsck", "-fn", image.toString()).output();
        return image;
    }

    private static String ask(Path image, String question) throws IOException {
        return HostProgram.of("/usr/sbin/debugfs", "-R", question, image.toString())
                .output();
    }

    private static Attributes attributes(int permissions, int user, int group) {
        return new Attributes(permissions, user, group, TIME);
    }

    @Test
    void attributesThatAnOrdinaryUserCannotGiveAreThere() throws IOException {
        tree.put("bin", new Directory(attributes(02751, 0, 5)));
        tree.put("bin/su", new RegularFile(attributes(04755, 70_000, 80_000), Content.of("x")));
        tree.put("bin/secret", new RegularFile(attributes(0, 0, 0), Content.of("secret\n")));
        Path image = made();
        String su = ask(image, "stat /bin/su");
        assertTrue(su.contains("Mode:  04755"), su);
        assertTrue(su.contains("User: 70000   Group: 80000"), su);
        assertTrue(su.contains("mtime: 0x3b9aca00"), su);
        assertTrue(ask(image, "stat /bin").contains("Mode:  02751"));
        assertEquals("secret\n", ask(image, "cat /bin/secret"));
        assertTrue(ask(image, "stat /bin/secret").contains("Mode:  0000"));
    }

    @Test
    void linksAreLinks() throws IOException {
        RegularFile file = new RegularFile(attributes(0644, 1, 1), Content.of("both\n"));
        tree.put("a", file);
        tree.put("d/b", file);
        tree.put("to", new SymbolicLink(attributes(0777, 3, 4), "d//b \"q\"/"));
        tree.put("long", new SymbolicLink(attributes(0777, 0, 0), "x/".repeat(100)));
        Path image = made();
        assertTrue(ask(image, "stat /a").contains("Links: 2"));
        assertEquals("both\n", ask(image, "cat /d/b"));
        String link = ask(image, "stat /to");
        assertTrue(link.contains("User:     3   Group:     4"), link);
        assertTrue(link.contains("Fast link dest: \"d//b \"q\"/\""), link);
        assertEquals("x/".repeat(100), ask(image, "cat /long"));
    }

    @Test
    void namesAreBytes() throws IOException {
        tree.put("with blank \"and\" %41", new RegularFile(attributes(0600, 0, 0), Content.of("1\n")));
        tree.put("\303\244\377", new RegularFile(attributes(0600, 0, 0), Content.of("2\n")));
        Path image = made();
        assertEquals("1\n", ask(image, "cat \"/with blank \"\"and\"\" %41\""));
        Path out = directory.resolve("out");
        Files.createDirectory(out);
        ask(image, "rdump / " + out);
        String names = HostProgram.of("sh", "-c", "cd " + out + "; ls | od -An -tx1 | tr -d ' \\n'")
                .output();
        assertTrue(names.contains("c3a4ff0a"), names);
        tree.put("two\nlines", new RegularFile(attributes(0600, 0, 0), Content.of("")));
        assertThrows(ToolFailure.class, this::made);
    }

    @Test
    void whatDevHasBeforeItIsMountedAreDevices() throws IOException {
        tree.put("dev", new Directory(attributes(0755, 0, 0)));
        String found = ask(made(), "stat /dev/null");
        assertTrue(found.contains("Type: character special    Mode:  0666"), found);
        assertTrue(found.contains("01:03"), found);
    }

    @Test
    void aDiskThatIsTooSmallIsSaid() {
        byte[] large = new byte[20 << 20];
        new Random(1).nextBytes(large); // zeros take no room
        tree.put("large", new RegularFile(attributes(0644, 0, 0), Content.of(large)));
        ToolFailure failure = assertThrows(ToolFailure.class, this::made);
        assertTrue(failure.getMessage().startsWith("mke2fs failed: "), failure.getMessage());
        assertEquals(0, directory.toFile().list().length);
    }
}
