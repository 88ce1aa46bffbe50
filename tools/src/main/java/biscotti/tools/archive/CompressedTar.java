package biscotti.tools.archive;

import biscotti.tools.HostProgram;
import biscotti.tools.ToolFailure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** A tar archive in a file, plain or compressed by gzip, xz, zstd or bzip2; told by its first bytes, not its name. */
public final class CompressedTar {
    private CompressedTar() {}

    /** Unpacks the archive {@code file} into {@code tree}. */
    public static void unpack(Path file, Spool spool, FileTree tree) throws IOException {
        byte[] magic;
        try (InputStream in = Files.newInputStream(file)) {
            magic = in.readNBytes(6);
        }
        String name = file.toString();
        if (startsWith(magic, 0x1f, 0x8b)) {
            try (InputStream in = new GZIPInputStream(Files.newInputStream(file), 1 << 16)) {
                TarReader.unpack(name, new BufferedInputStream(in), spool, tree);
            }
        } else if (startsWith(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
            unpackThrough("xz", file, spool, tree);
        } else if (startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
            unpackThrough("zstd", file, spool, tree);
        } else if (startsWith(magic, 'B', 'Z', 'h')) {
            unpackThrough("bzip2", file, spool, tree);
        } else {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
                TarReader.unpack(name, in, spool, tree);
            }
        }
    }

    private static void unpackThrough(String program, Path file, Spool spool, FileTree tree) throws IOException {
        HostProgram.of(program, "-dcq", file.toString())
                .read(output ->
                        TarReader.unpack(file.toString(), new BufferedInputStream(output, 1 << 16), spool, tree));
    }

    private static boolean startsWith(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** Unpacks the files of the Debian package {@code file} into {@code tree}. */
    public static void unpackPackage(Path file, Spool spool, FileTree tree) throws IOException {
        HostProgram.of("dpkg-deb", "--fsys-tarfile", file.toString())
                .read(output ->
                        TarReader.unpack(file.toString(), new BufferedInputStream(output, 1 << 16), spool, tree));
    }

    /** Fails unless {@code file} can be a tar archive at all: a regular file that can be read. */
    public static void check(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new ToolFailure(file + ": not a file that can be read");
        }
    }
}
