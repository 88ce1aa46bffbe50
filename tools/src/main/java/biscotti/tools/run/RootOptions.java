package biscotti.tools.run;

import biscotti.tools.Repository;
import biscotti.tools.ToolFailure;
import biscotti.tools.archive.CpioReader;
import biscotti.tools.archive.FileTree;
import biscotti.tools.root.RootBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say what the root file system holds. */
public final class RootOptions {
    @Option(
            names = "--root",
            paramLabel = "PATH",
            description =
                    "a directory or tar archive as root file system (default: Debian's busybox-static); or, with run, an ext4"
                            + " image as a disk, IMAGE[,ahci|virtio|nvme] (default: ahci)")
    private String base = "";

    @Option(
            names = "--package",
            paramLabel = "NAME",
            description = "unpack this Debian package and all it needs into the root (repeatable)")
    private List<String> packages = List.of();

    @Option(
            names = "--copy",
            paramLabel = "HOST:GUEST",
            description = "copy a file or directory into the root (repeatable)")
    private List<String> copies = List.of();

    /** The disk whose file system is to be the root, if the root is not an archive. */
    Optional<DiskImage> disk() throws IOException {
        if (base.isEmpty() || Files.exists(Path.of(base)) && !DiskImage.isExt4(Path.of(base))) {
            return Optional.empty();
        }
        DiskImage image = DiskImage.parse("--root", base, DiskImage.Kind.AHCI);
        if (!packages.isEmpty() || !copies.isEmpty()) {
            throw new ToolFailure(
                    "--root " + image.file()
                            + ": a disk is taken as it is, without --package and --copy (biscotti image disk makes one with them)");
        }
        return Optional.of(image);
    }

    /** The archive of the root, without the copies. */
    Path build(Repository repository) throws IOException {
        if (disk().isPresent()) {
            throw new ToolFailure("--root " + base + ": a disk image, from which no image is made");
        }
        return new RootBuilder(repository)
                .build(base.isEmpty() ? Optional.empty() : Optional.of(Path.of(base)), packages);
    }

    /** The files of the root, with the copies. */
    public FileTree files(Repository repository) throws IOException {
        FileTree files = CpioReader.read(build(repository));
        copyInto(files);
        return files;
    }

    /** Puts the copies into {@code root}. */
    void copyInto(FileTree root) throws IOException {
        for (String value : copies) {
            CopyOption copy = CopyOption.parse(value);
            RootBuilder.copyIn(copy.host(), copy.guest(), root);
        }
    }
}
