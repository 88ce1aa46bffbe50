package biscotti.tools.boottest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells where a text departs from the one that was expected. */
final class Difference {
    private static final int MOST_LINES = 40;

    private Difference() {}

    /** The lines that are missing (-) and those that are too many (+), with a line before each; empty if the texts are the same. */
    static Optional<String> between(String expected, String actual) {
        if (expected.equals(actual)) {
            return Optional.empty();
        }
        List<String> wanted = expected.lines().toList();
        List<String> got = actual.lines().toList();
        int[][] common = common(wanted, got);
        List<String> lines = new ArrayList<>();
        String before = "";
        int i = 0;
        int j = 0;
        while (i < wanted.size() || j < got.size()) {
            boolean same = i < wanted.size() && j < got.size() && wanted.get(i).equals(got.get(j));
            if (!same && !before.isEmpty()) {
                lines.add("    " + visible(before));
            }
            if (same) {
                before = wanted.get(i++);
                j++;
            } else if (j == got.size() || (i < wanted.size() && common[i + 1][j] >= common[i][j + 1])) {
                lines.add("  - " + visible(wanted.get(i++)));
                before = "";
            } else {
                lines.add("  + " + visible(got.get(j++)));
                before = "";
            }
        }
        if (lines.isEmpty()) {
            return Optional.of("only line ends differ");
        }
        int more = lines.size() - MOST_LINES;
        String text = String.join("\n", lines.subList(0, Math.min(MOST_LINES, lines.size())));
        return Optional.of(more > 0 ? text + "\n  ... " + more + " more lines" : text);
    }

    /** The length of the longest common subsequence of what follows line i of one and line j of the other. */
    private static int[][] common(List<String> wanted, List<String> got) {
        int[][] common = new int[wanted.size() + 1][got.size() + 1];
        for (int i = wanted.size() - 1; i >= 0; i--) {
            for (int j = got.size() - 1; j >= 0; j--) {
                common[i][j] = wanted.get(i).equals(got.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
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
