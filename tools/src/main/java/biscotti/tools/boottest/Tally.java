package biscotti.tools.boottest;

import biscotti.tools.test.Totals;
import java.io.PrintStream;
import java.util.Optional;

/** Counts tests and prints a line for each, with the reason of a failure below it. */
final class Tally {
    private final PrintStream out;
    private Totals totals = Totals.NONE;

    /** A tally that prints on {@code out}. */
    Tally(PrintStream out) {
        this.out = out;
    }

    /** Counts a test; it failed if there is a {@code problem}. */
    void check(String name, Optional<String> problem) {
        if (problem.isPresent()) {
            fail(name, problem.get());
        } else {
            out.println("ok    " + name);
            totals = totals.plus(Totals.PASS);
        }
    }

    /** Counts a test that is known to fail, for {@code reason}: as skipped if it does, as failed if it passes. */
    void checkKnown(String name, String reason, Optional<String> problem) {
        if (problem.isPresent()) {
            out.println("known " + name + ": " + reason);
            totals = totals.plus(new Totals(0, 0, 1));
        } else {
            fail(name, "passes, but tests/known-failures says that it fails: " + reason);
        }
    }

    /** Counts a test that failed. */
    void fail(String name, String why) {
        out.println("FAIL  " + name);
        why.lines().forEach(line -> out.println("      " + line));
        totals = totals.plus(Totals.FAIL);
    }

    /** What was counted. */
    Totals totals() {
        return totals;
    }
}
