package biscotti.tools.boottest;

import biscotti.tools.Repository;
import biscotti.tools.boot.Collector;
import biscotti.tools.hogs.HogExperiment;
import biscotti.tools.hogs.HogResult;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.machine.MachineOptions.Type;
import biscotti.tools.test.Part;
import biscotti.tools.test.Stage;
import biscotti.tools.test.Totals;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** Programs that take all the kernel has: the kernel lives, and programs that behave go on. */
public final class HogTest implements Stage {
    private static final MachineOptions MACHINE = new MachineOptions(Type.Q35, 2, 512, 64, Collector.G1);

    private final int seconds;

    /** So many seconds for each kind of hog. */
    public HogTest(int seconds) {
        this.seconds = seconds;
    }

    @Override
    public String name() {
        return "hogs";
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
        Tally tally = new Tally(out);
        new HogExperiment(repository, MACHINE, seconds).run(HogExperiment.KINDS, new HogExperiment.Listener() {
            @Override
            public void ended(HogResult result, Optional<String> problem) {
                tally.check(result.toString(), problem);
            }

            @Override
            public void died(String kind, String why) {
                tally.fail("hog " + kind, why);
            }
        });
        return tally.totals();
    }
}
