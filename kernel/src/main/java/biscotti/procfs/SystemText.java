package biscotti.procfs;

import biscotti.abi.SystemNames;
import biscotti.block.PageCache;
import biscotti.file.FileSystem;
import biscotti.file.MountTable;
import biscotti.file.tmpfs.TmpFileSystem;
import biscotti.memory.FrameAllocator;
import biscotti.memory.HugePages;
import biscotti.process.ProcessTable;
import biscotti.process.ProcessTimes;
import biscotti.process.Processes;
import biscotti.sched.CpuTimes;
import biscotti.sched.LoadAverage;
import biscotti.sched.Scheduler;
import java.util.concurrent.atomic.AtomicLong;

/** The files of /proc about the system as a whole (proc(5)). */
final class SystemText {
    private static final int KILOBYTES_PER_FRAME = 4;
    private static final int FRAMES_OF_HUGE_PAGE = 512;
    private static final int LABEL_WIDTH = 16;
    private static final int NUMBER_WIDTH = 8;
    private static final int HUNDRED = 100;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_HUNDREDTH = 10_000_000;

    private final PageCache cache;
    private final Processes processes;
    private final Scheduler scheduler;
    private final MountTable mounts;
    private final LoadAverage load;

    SystemText(Processes processes, MountTable mounts, PageCache cache) {
        this.cache = cache;
        this.processes = processes;
        this.scheduler = processes.scheduler();
        this.mounts = mounts;
        this.load = processes.loadAverage();
        load.start();
    }

    /** /proc/meminfo: the memory that belongs to programs and files; what the Java machine has is not in it. */
    long meminfo(TextWindow out) {
        FrameAllocator frames = processes.frames();
        long files = 0;
        for (int id = mounts.next(0); id >= 0; id = mounts.next(id + 1)) {
            FileSystem fileSystem = mounts.get(id).fileSystem();
            boolean whole = mounts.get(id).root() == fileSystem.root();
            files += whole && fileSystem instanceof TmpFileSystem tmpfs ? tmpfs.usedFrames() : 0;
        }
        kilobytes(out, "MemTotal", frames.totalFrames());
        kilobytes(out, "MemFree", frames.freeFrames());
        long pages = cache.pages();
        long dirty = cache.dirtyPages();
        kilobytes(out, "MemAvailable", frames.freeFrames() + pages - dirty);
        kilobytes(out, "Buffers", 0);
        kilobytes(out, "Cached", files + pages);
        kilobytes(out, "SwapCached", 0);
        kilobytes(out, "Active", 0);
        kilobytes(out, "Inactive", 0);
        kilobytes(out, "SwapTotal", 0);
        kilobytes(out, "SwapFree", 0);
        kilobytes(out, "Dirty", dirty);
        kilobytes(out, "Writeback", 0);
        kilobytes(out, "Shmem", files);
        kilobytes(out, "Slab", 0);
        kilobytes(out, "SReclaimable", 0);
        kilobytes(out, "SUnreclaim", 0);
        kilobytes(out, "CommitLimit", frames.commitment().limit());
        kilobytes(out, "Committed_AS", frames.commitment().pages());
        kilobytes(out, "AnonHugePages", processes.spaces().hugePages().mapped() * FRAMES_OF_HUGE_PAGE);
        return Text.END;
    }

    /** /proc/vmstat: what is counted of it. */
    long vmstat(TextWindow out) {
        out.append("nr_free_pages ").append(processes.frames().freeFrames());
        HugePages huge = processes.spaces().hugePages();
        out.append("\nnr_anon_transparent_hugepages ").append(huge.mapped());
        out.append("\nthp_fault_alloc ").append(huge.allocated());
        out.append("\nthp_fault_fallback ").append(huge.fallbacks());
        out.append("\nthp_split_pmd ").append(huge.splits());
        out.append("\npgpgin 0\npgpgout 0\npswpin 0\npswpout 0\n");
        return Text.END;
    }

    /** /proc/swaps: there are none. */
    static long swaps(TextWindow out) {
        out.append("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
        return Text.END;
    }

    /** /proc/devices: the kinds of devices by their first number. */
    static long devices(TextWindow out) {
        out.append(
                "Character devices:\n  1 mem\n  4 ttyS\n  5 /dev/tty\n  5 /dev/console\n  5 /dev/ptmx\n136 pts\n\nBlock devices:\n  8 sd\n254 virtblk\n259 blkext\n");
        return Text.END;
    }

    /** /proc/consoles: the serial line, which is written and enabled, and what /dev/console means. */
    static long consoles(TextWindow out) {
        out.append("ttyS0                -W- (EC    )    4:64\n");
        return Text.END;
    }

    private static void kilobytes(TextWindow out, String name, long frames) {
        out.left(name + ":", LABEL_WIDTH)
                .right(frames * KILOBYTES_PER_FRAME, NUMBER_WIDTH)
                .append(" kB\n");
    }

    private int cpus() {
        return Math.min(scheduler.cpuCount(), Long.SIZE); // sets of CPUs are bits of a long
    }

    /** /proc/stat. */
    long stat(TextWindow out) {
        long user = 0;
        long system = 0;
        long idle = 0;
        for (int cpu = 0; cpu < cpus(); cpu++) {
            CpuTimes times = scheduler.times(cpu);
            user += times.userNanos();
            system += times.systemNanos();
            idle += times.idleNanos();
        }
        cpu(out.append("cpu "), user, system, idle);
        for (int cpu = 0; cpu < cpus(); cpu++) {
            CpuTimes times = scheduler.times(cpu);
            cpu(out.append("cpu").append(cpu), times.userNanos(), times.systemNanos(), times.idleNanos());
        }
        ProcessTable table = processes.table();
        out.append("intr ")
                .append(scheduler.interrupts().count())
                .append("\nctxt ")
                .append(switches())
                .append("\nbtime ")
                .append(processes.wallClock().baseNanos() / NANOS_PER_SECOND);
        out.append("\nprocesses ").append(table.forks());
        out.append("\nprocs_running ").append(Math.max(1, scheduler.runnableCount()));
        out.append("\nprocs_blocked 0\n");
        return Text.END;
    }

    /** How often threads of the processes that live have been switched. */
    private long switches() {
        AtomicLong sum = new AtomicLong();
        processes.table().forEach(process -> {
            ProcessTimes.Usage usage = process.times().total();
            sum.addAndGet(usage.voluntarySwitches() + usage.involuntarySwitches());
        });
        return sum.get();
    }

    private static void cpu(TextWindow out, long user, long system, long idle) {
        out.append(' ').append(ProcessStat.ticks(user)).append(" 0 ");
        out.append(ProcessStat.ticks(system))
                .append(' ')
                .append(ProcessStat.ticks(idle))
                .append(" 0 0 0 0 0 0\n");
    }

    /** /proc/uptime: seconds since boot, and the idle seconds of all CPUs. */
    long uptime(TextWindow out) {
        long idle = 0;
        for (int cpu = 0; cpu < cpus(); cpu++) {
            idle += scheduler.times(cpu).idleNanos();
        }
        seconds(out, processes.now());
        out.append(' ');
        seconds(out, idle);
        out.append('\n');
        return Text.END;
    }

    private static void seconds(TextWindow out, long nanos) {
        out.append(nanos / NANOS_PER_SECOND).append('.').digits(nanos % NANOS_PER_SECOND / NANOS_PER_HUNDREDTH, 2);
    }

    /** /proc/loadavg. */
    long loadAverage(TextWindow out) {
        for (int i = 0; i < LoadAverage.COUNT; i++) {
            long hundredths = load.scaled(i, HUNDRED);
            out.append(hundredths / HUNDRED)
                    .append('.')
                    .digits(hundredths % HUNDRED, 2)
                    .append(' ');
        }
        ProcessTable table = processes.table();
        out.append(Math.max(1, scheduler.runnableCount())).append('/').append(scheduler.threadCount());
        out.append(' ').append(table.lastNumber()).append('\n');
        return Text.END;
    }

    /** /proc/cpuinfo: what programs look for in it; a record for each CPU. */
    long cpuinfo(long cpu, TextWindow out) {
        out.append("processor\t: ").append(cpu);
        out.append("\n"
                + "vendor_id\t: unknown\n"
                + "cpu family\t: 6\n"
                + "model\t\t: 0\n"
                + "model name\t: x86-64\n"
                + "stepping\t: 0\n"
                + "cpu MHz\t\t: ");
        long kilohertz = cyclesPerSecond() / 1000;
        out.append(kilohertz / 1000).append('.').digits(kilohertz % 1000, 3);
        out.append("\ncpu cores\t: 1\nflags\t\t: fpu tsc msr pae cx8 apic sep cmov mmx fxsr sse sse2 syscall nx lm\n");
        out.append("address sizes\t: 48 bits physical, 48 bits virtual\n\n");
        return cpu + 1 < scheduler.cpuCount() ? cpu + 1 : Text.END;
    }

    /** The multiplier is nanoseconds of a cycle, with 32 bits behind the point. */
    private long cyclesPerSecond() {
        long multiplier = processes.machine().clock().tscMultiplier();
        return multiplier == 0 ? 0 : (long) (NANOS_PER_SECOND * (double) (1L << Integer.SIZE) / multiplier);
    }

    /** /proc/version. */
    static long version(TextWindow out) {
        out.append(SystemNames.SYSTEM).append(" version ").append(SystemNames.RELEASE);
        out.append(" (biscotti) (Java ").append(Runtime.version().feature()).append(") ");
        out.append(SystemNames.VERSION).append('\n');
        return Text.END;
    }
}
