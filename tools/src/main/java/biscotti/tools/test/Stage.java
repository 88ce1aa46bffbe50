package biscotti.tools.test;

import biscotti.tools.Repository;
import java.io.IOException;
import java.util.List;

/** A kind of tests of {@code biscotti test}: the hosted ones, the shim's checks, those that boot machines. */
public interface Stage {
    /** What the report calls it. */
    String name();

    /** Whether it belongs to {@code biscotti test --quick}: it starts no machine and ends within a few minutes. */
    boolean quick();

    /** What it consists of: in the order in which it is best run, though parts may run at the same time. */
    List<Part> parts(Repository repository) throws IOException;
}
