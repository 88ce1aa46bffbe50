package biscotti.procfs;

import biscotti.file.Identity;
import biscotti.machine.BootInformation;
import biscotti.machine.PhysicalMemory;
import biscotti.machine.PhysicalRange;
import biscotti.memory.FrameAllocator;
import biscotti.process.Processes;
import biscotti.sched.CpuTimes;
import biscotti.sched.Interrupts;
import biscotti.sched.Scheduler;

/** Files of /proc about the machine's interrupts, CPUs and physical memory (proc(5)). */
final class MachineText {
    private static final int ORDERS = 11;
    private static final int BLOCK_ORDER = 9;
    private static final int BLOCK_FRAMES = FrameAllocator.BLOCK_SIZE >>> PhysicalMemory.FRAME_SHIFT;
    private static final int COUNT_WIDTH = 10;
    private static final int ADDRESS_DIGITS = 8;
    private static final String[] SOFT_INTERRUPTS = {
        "HI", "TIMER", "NET_TX", "NET_RX", "BLOCK", "IRQ_POLL", "TASKLET", "SCHED", "HRTIMER", "RCU"
    };

    private final Scheduler scheduler;
    private final FrameAllocator frames;
    private final BootInformation boot;

    MachineText(Processes processes) {
        this.scheduler = processes.scheduler();
        this.frames = processes.frames();
        this.boot = processes.machine().boot();
    }

    /** Adds them to /proc. */
    void addTo(ProcFileSystem proc, FixedDirectory root) {
        proc.file(root, "interrupts", (reader, record, out) -> interrupts(record, out));
        proc.file(root, "softirqs", (reader, record, out) -> softInterrupts(out));
        proc.file(root, "schedstat", (reader, record, out) -> schedulerStatistics(out));
        proc.file(root, "buddyinfo", (reader, record, out) -> freeBlocks(out));
        proc.file(root, "zoneinfo", (reader, record, out) -> zone(out));
        proc.file(
                root,
                "iomem",
                (reader, record, out) -> memoryMap(record, reader.identity().has(Identity.CAP_SYS_ADMIN), out));
        proc.file(
                root,
                "ioports",
                (reader, record, out) -> ports(reader.identity().has(Identity.CAP_SYS_ADMIN), out));
    }

    private void processors(TextWindow out, int before) {
        out.repeat(' ', before);
        for (int cpu = 0; cpu < scheduler.cpuCount(); cpu++) {
            out.left("CPU" + cpu, COUNT_WIDTH).append(' ');
        }
        out.append('\n');
    }

    /** A record for each pending bit that a driver serves: how often each CPU has found it set. */
    private long interrupts(long bit, TextWindow out) {
        Interrupts interrupts = scheduler.interrupts();
        int number = (int) bit;
        if (number == 0) {
            processors(out, 11);
        }
        if (interrupts.handler(number).isEmpty()) {
            return Text.END;
        }
        out.right(number, 3).append(':');
        for (int cpu = 0; cpu < scheduler.cpuCount(); cpu++) {
            out.append(' ').right(interrupts.count(cpu, number), COUNT_WIDTH);
        }
        out.append("   pending  ").append(interrupts.handler(number).get()).append('\n');
        return bit + 1;
    }

    /** There are none: drivers' threads do all work. */
    private long softInterrupts(TextWindow out) {
        processors(out, 20);
        for (String kind : SOFT_INTERRUPTS) {
            out.right(kind, 12).append(':');
            for (int cpu = 0; cpu < scheduler.cpuCount(); cpu++) {
                out.append(' ').right(0, COUNT_WIDTH);
            }
            out.append('\n');
        }
        return Text.END;
    }

    /** Of each CPU's nine figures, the seventh is counted: how long threads ran on it, in nanoseconds. */
    private long schedulerStatistics(TextWindow out) {
        out.append("version 15\ntimestamp ").append(scheduler.now() / 1_000_000).append('\n');
        for (int cpu = 0; cpu < scheduler.cpuCount(); cpu++) {
            CpuTimes times = scheduler.times(cpu);
            out.append("cpu").append(cpu).append(" 0 0 0 0 0 0 ");
            out.append(times.userNanos() + times.systemNanos()).append(" 0 0\n");
        }
        return Text.END;
    }

    /** Free frames by the power of two in which they hang together: only single ones and blocks of 2 MB are told apart. */
    private long freeBlocks(TextWindow out) {
        long blocks = frames.freeBlocks();
        out.append("Node 0, zone   Normal ");
        for (int order = 0; order < ORDERS; order++) {
            long free = order == 0 ? Math.max(0, frames.freeFrames() - blocks * BLOCK_FRAMES) : 0;
            out.right(order == BLOCK_ORDER ? blocks : free, 6).append(' ');
        }
        out.append('\n');
        return Text.END;
    }

    private long zone(TextWindow out) {
        long low = frames.lowFrames();
        out.append("Node 0, zone   Normal\n  pages free     ").append(frames.freeFrames());
        out.append("\n        boost    0\n        min      ").append(low);
        out.append("\n        low      ")
                .append(low)
                .append("\n        high     ")
                .append(low);
        out.append("\n        spanned  ").append(spanned());
        out.append("\n        present  ").append(present());
        out.append("\n        managed  ").append(frames.totalFrames());
        out.append("\n        cma      0\n        protection: (0)\n      nr_free_pages ")
                .append(frames.freeFrames());
        out.append("\n  node_unreclaimable:  0\n  start_pfn:           ").append(first());
        out.append('\n');
        return Text.END;
    }

    private long first() {
        return boot.frames().get(0).start() >>> PhysicalMemory.FRAME_SHIFT;
    }

    private long spanned() {
        return (boot.frames().get(boot.frames().size() - 1).end() >>> PhysicalMemory.FRAME_SHIFT) - first();
    }

    private long present() {
        long sum = 0;
        for (int i = 0; i < boot.frames().size(); i++) {
            sum += boot.frames().get(i).length() >>> PhysicalMemory.FRAME_SHIFT;
        }
        return sum;
    }

    /** A record for each range of memory that is the kernel's; where it lies is told to root only. */
    private long memoryMap(long index, boolean exact, TextWindow out) {
        if (index >= boot.frames().size()) {
            return Text.END;
        }
        PhysicalRange range = boot.frames().get((int) index);
        out.hex(exact ? range.start() : 0, ADDRESS_DIGITS).append('-');
        out.hex(exact ? range.end() - 1 : 0, ADDRESS_DIGITS).append(" : System RAM\n");
        return index + 1 < boot.frames().size() ? index + 1 : Text.END;
    }

    /** The two serial lines, and the two ports by which devices are found. */
    private static long ports(boolean exact, TextWindow out) {
        port(out, exact, 0x2f8, 0x2ff, "serial");
        port(out, exact, 0x3f8, 0x3ff, "serial");
        port(out, exact, 0xcf8, 0xcff, "PCI conf1");
        return Text.END;
    }

    private static void port(TextWindow out, boolean exact, int first, int last, String name) {
        out.hex(exact ? first : 0, 4).append('-').hex(exact ? last : 0, 4);
        out.append(" : ").append(name).append('\n');
    }
}
