package biscotti.tools.root;

import biscotti.tools.Fingerprint;
import biscotti.tools.Progress;
import biscotti.tools.Repository;
import biscotti.tools.ToolFailure;
import biscotti.tools.archive.CpioWriter;
import biscotti.tools.archive.FileTree;
import biscotti.tools.archive.Spool;
import biscotti.tools.archive.Unpacker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes the cpio archive of a root file system and keeps it, so that the second run with the same root finds it made.
 *
 * <p>A root is made from a directory, a tar archive or, without either, Debian's busybox-static; Debian packages are then unpacked over
 * it. Busybox's applets get the names that nothing else has.
 */
public final class RootBuilder {
    /** Part of the name of each archive made: raise it when a root is made differently. */
    private static final String FORMAT = "root 2";

    private static final String BUSYBOX = "busybox-static";

    private final Repository repository;
    private final DebianPackages debian;

    /** A builder that keeps its archives in {@code repository}. */
    public RootBuilder(Repository repository) throws IOException {
        this.repository = repository;
        this.debian = DebianPackages.ofHost();
    }

    /**
     * The archive of a root.
     *
     * @param base a directory or tar archive; empty for Debian's busybox-static
     * @param packages names of Debian packages to unpack over it
     */
    public Path build(Optional<Path> base, List<String> packages) throws IOException {
        base.ifPresent(RootBuilder::checkBase);
        List<Path> files = packageFiles(base, packages);
        Fingerprint fingerprint = new Fingerprint().add(FORMAT);
        if (base.isPresent()) {
            addBase(fingerprint, base.get());
        }
        for (Path file : files) {
            fingerprint.addStamp(file);
        }
        Path archive = repository.made("roots").resolve(fingerprint.name() + ".cpio");
        if (!Files.exists(archive)) {
            Progress.step("making the root file system");
            make(base, files, archive);
        }
        return archive;
    }

    /** Writes {@code tree} as an archive of its own to {@code archive}, which appears only when it is whole. */
    public static void write(FileTree tree, Path archive) throws IOException {
        Path unfinished = Files.createTempFile(archive.getParent(), "new", ".cpio");
        try {
            try (CpioWriter writer = new CpioWriter(
                    FileChannel.open(unfinished, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))) {
                writer.write(tree);
                writer.trailer();
            }
            Files.move(unfinished, archive, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** Puts the file or directory {@code host} of the host at the absolute path {@code guest} of {@code tree}. */
    public static void copyIn(Path host, String guest, FileTree tree) throws IOException {
        HostDirectory.add(host, guest.substring(1), tree);
    }

    private static void checkBase(Path base) {
        if (Files.notExists(base)) {
            throw new ToolFailure("--root " + base + ": no such file or directory");
        }
    }

    private List<Path> packageFiles(Optional<Path> base, List<String> packages) throws IOException {
        List<String> names = new ArrayList<>(packages);
        if (base.isEmpty() && !names.contains(BUSYBOX)) {
            names.addFirst(BUSYBOX);
        }
        return names.isEmpty() ? List.of() : debian.files(names);
    }

    private void make(Optional<Path> base, List<Path> packages, Path archive) throws IOException {
        try (Spool spool = new Spool(archive.getParent())) {
            FileTree tree = new FileTree();
            Unpacker unpacker = new Unpacker(spool, tree);
            if (base.isEmpty()) {
                Skeleton.addDirectories(tree);
            } else if (Files.isDirectory(base.get())) {
                HostDirectory.add(base.get(), "", tree);
            } else {
                unpacker.tar(base.get());
            }
            Alternatives alternatives = new Alternatives();
            for (Path file : packages) {
                unpacker.debianPackage(file).ifPresent(alternatives::readScript);
            }
            alternatives.apply(tree);
            if (base.isEmpty()) {
                Skeleton.addFiles(tree);
            }
            if (packages.stream().anyMatch(file -> file.getFileName().toString().startsWith("busybox"))) {
                Applets.add(tree);
            }
            write(tree, archive);
        }
    }

    /** A directory stands for the names, sizes and times of all that is in it. */
    private static void addBase(Fingerprint fingerprint, Path base) throws IOException {
        if (!Files.isDirectory(base)) {
            fingerprint.addStamp(base);
            return;
        }
        try (Stream<Path> walk = Files.walk(base)) {
            for (Path file : (Iterable<Path>) walk.sorted()::iterator) {
                fingerprint.add(
                        file + " " + Files.readAttributes(file, "unix:mode,size,ino,ctime", LinkOption.NOFOLLOW_LINKS));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
