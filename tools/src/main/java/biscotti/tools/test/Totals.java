package biscotti.tools.test;

/** How many tests ended how. */
public record Totals(int passed, int failed, int skipped) {
    /** No test at all. */
    public static final Totals NONE = new Totals(0, 0, 0);

    /** One test that passed. */
    public static final Totals PASS = new Totals(1, 0, 0);

    /** One test that failed. */
    public static final Totals FAIL = new Totals(0, 1, 0);

    /** The sums of both. */
    public Totals plus(Totals other) {
        return new Totals(passed + other.passed, failed + other.failed, skipped + other.skipped);
    }

    @Override
    public String toString() {
        return passed + " passed, " + failed + " failed" + (skipped == 0 ? "" : ", " + skipped + " skipped");
    }
}
