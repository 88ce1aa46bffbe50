package biscotti.machine;

import java.io.IOException;
import java.util.List;
import java.util.jar.JarFile;
import jdk.internal.misc.Unsafe;

/**
 * Initialises all classes of the kernel at boot, so that no system call does it later: an initialiser allocates, and may throw.
 * In a rehearsal this makes them all part of the AOT cache.
 */
public final class KernelClasses {
    private static final String SUFFIX = ".class";

    /** Classes of the JDK that the kernel comes to late: when threads meet at a counter, a thread ends, or a buffer is seen as words. */
    private static final List<String> OF_JDK = List.of(
            "java.util.concurrent.ThreadLocalRandom",
            "java.util.concurrent.atomic.Striped64$Cell",
            "java.nio.ByteBufferAsLongBufferL",
            "jdk.internal.event.VirtualThreadEndEvent");

    private KernelClasses() {}

    /** Initialises the classes of the jar that the JVM was started with, and some of the JDK. */
    public static void initializeAll() {
        ClassLoader loader = ClassLoader.getSystemClassLoader();
        try (JarFile jar = new JarFile(System.getProperty("java.class.path"))) {
            for (var entries = jar.entries(); entries.hasMoreElements(); ) {
                String name = entries.nextElement().getName();
                if (name.endsWith(SUFFIX)) {
                    String binary =
                            name.substring(0, name.length() - SUFFIX.length()).replace('/', '.');
                    Unsafe.getUnsafe().ensureClassInitialized(loader.loadClass(binary));
                }
            }
            for (String name : OF_JDK) {
                Class.forName(name, true, null);
            }
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException("cannot initialise the kernel's classes", e);
        }
    }
}
