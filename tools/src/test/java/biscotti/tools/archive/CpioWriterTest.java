package biscotti.tools.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.tools.ToolFailure;
import biscotti.tools.archive.Node.RegularFile;
import biscotti.tools.archive.Node.SymbolicLink;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CpioWriterTest {
    @TempDir
    Path directory;

    @Test
    void dataOfEveryFileBeginOnAPage() throws IOException {
        FileTree tree = new FileTree();
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            tree.file(
                    "d/" + "x".repeat(1 + random.nextInt(200)) + i, 0644, Content.of(new byte[random.nextInt(10_000)]));
        }
        for (Node node : CpioReader.read(write(tree, tree)).nodes().values()) {
            if (node instanceof RegularFile file
                    && file.content() instanceof Content.Slice slice
                    && slice.length() > 0) {
                assertEquals(0, slice.offset() % CpioWriter.PAGE);
            }
        }
    }

    /** Linux skips what has a name longer than PATH_MAX, the NULs behind it among that. */
    @Test
    void noNameIsLongerThanLinuxReads() throws IOException {
        FileTree tree = new FileTree();
        for (int i = 0; i < 5000; i++) {
            tree.file("directory/" + i, 0644, Content.of(new byte[i % 4099]));
        }
        byte[] archive = Files.readAllBytes(write(tree));
        int entries = 0;
        for (int at = 0; at < archive.length; entries++) {
            int nameLength = field(archive, at, 11);
            assertTrue(nameLength <= 4096, "entry " + entries);
            int data = at + CpioWriter.HEADER + nameLength + 3 & -4;
            at = data + field(archive, at, 6) + 3 & -4;
            while (at < archive.length && archive[at] == 0) {
                at++;
            }
        }
        assertTrue(entries > 5000);
    }

    private static int field(byte[] archive, int header, int index) {
        return Integer.parseInt(new String(archive, header + 6 + 8 * index, 8, StandardCharsets.US_ASCII), 16);
    }

    @Test
    void theSameTreeGivesTheSameBytes() throws IOException {
        assertArrayEquals(Files.readAllBytes(write(sample())), Files.readAllBytes(write(sample())));
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        FileTree read = CpioReader.read(write(sample()));
        assertEquals(sample().nodes().keySet(), read.nodes().keySet());
        assertEquals("hello", text(read, "usr/bin/hello"));
        assertEquals("", text(read, "empty"));
        SymbolicLink link = assertInstanceOf(SymbolicLink.class, read.nodes().get("bin"));
        assertEquals("usr/bin", link.target());
        assertEquals(
                new Attributes(04755, 7, 8, 9), read.nodes().get("usr/bin/su").attributes());
    }

    @Test
    void hardLinksStayOneFile() throws IOException {
        FileTree tree = new FileTree();
        RegularFile file = new RegularFile(Attributes.ofRoot(0755), Content.of("x"));
        tree.put("a", file);
        tree.put("b/c", file);
        FileTree read = CpioReader.read(write(tree));
        assertSame(read.nodes().get("a"), read.nodes().get("b/c"));
        assertEquals("x", text(read, "b/c"));
    }

    @Test
    void aLaterArchiveAddsAndReplaces() throws IOException {
        FileTree later = new FileTree();
        later.file("usr/bin/hello", 0755, Content.of("replaced"));
        later.file("new", 0644, Content.of("added"));
        FileTree read = CpioReader.read(write(sample(), later));
        assertEquals("replaced", text(read, "usr/bin/hello"));
        assertEquals("added", text(read, "new"));
        assertEquals("", text(read, "empty"));
    }

    @Test
    void cpioOfTheHostUnderstandsIt() throws IOException, InterruptedException {
        Path archive = write(sample());
        Process cpio;
        try {
            cpio = new ProcessBuilder("cpio", "-t", "--quiet")
                    .redirectInput(archive.toFile())
                    .start();
        } catch (IOException e) {
            return; // not installed here; the format is checked above as well
        }
        String listed = new String(cpio.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertEquals(0, cpio.waitFor());
        assertTrue(listed.lines().anyMatch("usr/bin/hello"::equals), listed);
    }

    @Test
    void aDamagedArchiveIsToldInOneLine() throws IOException {
        Path archive = directory.resolve("damaged");
        Files.writeString(archive, "x".repeat(200));
        ToolFailure failure = assertThrows(ToolFailure.class, () -> CpioReader.read(archive));
        assertEquals(archive + ": no cpio archive of the format newc", failure.getMessage());
    }

    private static FileTree sample() {
        FileTree tree = new FileTree();
        tree.link("bin", "usr/bin");
        tree.file("usr/bin/hello", 0755, Content.of("hello"));
        tree.put("usr/bin/su", new RegularFile(new Attributes(04755, 7, 8, 9), Content.of("su")));
        tree.file("empty", 0600, Content.of(""));
        tree.directory("tmp", 01777);
        return tree;
    }

    private static String text(FileTree tree, String path) throws IOException {
        RegularFile file = assertInstanceOf(RegularFile.class, tree.nodes().get(path));
        return new String(file.content().head(1000), StandardCharsets.UTF_8);
    }

    private Path write(FileTree... trees) throws IOException {
        Path archive = Files.createTempFile(directory, "archive", ".cpio");
        try (CpioWriter writer = new CpioWriter(FileChannel.open(archive, StandardOpenOption.WRITE))) {
            for (FileTree tree : trees) {
                writer.write(tree);
                writer.trailer();
            }
        }
        return archive;
    }
}
