package biscotti.tools.test;

import java.io.IOException;
import java.io.PrintStream;

/**
 * Tests of a stage that need nothing of the others of it: machines of their own.
 *
 * @param name what the report calls them; empty if they are all that the stage has
 * @param tests runs them
 */
public record Part(String name, Tests tests) {
    /** Runs some tests. */
    public interface Tests {
        /** Prints a line for each test or group as it ends, and what is needed to understand a failure; a failing test is counted, not thrown. */
        Totals run(PrintStream out) throws IOException;
    }
}
