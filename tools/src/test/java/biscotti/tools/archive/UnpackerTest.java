package biscotti.tools.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.tools.HostProgram;
import biscotti.tools.ToolFailure;
import biscotti.tools.archive.Node.RegularFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Archives made by the host's tar are read as tar would. */
final class UnpackerTest {
    private static final String LONG = "directory-with-a-name-of-some-length/".repeat(5) + "file";

    @TempDir
    Path directory;

    private Path source;

    @BeforeEach
    void makeSource() throws IOException {
        source = Files.createDirectory(directory.resolve("source"));
        Files.writeString(source.resolve("plain"), "text");
        Files.createLink(source.resolve("second"), source.resolve("plain"));
        Files.createSymbolicLink(source.resolve("link"), Path.of("plain"));
        Files.createDirectories(source.resolve(LONG).getParent());
        Files.write(source.resolve(LONG), new byte[1000]);
    }

    @ParameterizedTest
    @CsvSource({"gnu,", "pax,", "ustar,", "gnu,--gzip", "pax,--xz", "gnu,--zstd"})
    void everyFormatAndCompressionGivesTheSameFiles(String format, String compression) throws IOException {
        Path archive = directory.resolve("archive");
        HostProgram.of(
                        "tar",
                        "--format=" + format,
                        compression == null ? "--sort=name" : compression,
                        "-cf",
                        archive.toString(),
                        "-C",
                        source.toString(),
                        ".")
                .output();
        FileTree tree = unpack(archive);
        RegularFile plain = assertInstanceOf(RegularFile.class, tree.nodes().get("plain"));
        assertEquals(
                new Node.SymbolicLink(tree.nodes().get("link").attributes(), "plain"),
                tree.nodes().get("link"));
        assertSame(plain, tree.nodes().get("second"));
        assertEquals(
                1000,
                assertInstanceOf(RegularFile.class, tree.nodes().get(LONG))
                        .content()
                        .length());
    }

    @Test
    void contentsComeOutAsTheyWentIn() throws IOException {
        Path archive = directory.resolve("archive");
        HostProgram.of("tar", "-cf", archive.toString(), "-C", source.toString(), "plain")
                .output();
        try (Spool spool = new Spool(directory)) {
            FileTree tree = new FileTree();
            new Unpacker(spool, tree).tar(archive);
            RegularFile plain = assertInstanceOf(RegularFile.class, tree.nodes().get("plain"));
            assertEquals("text", new String(plain.content().head(10), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void whatIsNoArchiveIsToldInOneLine() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "no archive\n".repeat(100));
        assertTrue(failure(text).startsWith(text + ": no tar archive"));
        Path empty = Files.createFile(directory.resolve("empty"));
        assertEquals(empty + ": no tar archive, or an empty one", failure(empty));
    }

    @Test
    void anArchiveThatLeadsOutOfTheRootIsRefused() throws IOException {
        Path archive = directory.resolve("archive");
        HostProgram.of(
                        "tar",
                        "-cPf",
                        archive.toString(),
                        "--transform=s|plain|../escaped|",
                        "-C",
                        source.toString(),
                        "plain")
                .output();
        assertEquals(archive + ": member ../escaped leads out of the archive", failure(archive));
    }

    private String failure(Path archive) {
        return assertThrows(ToolFailure.class, () -> unpack(archive)).getMessage();
    }

    private FileTree unpack(Path archive) throws IOException {
        FileTree tree = new FileTree();
        try (Spool spool = new Spool(directory)) {
            new Unpacker(spool, tree).tar(archive);
        }
        return tree;
    }
}
