package biscotti.tools.archive;

import biscotti.tools.ToolFailure;
import biscotti.tools.archive.Node.Directory;
import biscotti.tools.archive.Node.RegularFile;
import biscotti.tools.archive.Node.SymbolicLink;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;

/**
 * Unpacks tar archives and Debian packages into a {@link FileTree}, with the owners, modes and times that they record.
 *
 * <p>Members are taken as tar and dpkg take them: parents that are links are followed inside the tree. Device nodes and
 * FIFOs are left out, for the kernel has its own /dev. A member whose name leads out of the root is refused.
 */
public final class Unpacker {
    private static final long MAX_SCRIPT = 1 << 20;

    private final Spool spool;
    private final FileTree tree;

    /** An unpacker into {@code tree} that keeps the contents in {@code spool}. */
    public Unpacker(Spool spool, FileTree tree) {
        this.spool = spool;
        this.tree = tree;
    }

    /** Unpacks a tar archive, plain or compressed by gzip, bzip2, xz or zstd; told by its first bytes, not its name. */
    public void tar(Path file) throws IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new ToolFailure(file + ": not a file that can be read");
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            if (members(file, decompressed(in)) == 0) {
                throw new ToolFailure(file + ": no tar archive, or an empty one");
            }
        }
    }

    /** Unpacks the files of a Debian package (deb(5)) and returns its script {@code postinst}, if it has one. */
    public Optional<String> debianPackage(Path file) throws IOException {
        Optional<String> script = Optional.empty();
        try (ArArchiveInputStream members =
                new ArArchiveInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            for (ArArchiveEntry member = members.getNextEntry(); member != null; member = members.getNextEntry()) {
                if (member.getName().startsWith("control.tar")) {
                    script = postinst(decompressed(new BufferedInputStream(members)));
                } else if (member.getName().startsWith("data.tar")) {
                    members(file, decompressed(new BufferedInputStream(members, 1 << 16)));
                }
            }
        }
        return script;
    }

    private static Optional<String> postinst(InputStream control) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(control);
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            if (entry.getName().equals("./postinst") && entry.getSize() < MAX_SCRIPT) {
                return Optional.of(new String(tar.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }

    /** What {@code in}, which can mark, delivers when decompressed; itself if it is not compressed. */
    private static InputStream decompressed(InputStream in) throws IOException {
        try {
            String format = CompressorStreamFactory.detect(in);
            return new BufferedInputStream(
                    new CompressorStreamFactory(true).createCompressorInputStream(format, in), 1 << 16);
        } catch (CompressorException e) {
            return in;
        }
    }

    /** Unpacks all members and returns their number. */
    private int members(Path archive, InputStream in) throws IOException {
        int count = 0;
        try {
            TarArchiveInputStream tar = new TarArchiveInputStream(in, StandardCharsets.ISO_8859_1.name());
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (!entry.isCheckSumOK()) {
                    throw new ToolFailure(archive + ": no tar archive");
                }
                member(archive, entry, tar);
                count++;
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new ToolFailure(archive + ": no tar archive, or a damaged one");
        }
        return count;
    }

    private void member(Path archive, TarArchiveEntry entry, TarArchiveInputStream content) throws IOException {
        String path = inTree(archive, entry.getName());
        Attributes attributes = new Attributes(
                entry.getMode() & 07777,
                (int) entry.getLongUserId(),
                (int) entry.getLongGroupId(),
                entry.getLastModifiedTime().toMillis() / 1000);
        if (entry.isDirectory()) {
            if (!path.isEmpty()) {
                tree.put(path, new Directory(attributes));
            }
        } else if (entry.isSymbolicLink()) {
            tree.put(path, new SymbolicLink(attributes, entry.getLinkName()));
        } else if (entry.isLink()) {
            tree.put(
                    path,
                    tree.nodeItself(inTree(archive, entry.getLinkName()))
                            .orElseThrow(() -> new ToolFailure(archive + ": " + path + " is a hard link to "
                                    + entry.getLinkName() + ", which is missing")));
        } else if (entry.isFile() && !entry.isCharacterDevice() && !entry.isBlockDevice() && !entry.isFIFO()) {
            tree.put(path, new RegularFile(attributes, spool.store(content, entry.getRealSize())));
        }
    }

    /** The path in the tree of an archive member: no leading "./" or "/", no trailing slash, no "..". */
    private static String inTree(Path archive, String member) {
        StringBuilder path = new StringBuilder();
        for (String part : member.split("/", -1)) {
            if (part.equals("..")) {
                throw new ToolFailure(archive + ": member " + member + " leads out of the archive");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                path.append(path.isEmpty() ? "" : "/").append(part);
            }
        }
        return path.toString();
    }
}
