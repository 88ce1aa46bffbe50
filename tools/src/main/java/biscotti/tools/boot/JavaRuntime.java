package biscotti.tools.boot;

import biscotti.tools.Directories;
import biscotti.tools.Fingerprint;
import biscotti.tools.HostProgram;
import biscotti.tools.Progress;
import biscotti.tools.Repository;
import biscotti.tools.ToolFailure;
import biscotti.tools.archive.Attributes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The Java run-time image of the machine: HotSpot as the host's JDK has it, with only the modules that the kernel needs.
 *
 * <p>Made by jlink once for each JDK. The modules file is compressed, for nearly all classes that the kernel loads come
 * from the CDS archive; libjvm.so has its symbol table removed. Both are what keeps the boot archive small.
 */
public final class JavaRuntime {
    /** jdk.jfr: the flight recorder; jdk.jdwp.agent: a debugger can attach. */
    private static final String MODULES = "java.base,jdk.jfr,jdk.jdwp.agent";

    /** The resource that says which code for method handles AOT caches shall have: lines of a class list of HotSpot's. */
    private static final String LAMBDA_FORMS = "lambda-forms";

    private final Path directory;

    private JavaRuntime(Path directory) {
        this.directory = directory;
    }

    /** The run-time image made from the JDK that runs this tool, made now if it is not there. */
    public static JavaRuntime of(Repository repository) throws IOException {
        Path jdk = Path.of(System.getProperty("java.home"));
        if (!Files.isExecutable(jdk.resolve("bin/jlink"))) {
            throw new ToolFailure(jdk + ": has no jlink: set JAVA_HOME to a whole JDK");
        }
        String name = new Fingerprint()
                .add("3 " + MODULES)
                .add(lambdaForms())
                .addContent(jdk.resolve("release"))
                .addStamp(jdk.resolve("lib/server/libjvm.so"))
                .name();
        Path directory = repository.made("jre").resolve(name);
        if (!Files.exists(directory.resolve("complete"))) {
            Progress.step("making the Java run-time image");
            make(jdk, directory);
        }
        return new JavaRuntime(directory);
    }

    /** The image's own directory on the host; in the machine it is /jre. */
    public Path directory() {
        return directory.resolve("jre");
    }

    /** The run-time image's program {@code java}. */
    public Path launcher() {
        return directory().resolve("bin/java");
    }

    /** The shared libraries of the host that the image's own need, by file name: the C library and the dynamic linker. */
    public TreeMap<String, Path> libraries() throws IOException {
        TreeMap<String, Path> found = new TreeMap<>();
        for (String line : Files.readAllLines(directory.resolve("libraries"))) {
            Path library = Path.of(line);
            found.put(library.getFileName().toString(), library);
        }
        return found;
    }

    private static String lambdaForms() throws IOException {
        try (InputStream in = JavaRuntime.class.getResourceAsStream(LAMBDA_FORMS)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void make(Path jdk, Path directory) throws IOException {
        Directories.delete(directory);
        Files.createDirectories(directory);
        Path jre = directory.resolve("jre");
        HostProgram.of(
                        jdk.resolve("bin/jlink").toString(),
                        "--add-modules",
                        MODULES,
                        "--strip-java-debug-attributes",
                        "--no-header-files",
                        "--no-man-pages",
                        "--compress",
                        "zip-6",
                        "--exclude-files",
                        "glob:/**/src.zip,glob:/**/jrt-fs.jar,glob:/**/libjsig.so,glob:/**/jexec,glob:/**/*.diz,glob:/**/legal/**",
                        "--output",
                        jre.toString())
                .output();
        Directories.delete(jre.resolve("legal"));
        // HotSpot looks here for them when it makes an AOT cache.
        Files.writeString(jre.resolve("lib/classlist"), lambdaForms(), StandardOpenOption.APPEND);
        List<String> libraries = new ArrayList<>();
        try (Stream<Path> files = Files.walk(jre.resolve("lib"))) {
            files.filter(file -> file.toString().endsWith(".so")).forEach(file -> libraries.add(file.toString()));
        }
        for (String library : libraries) {
            HostProgram.of("strip", "--strip-unneeded", library).output();
        }
        libraries.add(jre.resolve("bin/java").toString());
        // HotSpot compares the time of lib/modules with that in the CDS archive; the boot archive gives all files this
        // one.
        Files.setLastModifiedTime(jre.resolve("lib/modules"), FileTime.from(Attributes.BUILD_TIME, TimeUnit.SECONDS));
        Files.write(directory.resolve("libraries"), hostLibraries(libraries, jre));
        Files.createFile(directory.resolve("complete"));
    }

    /** The files outside the image that its programs and libraries need, by ldd(1): "NAME => PATH (ADDRESS)". */
    private static List<String> hostLibraries(List<String> programs, Path jre) throws IOException {
        List<String> command = new ArrayList<>(List.of("ldd"));
        command.addAll(programs);
        return HostProgram.of(command)
                .output()
                .lines()
                .map(line -> line.replaceFirst(".*=>", "")
                        .replaceFirst("\\(0x[0-9a-f]+\\)", "")
                        .strip())
                .filter(path -> path.startsWith("/") && !path.endsWith(":") && !path.startsWith(jre.toString()))
                .distinct()
                .sorted()
                .toList();
    }
}
