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
import biscotti.tools.test.Part;
import biscotti.tools.test.Stage;
import biscotti.tools.test.Totals;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
            configuration(1, 512, Collector.SERIAL, Type.MICROVM),
            configuration(4, 1024, Collector.Z, Type.Q35),
            configuration(4, 1024, Collector.G1, Type.MICROVM));

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
    public List<Part> parts(Repository repository) throws IOException {
        List<Part> sections = sections(repository);
        List<Part> wanted = sections.stream()
                .filter(section -> section.name().equals(prefix))
                .toList();
        if (!wanted.isEmpty()) {
            return wanted;
        }
        List<Part> parts = new ArrayList<>();
        ProgramTests programs = new ProgramTests(repository, programs(repository));
        for (Configuration configuration : CONFIGURATIONS) {
            parts.add(new Part(
                    "programs, " + configuration.name(),
                    out -> programs.run(configuration.machine(), configuration.name(), out)));
        }
        parts.add(new Part("console", out -> consoleSessions(repository, out)));
        if (prefix.isEmpty()) {
            parts.addAll(sections);
        }
        return parts;
    }

    private List<Part> sections(Repository repository) {
        return List.of(
                new Part("classes", new ClassTests(repository, REFERENCE)::run),
                new Part("machines", new MachineTests(repository)::run),
                new Part("disks", new DiskTests(repository)::run),
                new Part("command", new CommandTests(repository)::run),
                new Part("soak", out -> new SoakTest(repository).run(soak, out)));
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
