package biscotti.tools.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds in a kernel log what no user program may bring about: a Java exception, a bug report, no memory in the heap. */
public final class KernelFailures {
    private static final Pattern FAILURE = Pattern.compile(
            "bug in |bug at |kernel thread .* failed|\\b[A-Z]\\w*(Exception|Error)\\b|SHIM PANIC|panic");

    /** So many lines of the log are shown from the first failure on. */
    private static final int LINES = 40;

    private KernelFailures() {}

    /** The first failure in a log with what follows it. */
    public static Optional<String> in(Path log) {
        List<String> lines;
        try {
            lines = Files.readString(log, StandardCharsets.ISO_8859_1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int i = 0; i < lines.size(); i++) {
            if (FAILURE.matcher(lines.get(i)).find()) {
                return Optional.of(log + ":\n"
                        + String.join("\n", lines.subList(i, Math.min(i + LINES, lines.size()))));
            }
        }
        return Optional.empty();
    }
}
