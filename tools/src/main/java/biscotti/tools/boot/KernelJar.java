package biscotti.tools.boot;

import biscotti.tools.Fingerprint;
import biscotti.tools.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The kernel's classes as machines boot them: as they were compiled, but that call sites have classes ({@link CallSiteClasses}), and
 * strings are made and calls of handles linked when classes are initialised ({@link StringConstants}, {@link HandleCalls}).
 */
final class KernelJar {
    private static final String SUFFIX = ".class";
    private static final LocalDateTime MADE = LocalDateTime.of(2000, 1, 1, 0, 0);

    private KernelJar() {}

    /** The jar, made now if the kernel has changed. */
    static Path of(Repository repository) throws IOException {
        Fingerprint fingerprint = new Fingerprint();
        fingerprint.addContent(repository.kernelJar());
        fingerprint.addContent(repository.toolsJar());
        Path file = repository.made("kernels").resolve(fingerprint.name() + ".jar");
        if (Files.notExists(file)) {
            Path unfinished = Files.createTempFile(file.getParent(), "new", "");
            write(repository.kernelJar(), unfinished);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return file;
    }

    private static void write(Path compiled, Path target) throws IOException {
        Map<String, byte[]> classes = new LinkedHashMap<>();
        try (JarFile jar = new JarFile(compiled.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(target))) {
            // In the jar's order, in which the manifest is first.
            for (JarEntry entry : jar.stream().toList()) {
                String name = entry.getName();
                byte[] bytes = jar.getInputStream(entry).readAllBytes();
                if (name.endsWith(SUFFIX)) {
                    classes.put(name.substring(0, name.length() - SUFFIX.length()), bytes);
                } else if (!entry.isDirectory()) {
                    add(out, name, bytes);
                }
            }
            for (Map.Entry<String, byte[]> made : CallSiteClasses.of(classes).entrySet()) {
                byte[] linked = HandleCalls.linkedAtStart(made.getValue());
                add(out, made.getKey() + SUFFIX, StringConstants.madeAtStart(linked));
            }
        }
    }

    /** Every build has the same time in it, so that the same classes give the same jar. */
    private static void add(ZipOutputStream out, String name, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(MADE);
        out.putNextEntry(entry);
        out.write(bytes);
        out.closeEntry();
    }
}
