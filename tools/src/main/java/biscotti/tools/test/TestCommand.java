package biscotti.tools.test;

import biscotti.tools.Repository;
import biscotti.tools.ToolFailure;
import biscotti.tools.boottest.BootTests;
import biscotti.tools.boottest.DebianTests;
import biscotti.tools.boottest.HogTest;
import biscotti.tools.boottest.RandomCallTest;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code biscotti test}: every test of the repository, or the quick ones. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = {
            "Runs every test: the hosted ones with the build's static checks, the shim's checks,",
            "and those that boot machines. Exits with 1 if one fails."
        })
public final class TestCommand implements Callable<Integer> {
    /** How long each kind of hog runs. */
    private static final int HOG_SECONDS = 5;

    /** So many machines run at the same time, however many processors the host has: they need memory, too. */
    private static final int MOST_MACHINES = 4;

    /** In the order in which they run: what is quick and most likely to fail comes first. */
    private List<Stage> stages() {
        return List.of(
                new HostedTests(),
                new ShimCheck(),
                new BootTests(Duration.ofSeconds(soak), boot),
                new DebianTests(boot),
                new RandomCallTest(calls),
                new HogTest(HOG_SECONDS));
    }

    @Option(names = "--quick", description = "only the tests that boot no machine")
    private boolean quick;

    @Option(
            names = "--only",
            paramLabel = "STAGE",
            description = "only the stage of this name: hosted, shim, boot, debian, random, hogs")
    private String only = "";

    @Option(
            names = "--boot",
            paramLabel = "PREFIX",
            description = {
                "only the tests of tests/programs, tests/scripts, tests/console and tests/debian",
                "with such names; or one of machines, disks, classes, command, soak"
            })
    private String boot = "";

    @Option(
            names = "--soak",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "how long the soak lasts (default: ${DEFAULT-VALUE})")
    private int soak;

    @Option(
            names = "--calls",
            paramLabel = "N",
            defaultValue = "60000",
            description = "how many random system calls are made on each collector (default: ${DEFAULT-VALUE})")
    private long calls;

    @Option(
            names = "--stalls",
            paramLabel = "SEED",
            description = "stop the machines for moments at random, as an overloaded host does")
    private Optional<Long> stalls = Optional.empty();

    @Option(
            names = "--record",
            description =
                    "run nothing but the boot tests' programs on Linux, and keep their output as what is expected")
    private boolean record;

    @Override
    public Integer call() throws IOException {
        Repository repository = Repository.current();
        if (record) {
            if (!only.equals("debian")) {
                new BootTests(Duration.ZERO, boot).record(repository, System.out);
            }
            if (!only.equals("boot")) {
                new DebianTests(boot).record(repository, System.out);
            }
            return 0;
        }
        List<Stage> stages = stages().stream()
                .filter(stage -> !quick || stage.quick())
                .filter(stage -> only.isEmpty() || stage.name().equals(only))
                .filter(stage -> boot.isEmpty()
                        || stage.name().equals("boot")
                        || stage.name().equals("debian"))
                .toList();
        if (stages.isEmpty()) {
            throw new ToolFailure("--only " + only + ": no stage of that name");
        }
        Totals all = runWithStalls(stages, repository);
        System.out.println();
        System.out.println(all);
        return all.failed() == 0 && all.passed() > 0 ? 0 : 1;
    }

    private Totals runWithStalls(List<Stage> stages, Repository repository) throws IOException {
        if (stalls.isEmpty()) {
            return run(stages, repository);
        }
        try (Stalls _ = new Stalls(stalls.get())) {
            return run(stages, repository);
        }
    }

    /** The quick ones first, one after another; then machines side by side: an emulated one has one of the host's processors. */
    private static Totals run(List<Stage> stages, Repository repository) throws IOException {
        List<Part.Tests> quick = new ArrayList<>();
        List<Part.Tests> machines = new ArrayList<>();
        for (Stage stage : stages) {
            for (Part part : stage.parts(repository)) {
                (stage.quick() ? quick : machines).add(out -> run(stage, part, out));
            }
        }
        int lanes = Math.min(Runtime.getRuntime().availableProcessors(), MOST_MACHINES);
        Totals first = new SideBySide(1, System.out).run(quick);
        return first.plus(new SideBySide(lanes, System.out).run(machines));
    }

    private static Totals run(Stage stage, Part part, PrintStream out) throws IOException {
        String title = "== " + stage.name() + (part.name().isEmpty() ? "" : ", " + part.name());
        out.println(title);
        long start = System.nanoTime();
        Totals totals = part.tests().run(out);
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        out.println(title + ": " + totals + " in " + time.toSeconds() + " s");
        return totals;
    }
}
