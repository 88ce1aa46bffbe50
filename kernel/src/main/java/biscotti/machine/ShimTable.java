package biscotti.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What the shim publishes in its file {@code /proc/shim}: lines of a name and a hexadecimal value (docs/shim.md). */
final class ShimTable {
    private static volatile Path file = Path.of("/proc/shim");

    private final Map<String, Long> values = new HashMap<>();

    private ShimTable(String text) {
        int end;
        for (int start = 0; start < text.length(); start = end + 1) {
            int blank = text.indexOf(' ', start);
            end = text.indexOf('\n', blank);
            values.put(text.substring(start, blank), Long.parseUnsignedLong(text, blank + 1, end, 16));
        }
    }

    /** Makes {@link #read} read another file: see {@link StandInShim}. */
    static void replace(Path other) {
        file = other;
    }

    /** Reads the table of the shim that this JVM runs on. */
    static ShimTable read() {
        try {
            return new ShimTable(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new IllegalStateException("this JVM does not run on the shim: no " + file, e);
        }
    }

    /** The value with a name. */
    long get(String name) {
        Long value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("the shim publishes no " + name);
        }
        return value;
    }

    /** Whether there is a value with a name. */
    boolean has(String name) {
        return values.containsKey(name);
    }
}
