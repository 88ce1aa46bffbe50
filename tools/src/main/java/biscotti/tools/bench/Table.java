package biscotti.tools.bench;

import java.io.PrintStream;
import java.util.Locale;
import java.util.OptionalDouble;

/** Figures of Biscotti with Linux's beside them, and the ratio. */
final class Table {
    private final PrintStream out;

    /** A table on {@code out}. */
    Table(PrintStream out) {
        this.out = out;
    }

    /** Begins a group of rows. */
    void heading(String text) {
        out.println();
        out.printf(Locale.ROOT, "%-44s %12s %12s %8s %8s%n", text, "Biscotti", "Linux", "ratio", "at most");
    }

    /** A row; {@code limit} is the ratio that the project promises, if it promises one for this row. */
    void row(String name, double biscotti, double linux, OptionalDouble limit) {
        double ratio = biscotti / linux;
        String promise = limit.isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT, "%8.1f%s", limit.getAsDouble(), ratio <= limit.getAsDouble() ? "" : "  MISSED");
        out.printf(Locale.ROOT, "  %-42s %12s %12s %8.2f %s%n", name, figure(biscotti), figure(linux), ratio, promise);
    }

    /** A row without a promise. */
    void row(String name, double biscotti, double linux) {
        row(name, biscotti, linux, OptionalDouble.empty());
    }

    /** A row of which there is nothing to compare. */
    void missing(String name, String why) {
        out.printf(Locale.ROOT, "  %-42s %s%n", name, why);
    }

    /** A line of text. */
    void note(String text) {
        out.println("  " + text);
    }

    private static String figure(double value) {
        return value < 100 ? String.format(Locale.ROOT, "%.1f", value) : String.format(Locale.ROOT, "%.0f", value);
    }
}
