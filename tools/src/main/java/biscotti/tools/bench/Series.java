package biscotti.tools.bench;

import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rounds of one benchmark in one run: the cost of an operation in each, in nanoseconds of the machine's clock, which are
 * instructions where that clock counts them.
 */
record Series(double[] rounds) {
    /** What tests/bench/bench.h prints: NAME ROUND NANOSECONDS OPERATIONS. */
    private static final Pattern LINE = Pattern.compile("^(\\w+) \\d+ (\\d+) (\\d+)\\r?$", Pattern.MULTILINE);

    /** The rounds that benchmark {@code name} has printed in {@code output}. */
    static Series of(String name, String output) {
        Matcher lines = LINE.matcher(output);
        List<MatchResult> results =
                lines.results().filter(line -> line.group(1).equals(name)).toList();
        return new Series(results.stream()
                .mapToDouble(line -> Double.parseDouble(line.group(2)) / Long.parseLong(line.group(3)))
                .toArray());
    }

    /** Whether the benchmark did not run. */
    boolean isEmpty() {
        return rounds.length == 0;
    }

    /** The first round: the kernel's code is cold. */
    double first() {
        return rounds[0];
    }

    /** The median of the last half: what a long-running program sees. */
    double steady() {
        double[] late = Arrays.copyOfRange(rounds, rounds.length / 2, rounds.length);
        Arrays.sort(late);
        return late[late.length / 2];
    }

    /** The mean of all rounds. */
    double mean() {
        return Arrays.stream(rounds).average().orElseThrow();
    }

    /** The best round. */
    double best() {
        return Arrays.stream(rounds).min().orElseThrow();
    }
}
