package biscotti.tools.boottest;

import biscotti.tools.Repository;
import biscotti.tools.boot.Collector;
import biscotti.tools.guest.TestPrograms;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.machine.MachineOptions.Type;
import biscotti.tools.test.Part;
import biscotti.tools.test.Stage;
import biscotti.tools.test.Totals;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** Unmodified programs of Debian's packages, tried by the scripts of tests/debian: all in one machine. */
public final class DebianTests implements Stage {
    /** The root, in memory, takes most of it. */
    private static final int MEGABYTES = 3072;

    private static final MachineOptions MACHINE =
            new MachineOptions(Type.Q35, 2, MEGABYTES, MachineOptions.defaultHeap(MEGABYTES), Collector.G1);

    private final String prefix;

    /** The scripts whose names begin with {@code prefix}. */
    public DebianTests(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public String name() {
        return "debian";
    }

    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public List<Part> parts(Repository repository) {
        return List.of(new Part("", out -> run(repository, out)));
    }

    private Totals run(Repository repository, PrintStream out) throws IOException {
        return tests(repository).run(MACHINE, name(), out);
    }

    /** Asks Linux what the programs print. */
    public void record(Repository repository, PrintStream out) throws IOException {
        tests(repository).record(MACHINE, out);
    }

    private ProgramTests tests(Repository repository) throws IOException {
        return new ProgramTests(repository, TestPrograms.of(repository).debian().startingWith(prefix));
    }
}
