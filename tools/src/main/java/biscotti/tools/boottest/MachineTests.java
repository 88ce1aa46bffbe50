package biscotti.tools.boottest;

import biscotti.tools.HostProgram;
import biscotti.tools.Repository;
import biscotti.tools.archive.FileTree;
import biscotti.tools.boot.Collector;
import biscotti.tools.guest.BiscottiGuest;
import biscotti.tools.guest.Guest;
import biscotti.tools.guest.GuestMachine;
import biscotti.tools.guest.MachineFailure;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.machine.MachineOptions.Type;
import biscotti.tools.machine.Qemu;
import biscotti.tools.test.Totals;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Machines of all sizes and kinds boot and use all the memory and CPUs they have; idle ones leave the host in peace. */
final class MachineTests {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** What the boot archive may take of the memory. */
    private static final int ARCHIVE_MEGABYTES = 64;

    /** What the kernel's tables of frames may take of the memory, as a divisor. */
    private static final int TABLES_SHARE = 128;

    /** The host CPU time that an idle machine may use: a tenth of one CPU. */
    private static final double IDLE_SHARE = 0.1;

    private final Repository repository;

    /** Tests of the kernel in {@code repository}. */
    MachineTests(Repository repository) {
        this.repository = repository;
    }

    /** Runs them. */
    Totals run(PrintStream out) throws IOException {
        Tally tally = new Tally(out);
        for (Type type : Type.values()) {
            for (int memory : new int[] {512, 2048, 8192}) {
                MachineOptions machine =
                        new MachineOptions(type, 2, memory, MachineOptions.defaultHeap(memory), Collector.G1);
                String name = type + " with " + memory + " MB boots and shows them to programs";
                check(tally, name, machine, sizesShown(machine));
            }
        }
        MachineOptions large = new MachineOptions(Type.Q35, 8, 1024, 64, Collector.Z);
        check(tally, "a machine with 8 CPUs and ZGC boots", large, sizesShown(large));
        bootsFromDisc(tally);
        idles(tally);
        return tally.totals();
    }

    /** A test of a running machine: what is wrong with it, if anything. */
    @FunctionalInterface
    private interface Trial {
        Optional<String> tryOut(GuestMachine machine) throws IOException;
    }

    private void check(Tally tally, String name, MachineOptions options, Trial trial) throws IOException {
        List<String> command = List.of("/bin/busybox", "sh");
        GuestMachine.Start start =
                new GuestMachine.Start(new BiscottiGuest(repository), options, new FileTree(), true, command);
        Path log = repository.made("log").resolve("machine-" + name);
        try (GuestMachine machine = GuestMachine.start(repository, start, log)) {
            machine.awaitText("# ", PATIENCE);
            tally.check(name, trial.tryOut(machine));
        } catch (MachineFailure e) {
            tally.fail(name, e.getMessage());
        }
    }

    private static Trial sizesShown(MachineOptions options) {
        return machine -> {
            machine.type("grep -c ^processor /proc/cpuinfo; grep MemTotal /proc/meminfo; echo the''end\r");
            String shown = machine.awaitText("theend\r\n", PATIENCE);
            long total = shown.lines()
                    .filter(line -> line.startsWith("MemTotal"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
            long wanted = (options.memoryMegabytes()
                            - options.jvmMegabytes()
                            - ARCHIVE_MEGABYTES
                            - options.memoryMegabytes() / TABLES_SHARE)
                    * 1024L;
            boolean cpus = shown.lines().anyMatch(line -> line.strip().equals(Integer.toString(options.cpus())));
            return total >= wanted && cpus
                    ? Optional.empty()
                    : Optional.of("wanted " + options.cpus() + " CPUs and " + wanted + " kB at least, got:\n" + shown);
        };
    }

    /** What GRUB boots by Multiboot2: the CD of {@code biscotti image iso}, made as a user makes it. */
    private record Disc(Repository repository) implements Guest {
        @Override
        public String name() {
            return "Biscotti from a CD";
        }

        @Override
        public Qemu.Boot prepare(
                MachineOptions machine, FileTree additions, boolean tty, List<String> command, Path directory)
                throws IOException {
            Path image = directory.resolve("disc.iso");
            List<String> line = new ArrayList<>();
            line.add(repository.home().resolve("biscotti").toString());
            line.addAll(List.of("image", "iso", "-o", image.toString(), "--"));
            line.addAll(command);
            HostProgram.of(line).output();
            return new Qemu.Boot.Disc(image);
        }
    }

    private void bootsFromDisc(Tally tally) throws IOException {
        String name = "GRUB boots a CD, which runs its command";
        MachineOptions options = new MachineOptions(Type.Q35, 2, 1024, 64, Collector.G1);
        List<String> command = List.of("/bin/busybox", "sh", "-c", "echo on $(nproc) CPUs; exit 5");
        GuestMachine.Start start =
                new GuestMachine.Start(new Disc(repository), options, new FileTree(), false, command);
        try (GuestMachine machine =
                GuestMachine.start(repository, start, repository.made("log").resolve("machine-" + name))) {
            int status = machine.awaitExit(PATIENCE);
            boolean good = status == 5 && machine.output().contains("on 2 CPUs");
            tally.check(name, good ? Optional.empty() : Optional.of("exit status " + status + "\n" + machine.output()));
        } catch (MachineFailure e) {
            tally.fail(name, e.getMessage());
        }
    }

    private void idles(Tally tally) throws IOException {
        MachineOptions options = new MachineOptions(Type.Q35, 4, 1024, 64, Collector.G1);
        check(tally, "an idle machine of 4 CPUs does not keep the host busy", options, machine -> {
            double share = idleShare(machine);
            return share <= IDLE_SHARE
                    ? Optional.empty()
                    : Optional.of("QEMU uses " + Math.round(share * 100) + " % of a host CPU");
        });
    }

    /** The part of one host CPU that a machine uses which has nothing to do: over ten seconds, after five to calm down. */
    static double idleShare(GuestMachine machine) {
        pause(Duration.ofSeconds(5));
        long cpu = machine.hostCpuTime().toMillis();
        long time = machine.sinceStart().toMillis();
        pause(Duration.ofSeconds(10));
        return (machine.hostCpuTime().toMillis() - cpu)
                / (double) (machine.sinceStart().toMillis() - time);
    }

    /** The passing of time is what is measured here; nothing is waited for. */
    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
