package biscotti.tools.boot;

import biscotti.tools.Repository;
import biscotti.tools.ToolFailure;
import biscotti.tools.archive.Attributes;
import biscotti.tools.archive.Content;
import biscotti.tools.archive.CpioWriter;
import biscotti.tools.archive.FileTree;
import biscotti.tools.archive.Node.RegularFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/**
 * What a boot loader puts into memory beside the shim: the JVM's read-only file system, then the archives of the root file
 * system, one after another.
 */
public final class BootArchive {
    /** The most that the JVM's part may take. */
    private static final long MAX_BYTES = 64L << 20;

    private final FileTree files;

    private BootArchive(FileTree files) {
        this.files = files;
    }

    /** The JVM's part for a kernel with the given collector. */
    public static BootArchive of(Repository repository, Collector collector) throws IOException {
        return of(repository, collector, HeapLayout.of(collector));
    }

    /** The same with bounds of the heap that were found for objects that are laid out like this, as a test needs. */
    public static BootArchive of(Repository repository, Collector collector, HeapLayout layout) throws IOException {
        // Two steps that take seconds when the kernel has changed, and share nothing.
        CompletableFuture<Path> bounds = CompletableFuture.supplyAsync(() -> HeapBounds.of(repository, layout));
        JavaRuntime runtime = JavaRuntime.of(repository);
        FileTree files = new FileTree();
        addDirectory(files, "jre", runtime.directory());
        for (Map.Entry<String, Path> library : runtime.libraries().entrySet()) {
            String place = library.getKey().startsWith("ld-linux") ? "lib64/" : "lib/x86_64-linux-gnu/";
            addFile(files, place + library.getKey(), library.getValue(), 0755);
        }
        Path kernel = KernelJar.of(repository);
        addFile(files, JvmOptions.KERNEL_JAR.substring(1), kernel, 0644);
        ClassCache cache = ClassCache.of(repository, kernel, runtime, collector);
        addFile(files, cache.place(), cache.file(), 0444);
        if (cache.strings().isPresent()) {
            addFile(files, JdkStrings.PLACE, cache.strings().get(), 0444);
        }
        files.file(
                JvmOptions.FILE.substring(1),
                0444,
                Content.of(String.join("\n", JvmOptions.file(collector, cache)) + "\n"));
        addFile(files, HeapBounds.PLACE, finished(bounds), 0444);
        return new BootArchive(files);
    }

    private static Path finished(CompletableFuture<Path> file) throws IOException {
        try {
            return file.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case ToolFailure failure -> throw failure;
                case UncheckedIOException failure -> throw failure.getCause();
                default -> throw e;
            }
        }
    }

    /**
     * Writes the boot archive to {@code target}.
     *
     * @param roots cpio archives of the root file system; a later one adds to and replaces what the earlier ones hold
     */
    public void write(Path target, List<Path> roots) throws IOException {
        try (FileChannel out = FileChannel.open(
                        target,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                CpioWriter writer = new CpioWriter(out)) {
            writer.write(files);
            writer.trailer();
            checkSize(writer.position());
            for (Path root : roots) {
                append(root, out);
            }
        }
    }

    private static void append(Path root, WritableByteChannel out) throws IOException {
        Content.of(root, 0, Files.size(root)).writeTo(out);
    }

    private static void checkSize(long bytes) {
        if (bytes > MAX_BYTES) {
            throw new ToolFailure("the JVM's part of the boot archive has " + bytes + " bytes, more than the "
                    + (MAX_BYTES >> 20) + " MB it may have");
        }
    }

    /** Adds a directory of the host with all regular files in it, links followed, as root's. */
    static void addDirectory(FileTree files, String path, Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path file : walk.sorted().toList()) {
                String inside = path + "/" + directory.relativize(file);
                if (Files.isDirectory(file)) {
                    files.directory(inside.endsWith("/") ? path : inside, 0755);
                } else {
                    addFile(files, inside, file, Files.isExecutable(file) ? 0755 : 0644);
                }
            }
        }
    }

    /** Adds one file of the host as root's; its time is that of every build, for the CDS archive checks it. */
    static void addFile(FileTree files, String path, Path file, int permissions) throws IOException {
        files.put(path, new RegularFile(Attributes.ofRoot(permissions), Content.of(file, 0, Files.size(file))));
    }
}
