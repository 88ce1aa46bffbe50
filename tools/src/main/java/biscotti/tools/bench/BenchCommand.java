package biscotti.tools.bench;

import biscotti.tools.Repository;
import biscotti.tools.ToolFailure;
import biscotti.tools.boot.Collector;
import biscotti.tools.guest.BiscottiGuest;
import biscotti.tools.guest.LinuxGuest;
import biscotti.tools.run.CollectorOption;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code biscotti bench}: what things cost, with Linux beside it in the same QEMU with the same options and programs. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures this kernel and Debian's Linux kernel in the same machine with the same",
            "programs: boot (time to the shell, memory, idling), syscall (getpid, faults, futexes,",
            "pipes; time and instructions), process (processes, threads, signals, mappings, events,",
            "on 1, 2 and 4 CPUs), safepoint (how fast the kernel's JVM stops),",
            "hogs (programs that behave beside one that takes all it can get),",
            "collector (all garbage collectors of the kernel's heap),",
            "heap (what reserving the kernel's heap costs).",
            "'syscall-linux' prints Linux's figures alone."
        })
public final class BenchCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "WHAT",
            arity = "1..*",
            description = "boot, syscall, process, safepoint, hogs, collector, heap")
    private List<String> what = List.of();

    @Mixin
    private CollectorOption gc;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "hogs: how long each kind runs (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--kind", paramLabel = "KIND", description = "hogs, process: only this kind; repeatable")
    private List<String> kinds = List.of();

    @Option(names = "--cpus", paramLabel = "N", description = "process: only with so many CPUs; repeatable")
    private List<Integer> cpus = List.of();

    @Override
    public Integer call() throws IOException {
        Repository repository = Repository.current();
        BenchMachine machine = new BenchMachine(repository);
        BiscottiGuest biscotti = new BiscottiGuest(repository);
        LinuxGuest linux = new LinuxGuest(repository);
        Table table = new Table(System.out);
        Collector collector = gc.collector();
        for (String name : what) {
            switch (name) {
                case "boot" -> new BootBench(machine, biscotti, linux).run(collector, table);
                case "syscall" -> new SystemCallBench(machine, biscotti, linux).run(collector, table);
                case "syscall-linux" -> new SystemCallBench(machine, linux, linux).run(collector, table);
                case "process" -> new ProcessBench(machine, biscotti, linux, kinds, cpus).run(collector, table);
                case "safepoint" -> new SafepointBench(repository, machine).run(collector, table);
                case "hogs" -> new HogBench(repository, seconds, kinds).run(collector, table);
                case "collector" -> new CollectorBench(repository, machine, System.out).run();
                case "heap" -> new HeapBench(machine, biscotti).run(collector, table);
                default ->
                    throw new ToolFailure("bench " + name
                            + ": there are boot, syscall, process, safepoint, hogs, collector and heap");
            }
        }
        return 0;
    }
}
