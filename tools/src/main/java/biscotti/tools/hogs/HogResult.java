package biscotti.tools.hogs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What came of one kind of hog.
 *
 * @param kind which one
 * @param made how many of the things it wants it has got, all in all
 * @param killed how many of its processes were killed
 * @param refusals the errors that refused it more, each with its count
 * @param good what the programs beside it have done
 */
public record HogResult(String kind, long made, long killed, String refusals, List<GoodResult> good) {
    private static final Pattern HOG = Pattern.compile("@@hog \\S+ made (\\d+) killed (\\d+) refused(.*)");
    private static final Pattern GOOD =
            Pattern.compile("@@good \\S+ (\\S+) operations (\\d+) worst (\\d+) refused (\\d+) error (\\S+)");

    /**
     * Reads what tests/guest/hogs.c prints about one kind.
     *
     * @param text its lines, the one that begins with {@code @@end} among them
     */
    static HogResult parse(String kind, String text) {
        Matcher hog = HOG.matcher(text);
        if (!hog.find()) {
            throw new IllegalArgumentException("no line @@hog in " + text);
        }
        List<GoodResult> good = new ArrayList<>();
        for (Matcher line = GOOD.matcher(text); line.find(); ) {
            good.add(new GoodResult(
                    line.group(1),
                    Long.parseLong(line.group(2)),
                    Long.parseLong(line.group(3)),
                    Long.parseLong(line.group(4)),
                    line.group(5)));
        }
        return new HogResult(
                kind,
                Long.parseLong(hog.group(1)),
                Long.parseLong(hog.group(2)),
                hog.group(3).strip(),
                List.copyOf(good));
    }

    /** What is wrong with it, if anything: a program that behaves has failed, or got nothing done. */
    public Optional<String> problem() {
        List<String> problems = new ArrayList<>();
        for (GoodResult each : good) {
            if (!each.error().equals("none")) {
                problems.add(each.name() + " gave up: " + each.error());
            } else if (each.operations() == 0) {
                problems.add(each.name() + " did nothing");
            }
        }
        return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
    }
}
