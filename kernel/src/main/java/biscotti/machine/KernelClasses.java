package biscotti.machine;

import java.io.IOException;
import java.util.jar.JarFile;
import jdk.internal.misc.Unsafe;

/**
 * Initialises all classes of the kernel at boot, so that no system call does it later: an initialiser allocates, and may throw.
 * In a rehearsal this makes them all part of the AOT cache.
 */
public final class KernelClasses {
    private static final String SUFFIX = ".class";

    private KernelClasses() {}

    /** Initialises the classes of the jar that the JVM was started with. */
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
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException("cannot initialise the kernel's classes", e);
        }
    }
}
