package biscotti.tools.boot;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The string constants of the JDK's classes that a kernel loads, for its start to make all of them ({@code
 * biscotti.boot.JdkPreparation}): HotSpot would make them when it compiles those classes, in whatever system call that happens. 1,400
 * classes have 5,000, which take some 300 KB.
 */
final class JdkStrings {
    /** Where the kernel looks for them in the JVM's file system. */
    static final String PLACE = "jdk.strings";

    private static final String LOG = "loaded-";
    private static final Pattern LOADED = Pattern.compile("\\[class,load *\\] (\\S+) source: ");
    private static final FileSystem JDK = FileSystems.getFileSystem(URI.create("jrt:/"));

    private JdkStrings() {}

    /** The option of a JVM that has it, and each JVM that it starts, tell in a file of a directory which classes it loads. */
    static String logOfClasses(Path directory) {
        return "-Xlog:class+load:file=" + directory.resolve(LOG) + "%p";
    }

    /** The strings of the classes that JVMs with {@link #logOfClasses} loaded: their number, and each in {@link java.io.DataInput}'s form. */
    static byte[] ofClassesIn(Path directory) throws IOException {
        SortedSet<String> strings = new TreeSet<>();
        for (String name : loaded(directory)) {
            Path file = JDK.getPath("/modules/java.base", name.replace('.', '/') + ".class");
            if (Files.exists(file)) {
                StringConstants.in(ClassFile.of().parse(Files.readAllBytes(file)))
                        .forEach(string -> strings.add(string.stringValue()));
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(strings.size());
        for (String string : strings) {
            out.writeUTF(string);
        }
        return bytes.toByteArray();
    }

    private static SortedSet<String> loaded(Path directory) throws IOException {
        SortedSet<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.getFileName().toString().startsWith(LOG)) {
                    for (Matcher line = LOADED.matcher(Files.readString(file)); line.find(); ) {
                        names.add(line.group(1));
                    }
                }
            }
        }
        return names;
    }
}
