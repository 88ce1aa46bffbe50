package biscotti.tools.test;

import biscotti.tools.Repository;
import java.io.IOException;
import java.io.PrintStream;

/** A kind of tests that {@code biscotti test} runs as a whole: the hosted ones, the shim's checks, those that boot machines. */
public interface Stage {
    /** What the report calls it. */
    String name();

    /** Whether it belongs to {@code biscotti test --quick}: it starts no machine and ends within a few minutes. */
    boolean quick();

    /**
     * Runs all its tests. Prints a line for each test or group as it ends, and what is needed to understand a failure; a
     * failing test is counted, not thrown.
     */
    Totals run(Repository repository, PrintStream out) throws IOException;
}
