package biscotti.tools.boot;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;

/** Class files for tests that change them. */
final class ChangedClass {
    private ChangedClass() {}

    /** The class file of a class of these tests. */
    static byte[] bytesOf(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream(type.getName().replaceFirst(".*\\.", "") + ".class")) {
            return in.readAllBytes();
        }
    }

    /** An object of a class that was changed. */
    static Object newInstance(byte[] bytes) throws ReflectiveOperationException {
        Constructor<?> constructor = new Loader().define(bytes).getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    private static final class Loader extends ClassLoader {
        Loader() {
            super(ChangedClass.class.getClassLoader());
        }

        Class<?> define(byte[] bytes) {
            return defineClass(null, bytes, 0, bytes.length);
        }
    }
}
