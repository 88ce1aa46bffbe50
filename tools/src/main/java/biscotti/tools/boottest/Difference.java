package biscotti.tools.boottest;

import java.util.List;
import java.util.Optional;

/** Tells where a text departs from the one that was expected. */
final class Difference {
    private static final int LINES_BEFORE = 3;
    private static final int LINES = 12;

    private Difference() {}

    /** A description of the first difference and what follows it; empty if the texts are the same. */
    static Optional<String> between(String expected, String actual) {
        if (expected.equals(actual)) {
            return Optional.empty();
        }
        List<String> wanted = List.of(expected.split("\n", -1));
        List<String> got = List.of(actual.split("\n", -1));
        int same = 0;
        while (same < wanted.size() && same < got.size() && wanted.get(same).equals(got.get(same))) {
            same++;
        }
        int tail = 0;
        while (tail < wanted.size() - same
                && tail < got.size() - same
                && wanted.get(wanted.size() - 1 - tail).equals(got.get(got.size() - 1 - tail))) {
            tail++;
        }
        StringBuilder text = new StringBuilder("first difference in line " + (same + 1) + "\n");
        append(text, "    ", wanted.subList(Math.max(0, same - LINES_BEFORE), same));
        append(text, "  - ", wanted.subList(same, wanted.size() - tail));
        append(text, "  + ", got.subList(same, got.size() - tail));
        return Optional.of(text.toString().stripTrailing());
    }

    private static void append(StringBuilder text, String prefix, List<String> lines) {
        lines.stream()
                .limit(LINES)
                .forEach(line -> text.append(prefix).append(visible(line)).append('\n'));
        if (lines.size() > LINES) {
            text.append(prefix).append("... ").append(lines.size() - LINES).append(" more lines\n");
        }
    }

    private static String visible(String line) {
        StringBuilder text = new StringBuilder();
        line.chars().limit(300).forEach(c -> {
            if (c >= ' ' && c < 0x7f) {
                text.append((char) c);
            } else {
                text.append(String.format("\\x%02x", c));
            }
        });
        return text.toString();
    }
}
