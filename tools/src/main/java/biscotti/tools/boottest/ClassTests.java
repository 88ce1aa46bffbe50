package biscotti.tools.boottest;

import biscotti.tools.Repository;
import biscotti.tools.guest.BiscottiGuest;
import biscotti.tools.guest.TestPrograms;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.test.Totals;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * After boot nothing that programs do makes HotSpot load or initialise a class; what remains, and why, stands in tests/late-classes.
 */
final class ClassTests {
    /** The line of the kernel log with which boot ends. */
    private static final String BOOTED = "] booted: ";

    /** HotSpot's log of a class that is loaded, or initialised. */
    private static final Pattern CLASS =
            Pattern.compile("\\[class,load *\\] (\\S+) source:|\\[class,init *\\] \\d+ Initializing '([^']+)'");

    private final Repository repository;
    private final MachineOptions machine;

    /** Tests of the kernel in {@code repository} in a machine. */
    ClassTests(Repository repository, MachineOptions machine) {
        this.repository = repository;
        this.machine = machine;
    }

    /** Runs all programs and scripts in one machine, and looks at its log. */
    Totals run(PrintStream out) throws IOException {
        Tally tally = new Tally(out);
        TestPrograms programs = TestPrograms.of(repository);
        Path log = repository.made("log").resolve("classes");
        BiscottiGuest guest = new BiscottiGuest(repository, "-Xlog:class+load,class+init");
        new SuiteRun(repository, programs.own(), guest, machine, log).run((name, outcome) -> {}, tally::fail);
        Set<String> late = late(Files.readString(log, StandardCharsets.ISO_8859_1));
        List<String> known = programs.lateClasses();
        late.removeIf(name -> known.stream().anyMatch(name::startsWith));
        tally.check(
                "no class is loaded or initialised after boot",
                late.isEmpty() ? Optional.empty() : Optional.of(late.stream().collect(Collectors.joining("\n"))));
        return tally.totals();
    }

    private static Set<String> late(String log) {
        Set<String> names = new TreeSet<>();
        for (Matcher line = CLASS.matcher(log.substring(Math.max(0, log.indexOf(BOOTED)))); line.find(); ) {
            names.add(line.group(1) == null ? line.group(2).replace('/', '.') : line.group(1));
        }
        return names;
    }
}
