package biscotti.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What the shim publishes in its file {@code /proc/shim}: lines of a name and a hexadecimal value (docs/shim.md). */
final class ShimTable {
    private static final Path FILE = Path.of("/proc/shim");

    private static volatile Map<String, Long> replacement = Map.of();

    private final Map<String, Long> values = new HashMap<>();

    private ShimTable(Map<String, Long> values) {
        this.values.putAll(values);
    }

    private ShimTable(String text) {
        text.lines().forEach(line -> {
            int blank = line.indexOf(' ');
            values.put(line.substring(0, blank), Long.parseUnsignedLong(line, blank + 1, line.length(), 16));
        });
    }

    /** Makes {@link #read} return {@code values}: see {@link StandInShim}. */
    static void replace(Map<String, Long> values) {
        replacement = Map.copyOf(values);
    }

    /** Reads the table of the shim that this JVM runs on. */
    static ShimTable read() {
        if (!replacement.isEmpty()) {
            return new ShimTable(replacement);
        }
        try {
            return new ShimTable(Files.readString(FILE, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new IllegalStateException("this JVM does not run on the shim: no " + FILE, e);
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
