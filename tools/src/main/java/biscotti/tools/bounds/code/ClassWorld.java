package biscotti.tools.bounds.code;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All classes that an analysis may meet: the kernel's own, and those of the JDK that runs it. */
public final class ClassWorld {
    private static final FileSystem JDK = FileSystems.getFileSystem(URI.create("jrt:/"));
    private static final String SUFFIX = ".class";

    private final Map<String, byte[]> kernel;
    private final Map<String, Optional<LoadedClass>> loaded = new HashMap<>();

    private ClassWorld(Map<String, byte[]> kernel) {
        this.kernel = kernel;
    }

    /** The classes of a directory or a jar, over the JDK that runs this program. */
    public static ClassWorld of(Path kernel) throws IOException {
        if (Files.isDirectory(kernel)) {
            return new ClassWorld(classesIn(kernel));
        }
        try (FileSystem jar = FileSystems.newFileSystem(kernel)) {
            return new ClassWorld(classesIn(jar.getPath("/")));
        }
    }

    private static Map<String, byte[]> classesIn(Path directory) throws IOException {
        Map<String, byte[]> classes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = directory.relativize(file).toString();
                if (name.endsWith(SUFFIX)) {
                    classes.put(name.substring(0, name.length() - SUFFIX.length()), Files.readAllBytes(file));
                }
            }
        }
        return classes;
    }

    /** All classes of the kernel. */
    public Collection<LoadedClass> kernelClasses() {
        return kernel.keySet().stream().map(this::get).toList();
    }

    /** A class by its internal name; empty if neither the kernel nor the JDK has it. */
    public Optional<LoadedClass> find(String name) {
        Optional<LoadedClass> known = loaded.get(name);
        if (known == null) {
            known = load(name);
            loaded.put(name, known);
        }
        return known;
    }

    /** A class that must be there. */
    public LoadedClass get(String name) {
        return find(name).orElseThrow(() -> new IllegalStateException("class " + name + " is missing"));
    }

    private Optional<LoadedClass> load(String name) {
        byte[] bytes = kernel.get(name);
        boolean own = bytes != null;
        if (!own) {
            Optional<Path> file = fileOfJdk(name);
            if (file.isEmpty()) {
                return Optional.empty();
            }
            try {
                bytes = Files.readAllBytes(file.get());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Optional.of(new LoadedClass(this, ClassFile.of().parse(bytes), own));
    }

    private static Optional<Path> fileOfJdk(String name) {
        for (String module : List.of("java.base")) {
            Path file = JDK.getPath("/modules", module, name + SUFFIX);
            if (Files.exists(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    /** The field that a reference means, looked for as the JVM does: class, interfaces, superclass. */
    public Optional<LoadedField> field(MemberRef reference) {
        return find(reference.owner()).flatMap(owner -> owner.findField(reference.name()));
    }
}
