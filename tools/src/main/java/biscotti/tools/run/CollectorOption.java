package biscotti.tools.run;

import biscotti.tools.boot.Collector;
import picocli.CommandLine.Option;

/** The option that chooses a garbage collector. */
public final class CollectorOption {
    @Option(
            names = "--gc",
            paramLabel = "z|g1|serial",
            defaultValue = Collector.DEFAULT,
            description = "the garbage collector of the kernel's heap (default: ${DEFAULT-VALUE})")
    private Collector collector;

    /** What it says. */
    public Collector collector() {
        return collector;
    }
}
