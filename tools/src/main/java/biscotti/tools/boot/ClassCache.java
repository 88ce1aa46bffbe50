package biscotti.tools.boot;

import biscotti.tools.Directories;
import biscotti.tools.Fingerprint;
import biscotti.tools.HostProgram;
import biscotti.tools.Progress;
import biscotti.tools.Repository;
import biscotti.tools.ToolFailure;
import biscotti.tools.archive.Attributes;
import biscotti.tools.root.RootBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Classes as HotSpot has them in memory, parsed, linked and with what their first use computes, so that a booting JVM maps
 * them instead of making them. More than half of a boot's instructions are saved this way.
 *
 * <p>HotSpot's AOT cache (JEP 483) is filled by a rehearsal: the kernel boots once in a process of the host, over a shim that
 * is a stand-in ({@code biscotti.boot.Rehearsal}). An AOT cache serves only the collector, the JVM options, the run-time image and
 * the kernel.jar that it was made with. Should the rehearsal fail, a plain CDS archive of the JDK's own classes takes its
 * place: machines work the same, but start slower.
 *
 * @param file the cache on the host
 * @param place its path in the boot archive
 * @param options what makes HotSpot use it
 * @param strings the string constants of the JDK's classes that were loaded in the rehearsal, see {@link JdkStrings}
 */
record ClassCache(Path file, String place, List<String> options, Optional<Path> strings) {
    /** The option of the kernel that makes it rehearse. */
    private static final String REHEARSAL = "rehearse=";

    /** Part of the name of each cache: raise it when one is made differently. */
    private static final String FORMAT = "4";

    /** Where the machine's JVM maps the archive without relocating it: inside its own range, clear of the heap. */
    private static final String ADDRESS = "-XX:SharedBaseAddress=0xA0000000000";

    /** Uses the cache, where it was made to lie: HotSpot would put it elsewhere each time, against attackers that the kernel's does not have. */
    private static final List<String> AS_MADE = List.of("-XX:AOTCache=/kernel.aot", "-XX:ArchiveRelocationMode=0");

    /** The cache for a kernel's jar with the given collector, made now if it is not there. */
    static ClassCache of(Repository repository, Path kernel, JavaRuntime runtime, Collector collector)
            throws IOException {
        Fingerprint fingerprint =
                new Fingerprint().add(FORMAT).add(runtime.directory().toString());
        fingerprint.addContent(kernel);
        JvmOptions.common(collector).forEach(fingerprint::add);
        Path directory = repository.made("caches");
        String name = fingerprint.name();
        Path cache = directory.resolve(name + ".aot");
        Path strings = directory.resolve(name + ".strings");
        Path failed = directory.resolve(name + ".failed");
        if (Files.notExists(cache) && Files.notExists(failed)) {
            deleteOthers(directory, collector.name());
            Progress.step("rehearsing a boot, to make the next ones faster");
            if (!rehearse(repository, kernel, runtime, collector, cache, strings)) {
                Progress.warning(
                        "the rehearsal failed (" + repository.lastLogOf("rehearsal") + "): machines will start slower");
                Files.createFile(failed);
            }
            Files.writeString(directory.resolve(name + "." + collector.name()), "");
        }
        return Files.exists(cache)
                ? new ClassCache(cache, "kernel.aot", AS_MADE, Optional.of(strings))
                : plain(directory, runtime, collector);
    }

    /** Caches of earlier kernels with the same collector: nothing will ask for them again. */
    private static void deleteOthers(Path directory, String collector) throws IOException {
        List<Path> owned;
        try (var files = Files.list(directory)) {
            owned = files.filter(file -> file.toString().endsWith("." + collector))
                    .toList();
        }
        for (Path marker : owned) {
            String name = marker.getFileName().toString().replaceFirst("\\..*", "");
            Files.deleteIfExists(directory.resolve(name + ".aot"));
            Files.deleteIfExists(directory.resolve(name + ".strings"));
            Files.deleteIfExists(directory.resolve(name + ".failed"));
            Files.delete(marker);
        }
    }

    private static boolean rehearse(
            Repository repository, Path kernel, JavaRuntime runtime, Collector collector, Path cache, Path strings)
            throws IOException {
        Path root = new RootBuilder(repository).build(Optional.empty(), List.of());
        Path directory = Files.createTempDirectory(cache.getParent(), "new");
        Path log = repository.lastLogOf("rehearsal");
        try {
            // HotSpot compares the jar's size and time with those that it finds in the machine, but not its directory.
            Path jar = directory.resolve("kernel.jar");
            Files.copy(kernel, jar);
            Files.setLastModifiedTime(jar, FileTime.from(Attributes.BUILD_TIME, TimeUnit.SECONDS));
            Path unfinished = directory.resolve("kernel.aot");
            List<String> command = new ArrayList<>(List.of(
                    "timeout", "--kill-after=5", "120", runtime.launcher().toString()));
            command.addAll(JvmOptions.common(collector));
            command.addAll(List.of(
                    "-Xmx256m",
                    ADDRESS,
                    JdkStrings.logOfClasses(directory),
                    "-XX:AOTCacheOutput=" + unfinished,
                    "-jar",
                    jar.toString(),
                    REHEARSAL + root));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            // The machine's JVM has no locale, so it uses other character sets.
            builder.environment().put("LC_ALL", "C");
            Process process = builder.start();
            if (HostProgram.waitFor(process) != 0 || Files.notExists(unfinished)) {
                return false;
            }
            Files.write(strings, JdkStrings.ofClassesIn(directory));
            Files.move(unfinished, cache, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } finally {
            Directories.delete(directory);
        }
    }

    /** HotSpot finds a CDS archive by its default name beside libjvm.so; ZGC's references are not compressed. */
    private static ClassCache plain(Path directory, JavaRuntime runtime, Collector collector) throws IOException {
        boolean compressed = collector != Collector.Z;
        String name = compressed ? "classes.jsa" : "classes_nocoops.jsa";
        Path file = directory.resolve(runtime.directory().getParent().getFileName() + "-" + name);
        if (Files.notExists(file)) {
            Path unfinished = Files.createTempFile(directory, "new", ".jsa");
            try {
                HostProgram.of(
                                runtime.launcher().toString(),
                                "-Xshare:dump",
                                compressed ? "-XX:+UseCompressedOops" : "-XX:-UseCompressedOops",
                                ADDRESS,
                                "-XX:SharedArchiveFile=" + unfinished)
                        .output();
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (ToolFailure e) {
                Files.deleteIfExists(unfinished);
                throw e;
            }
        }
        return new ClassCache(file, "jre/lib/server/" + name, List.of(), Optional.empty());
    }
}
