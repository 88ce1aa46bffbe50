package biscotti.tools.run;

import biscotti.tools.machine.MachineOptions;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say how large a machine is and of what kind. */
public final class SizeOptions {
    private static final int DEFAULT_CPUS = 4;

    @Option(names = "--cpus", paramLabel = "N", description = "number of CPUs (default: the host's, at most 4)")
    private Optional<Integer> cpus = Optional.empty();

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            defaultValue = "1G",
            converter = Megabytes.class,
            description = "the machine's memory, as 512M or 2G (default: ${DEFAULT-VALUE})")
    private int memory;

    @Option(
            names = "--kernel-heap",
            paramLabel = "SIZE",
            defaultValue = "0",
            converter = Megabytes.class,
            description = "the kernel's Java heap, fixed (default: 1/32 of the memory, at least 64M)")
    private int kernelHeap;

    @Mixin
    private CollectorOption gc;

    @Option(
            names = "--machine",
            paramLabel = "q35|microvm",
            defaultValue = "q35",
            description = "the kind of machine (default: ${DEFAULT-VALUE})")
    private MachineOptions.Type type;

    /** The machine that the options ask for. */
    public MachineOptions machine() {
        int count =
                cpus.orElseGet(() -> Math.min(DEFAULT_CPUS, Runtime.getRuntime().availableProcessors()));
        int heap = kernelHeap == 0 ? MachineOptions.defaultHeap(memory) : kernelHeap;
        return new MachineOptions(type, count, memory, heap, gc.collector());
    }
}
