package biscotti.tools.boottest;

import biscotti.tools.Repository;
import biscotti.tools.bounds.Analysis;
import biscotti.tools.bounds.cost.MachineLayout;
import biscotti.tools.guest.BiscottiGuest;
import biscotti.tools.guest.TestPrograms;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.test.Totals;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * After boot nothing that programs do makes HotSpot load or initialise a class, or link a call of a handle; and what the analyser of
 * bounds takes to be initialised by then is.
 */
final class ClassTests {
    /** The line of the kernel log with which boot ends. */
    private static final String BOOTED = "] booted: ";

    /** Has the JDK tell on its standard output which calls of handles it links. */
    private static final String TELL_LINKS = "-Djava.lang.invoke.MethodHandle.TRACE_METHOD_LINKAGE=true";

    /** What tells of a class that is loaded, or initialised, or of a call that is linked. */
    private static final Pattern LATE = Pattern.compile(
            "\\[class,load *\\] (\\S+ source:.*)|\\[class,init *\\] \\d+ (Initializing '[^']+')|(linkMethod [^=].*)");

    private static final Pattern INITIALISED = Pattern.compile("Initializing '([^']+)'");

    /** They come initialised out of the AOT cache, and HotSpot tells nothing of it. */
    private static final Set<String> CACHED = Set.of(
            "java/lang/Integer",
            "java/lang/Throwable",
            "java/util/Collections",
            "java/util/concurrent/ConcurrentHashMap");

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
        BiscottiGuest guest = new BiscottiGuest(repository, "-Xlog:class+load,class+init", TELL_LINKS);
        new SuiteRun(repository, programs.own(), guest, machine, log).run((name, outcome) -> {}, tally::fail);
        String told = Files.readString(log, StandardCharsets.ISO_8859_1);
        int booted = Math.max(0, told.indexOf(BOOTED));
        String late = late(told.substring(booted));
        tally.check(
                "no class is loaded or initialised, and no call linked, after boot",
                late.isEmpty() ? Optional.empty() : Optional.of(late));
        String missing = missing(told.substring(0, booted));
        tally.check(
                "the classes that the bounds take to be initialised at boot are",
                missing.isEmpty() ? Optional.empty() : Optional.of(missing));
        return tally.totals();
    }

    private static String late(String log) {
        return LATE.matcher(log)
                .results()
                .map(MatchResult::group)
                .sorted()
                .distinct()
                .collect(Collectors.joining("\n"));
    }

    /** The classes whose initialisers must run at boot, but those that a log tells of. */
    private String missing(String log) throws IOException {
        Set<String> names =
                new TreeSet<>(Analysis.ofKernel(repository.kernelJar(), MachineLayout.of(machine.collector()))
                        .initialised());
        names.removeAll(CACHED);
        for (Matcher line = INITIALISED.matcher(log); line.find(); ) {
            names.remove(line.group(1));
        }
        return String.join("\n", names);
    }
}
