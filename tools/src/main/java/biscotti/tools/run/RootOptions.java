package biscotti.tools.run;

import biscotti.tools.Repository;
import biscotti.tools.archive.FileTree;
import biscotti.tools.root.RootBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say what the root file system holds. */
public final class RootOptions {
    @Option(
            names = "--root",
            paramLabel = "PATH",
            description = "a directory or tar archive as root file system (default: Debian's busybox-static)")
    private Path base;

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

    /** The archive of the root, without the copies. */
    public Path build(Repository repository) throws IOException {
        return new RootBuilder(repository).build(Optional.ofNullable(base), packages);
    }

    /** Puts the copies into {@code root}. */
    public void copyInto(FileTree root) throws IOException {
        for (String value : copies) {
            CopyOption copy = CopyOption.parse(value);
            RootBuilder.copyIn(copy.host(), copy.guest(), root);
        }
    }
}
