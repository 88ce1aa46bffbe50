package biscotti.tools.boottest;

import biscotti.tools.Repository;
import biscotti.tools.boot.Collector;
import biscotti.tools.guest.BiscottiGuest;
import biscotti.tools.guest.Guest;
import biscotti.tools.guest.LinuxGuest;
import biscotti.tools.guest.MachineFailure;
import biscotti.tools.guest.TestPrograms;
import biscotti.tools.guest.TestSet;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.machine.MachineOptions.Type;
import biscotti.tools.test.Stage;
import biscotti.tools.test.Totals;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The tests that boot machines: every program of tests/ on 1, 2 and 4 CPUs with G1, ZGC and SerialGC, sessions on the console, machines of all
 * sizes and kinds, the command's own behaviour, and the soak.
 */
public final class BootTests implements Stage {
    /** A kind of machine that all programs run in. */
    private record Configuration(String name, MachineOptions machine) {}

    private static final List<Configuration> CONFIGURATIONS = List.of(
            configuration(2, 1024, Collector.G1, Type.Q35),
            configuration(1, 512, Collector.SERIAL, Type.Q35),
            configuration(4, 1024, Collector.G1, Type.MICROVM),
            configuration(4, 1024, Collector.Z, Type.Q35),
            configuration(1, 1024, Collector.G1, Type.MICROVM),
            configuration(2, 512, Collector.SERIAL, Type.Q35));

    /** The machine that Linux's answers are recorded in. */
    private static final MachineOptions REFERENCE = new MachineOptions(Type.Q35, 2, 1024, 64, Collector.G1);

    private final Duration soak;
    private final String prefix;

    /**
     * All of them.
     *
     * @param soak how long the soak lasts
     * @param prefix only programs and sessions whose names begin so, and then only those; or the name of a section, and then only that
     */
    public BootTests(Duration soak, String prefix) {
        this.soak = soak;
        this.prefix = prefix;
    }

    @Override
    public String name() {
        return "boot";
    }

    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public Totals run(Repository repository, PrintStream out) throws IOException {
        Totals totals = Totals.NONE;
        List<Section> sections = sections(repository);
        if (sections.stream().noneMatch(section -> section.name.equals(prefix))) {
            ProgramTests programs = new ProgramTests(repository, programs(repository));
            for (Configuration configuration : CONFIGURATIONS) {
                out.println("-- programs, " + configuration.name());
                totals = totals.plus(programs.run(configuration.machine(), configuration.name(), out));
            }
            out.println("-- console");
            totals = totals.plus(consoleSessions(repository, out));
        }
        for (Section section : sections) {
            if (prefix.isEmpty() || section.name.equals(prefix)) {
                out.println("-- " + section.name);
                totals = totals.plus(section.tests.run(out));
            }
        }
        return totals;
    }

    /** Tests that are no programs of their own. */
    private interface Tests {
        Totals run(PrintStream out) throws IOException;
    }

    private record Section(String name, Tests tests) {}

    private List<Section> sections(Repository repository) {
        return List.of(
                new Section("machines", new MachineTests(repository)::run),
                new Section("disks", new DiskTests(repository)::run),
                new Section("classes", new ClassTests(repository, REFERENCE)::run),
                new Section("command", new CommandTests(repository)::run),
                new Section("soak", out -> new SoakTest(repository).run(soak, out)));
    }

    private TestSet programs(Repository repository) throws IOException {
        return TestPrograms.of(repository).own().startingWith(prefix);
    }

    /** Asks Linux for everything that is compared with it. */
    public void record(Repository repository, PrintStream out) throws IOException {
        new ProgramTests(repository, programs(repository)).record(REFERENCE, out);
        for (Path file : TestPrograms.of(repository).consoleSessions()) {
            ConsoleSession session = ConsoleSession.read(file);
            if (session.name().startsWith(prefix)) {
                String transcript = hold(repository, session, new LinuxGuest(repository), REFERENCE);
                Files.writeString(transcriptFile(file), transcript, StandardCharsets.ISO_8859_1);
                out.println(session.name() + ": " + transcript.length() + " bytes");
            }
        }
    }

    private Totals consoleSessions(Repository repository, PrintStream out) throws IOException {
        Tally tally = new Tally(out);
        for (Path file : TestPrograms.of(repository).consoleSessions()) {
            ConsoleSession session = ConsoleSession.read(file);
            if (session.name().startsWith(prefix)) {
                try {
                    String transcript = hold(repository, session, new BiscottiGuest(repository), REFERENCE);
                    tally.check(session.name(), difference(file, transcript));
                } catch (MachineFailure e) {
                    tally.fail(session.name(), e.getMessage());
                }
            }
        }
        return tally.totals();
    }

    private static String hold(Repository repository, ConsoleSession session, Guest guest, MachineOptions machine)
            throws IOException {
        Path log = repository.made("log").resolve("console-" + session.name() + "-" + guest.name());
        return session.hold(repository, guest, machine, log);
    }

    private static Optional<String> difference(Path session, String transcript) throws IOException {
        Path file = transcriptFile(session);
        String expected = Files.exists(file)
                ? Files.readString(file, StandardCharsets.ISO_8859_1)
                : "(nothing recorded: biscotti test --record)\n";
        return Difference.between(expected, transcript);
    }

    private static Path transcriptFile(Path session) {
        return session.resolveSibling(session.getFileName().toString().replace(".session", ".transcript"));
    }

    private static Configuration configuration(int cpus, int memory, Collector collector, Type type) {
        String name = (cpus == 1 ? "1 CPU, " : cpus + " CPUs, ") + memory + " MB, " + collector + ", " + type;
        return new Configuration(
                name, new MachineOptions(type, cpus, memory, MachineOptions.defaultHeap(memory), collector));
    }
}
