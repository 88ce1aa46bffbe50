package biscotti.tools.boot;

import biscotti.tools.Fingerprint;
import biscotti.tools.HostProgram;
import biscotti.tools.Progress;
import biscotti.tools.Repository;
import biscotti.tools.archive.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The CDS archive: classes parsed and laid out in advance, so that the JVM maps them instead of loading them.
 *
 * <p>Dumped on the host by the same run-time image. Object references are compressed under the serial collector and G1, not under
 * ZGC, and an archive serves only one of the two. HotSpot finds the archive by its default name beside libjvm.so.
 */
final class ClassArchive {
    private final Path file;
    private final String name;

    private ClassArchive(Path file, String name) {
        this.file = file;
        this.name = name;
    }

    /** The archive for a kernel with the given collector, made now if it is not there. */
    static ClassArchive of(Repository repository, JavaRuntime runtime, JvmOptions.Collector collector)
            throws IOException {
        boolean compressed = collector != JvmOptions.Collector.Z;
        String name = compressed ? "classes.jsa" : "classes_nocoops.jsa";
        Fingerprint fingerprint =
                new Fingerprint().add("1").add(runtime.directory().toString()).add(name);
        Path file = repository.made("cds").resolve(fingerprint.name() + ".jsa");
        if (!Files.exists(file)) {
            Progress.step("making the class archive");
            Path unfinished = Files.createTempFile(file.getParent(), "new", ".jsa");
            HostProgram.of(
                            runtime.launcher().toString(),
                            "-Xshare:dump",
                            compressed ? "-XX:+UseCompressedOops" : "-XX:-UseCompressedOops",
                            "-XX:SharedBaseAddress=" + SHARED_BASE,
                            "-XX:SharedArchiveFile=" + unfinished)
                    .output();
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return new ClassArchive(file, name);
    }

    /** Where the machine's JVM maps the archive without relocating it: inside its own range, clear of the heap. */
    private static final String SHARED_BASE = "0xA0000000000";

    void addTo(FileTree files) throws IOException {
        BootArchive.addFile(files, "jre/lib/server/" + name, file, 0444);
    }
}
