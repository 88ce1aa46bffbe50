package biscotti.tools.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What HotSpot's log (tags gc and safepoint) tells of the times that it stopped the kernel's threads.
 *
 * @param milliseconds the length of each stop, from the wish for it to its end
 * @param reaching how long the slowest thread took to stop, in milliseconds
 * @param liveMegabytes the most that a collection left in use
 * @param forced collections that somebody asked for
 */
record PauseLog(double[] milliseconds, double reaching, int liveMegabytes, int forced) {
    private static final Pattern SAFEPOINT =
            Pattern.compile("Safepoint \"\\w+\".*?Reaching safepoint: +(\\d+) ns.*?Total: +(\\d+) ns");
    private static final Pattern LEFT = Pattern.compile("\\)(?: \\(.*?\\))? \\d+M(?:\\(\\d+%\\))?->(\\d+)M");
    private static final Pattern FORCED = Pattern.compile("\\(System\\.gc\\(\\)\\) \\d+M");

    /** Reads a kernel log. */
    static PauseLog of(String log) {
        List<Double> stops = new ArrayList<>();
        double reaching = 0;
        for (Matcher line = SAFEPOINT.matcher(log); line.find(); ) {
            reaching = Math.max(reaching, Long.parseLong(line.group(1)) / 1e6);
            stops.add(Long.parseLong(line.group(2)) / 1e6);
        }
        int live = 0;
        for (Matcher line = LEFT.matcher(log); line.find(); ) {
            live = Math.max(live, Integer.parseInt(line.group(1)));
        }
        int forced = (int) FORCED.matcher(log).results().count();
        return new PauseLog(stops.stream().mapToDouble(Double::doubleValue).toArray(), reaching, live, forced);
    }

    /** The number of stops that were at least {@code from} and less than {@code to} milliseconds long. */
    long between(double from, double to) {
        return Arrays.stream(milliseconds)
                .filter(stop -> stop >= from && stop < to)
                .count();
    }

    /** The longest stop. */
    double longest() {
        return Arrays.stream(milliseconds).max().orElse(0);
    }

    /** All stops together. */
    double total() {
        return Arrays.stream(milliseconds).sum();
    }
}
