package biscotti.tools.boot;

import java.util.ArrayList;
import java.util.List;

/** The command line of the JVM that is the kernel: every option with its reason, in one place. */
public final class JvmOptions {
    /** Where the boot archive has the kernel's classes. */
    public static final String KERNEL_JAR = "/kernel.jar";

    /** How many frames an exception keeps at most. */
    public static final int STACK_TRACE_FRAMES = 64;

    private static final int YOUNG_MEGABYTES = 8;

    private JvmOptions() {}

    /** Where the boot archive has the options that are the same for every machine. */
    static final String FILE = "/jvm.options";

    /** The arguments of {@code java} up to and including the kernel, for a heap that always has {@code heapMegabytes}. */
    public static List<String> commandLine(int heapMegabytes, List<String> more) {
        List<String> options = new ArrayList<>(List.of("@" + FILE));
        options.addAll(heap(heapMegabytes));
        options.addAll(more);
        options.addAll(List.of("-jar", KERNEL_JAR));
        return options;
    }

    /** The options of a JVM on the host whose heap is as the kernel's. */
    public static List<String> forHost(Collector collector, int heapMegabytes) {
        List<String> options = new ArrayList<>(common(collector));
        options.addAll(heap(heapMegabytes));
        return options;
    }

    /**
     * A heap that neither grows nor shrinks. What may survive of its young generation bounds a pause, so that has
     * {@value #YOUNG_MEGABYTES} MB in a heap of any size. It is full long before the kernel's budget ({@code biscotti.heap}),
     * which then would ask for a collection of the whole heap.
     */
    private static List<String> heap(int megabytes) {
        return List.of("-Xms" + megabytes + "m", "-Xmx" + megabytes + "m", "-Xmn" + YOUNG_MEGABYTES + "m");
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
                // No machine code in the AOT cache: it would be made for the CPU of the host that rehearses, perhaps
                // with AVX-512, and HotSpot does not check whether the machine has the same.
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
                // The last line of defence: should an allocation ever fail, the machine ends with a report on the
                // kernel log, rather than go on with half a system call done.
                "-XX:+CrashOnOutOfMemoryError",
                "-XX:-CreateCoredumpOnCrash",
                // The JIT's code: as much as the kernel needs with room to spare; the rest is the machine's memory.
                "-XX:ReservedCodeCacheSize=48m",
                // Metadata of classes and the profiles of methods: after boot a few MB. A first size below the limit
                // would only make HotSpot collect the whole heap when it is reached.
                "-XX:MetaspaceSize=24m",
                "-XX:MaxMetaspaceSize=24m",
                "-XX:CompressedClassSpaceSize=32m", // addresses only, in steps of HotSpot's own
                // The heap's pages are there from the start: taking one later would stop the thread that touches it.
                "-XX:+AlwaysPreTouch",
                // No thread that listens for tools to attach: there is no socket to listen on.
                "-XX:+DisableAttachMechanism",
                // An exception keeps the frames nearest to it only, so that what it takes of the heap has a bound
                // (biscotti.tools.bounds.cost.MachineLayout).
                "-XX:MaxJavaStackTraceDepth=" + STACK_TRACE_FRAMES,
                // No second class for a method handle that is called often: it would be made in the middle of a system
                // call.
                "-Djava.lang.invoke.MethodHandle.CUSTOMIZE_THRESHOLD=-1",
                // No set of all virtual threads: nobody asks for it, and each thread would cost it an entry.
                "-Djdk.trackAllThreads=false"));
        options.addAll(HeapLayout.of(collector).options());
        return options;
    }
}
