package biscotti.tools.boot;

import java.util.ArrayList;
import java.util.List;

/** The command line of the JVM that is the kernel: every option with its reason, in one place. */
public final class JvmOptions {
    /** Where the boot archive has the kernel's classes. */
    public static final String KERNEL_JAR = "/kernel.jar";

    private JvmOptions() {}

    /** Where the boot archive has the options that are the same for every machine. */
    static final String FILE = "/jvm.options";

    /** The arguments of {@code java} up to and including the kernel, for a heap that always has {@code heapMegabytes}. */
    public static List<String> commandLine(int heapMegabytes, List<String> more) {
        List<String> options =
                new ArrayList<>(List.of("@" + FILE, "-Xms" + heapMegabytes + "m", "-Xmx" + heapMegabytes + "m"));
        options.addAll(more);
        options.addAll(List.of("-jar", KERNEL_JAR));
        return options;
    }

    /** The options of {@link #FILE}: the collector's, those of {@code cache}, and what all have. */
    static List<String> file(Collector collector, ClassCache cache) {
        List<String> options = new ArrayList<>(common(collector));
        options.addAll(cache.options());
        return options;
    }

    /** The options that do not depend on the machine's size; also those of the rehearsal, for HotSpot compares them. */
    static List<String> common(Collector collector) {
        List<String> options = new ArrayList<>(List.of(
                collector.option(),
                // No machine code in the AOT cache: it would be made for the CPU of the host that rehearses, with
                // AVX-512
                // perhaps, and HotSpot does not check whether the machine has the same.
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-AOTAdapterCaching",
                "-XX:-AOTStubCaching",
                // HotSpot counts the classes that it loads and initialises, but in no file /tmp/hsperfdata_*: the JVM's
                // file system is read-only.
                "-XX:+UsePerfData",
                "-XX:+PerfDisableSharedMem",
                // There are no control groups to ask about memory and CPUs.
                "-XX:-UseContainerSupport",
                // A fatal error is reported on the kernel log, not in a file hs_err_pid*.log.
                "-XX:+ErrorFileToStdout",
                // The JIT's code: as much as the kernel needs with room to spare; the rest is the machine's memory.
                "-XX:ReservedCodeCacheSize=48m",
                // Metadata of classes and the profiles of methods: after boot a few MB. A first size below the limit
                // would only make HotSpot collect the whole heap when it is reached.
                "-XX:MetaspaceSize=24m",
                "-XX:MaxMetaspaceSize=24m",
                "-XX:CompressedClassSpaceSize=16m",
                // The heap's pages are there from the start: taking one later would stop the thread that touches it.
                "-XX:+AlwaysPreTouch",
                // No thread that listens for tools to attach: there is no socket to listen on.
                "-XX:+DisableAttachMechanism",
                // No set of all virtual threads: nobody asks for it, and each thread would cost it an entry.
                "-Djdk.trackAllThreads=false"));
        options.addAll(HeapLayout.of(collector).options());
        return options;
    }
}
